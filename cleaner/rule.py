"""What a rule is, the order of the families, and how rules are found and selected."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import module_from_spec, spec_from_file_location
from inspect import cleandoc
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from cleaner.text import NOTHING, Document, Drop, Edit, Known

Find = Callable[..., Iterator[Edit] | Iterator[Drop] | Iterator[Edit | Drop]]
"""Called with a document, and with its thresholds where the rule declares some."""
Safety = Literal["safe", "unsafe", "report", "filter"]
Scope = Literal["document", "line"]
Thresholds = Mapping[str, float]

ORDER = ("ENC", "SPC", "MET", "BOI", "SUB", "PUN", "REP", "LNG", "QLT", "PII", "DUP", "LAY")
"""The families in the order in which they clean; each is one step and reads what the one before it left."""

FAMILIES = {
    "ENC": "encoding damage",
    "SPC": "spaces and invisible characters",
    "MET": "metadata in the text",
    "BOI": "boilerplate",
    "SUB": "blind substitutions",
    "PUN": "punctuation and letters",
    "REP": "repetition inside a document",
    "LNG": "language",
    "QLT": "quality",
    "PII": "privacy",
    "DUP": "duplicates across documents",
    "LAY": "layout",
}

MECHANICAL = ("SPC", "LAY", "PUN001", "PUN002", "ENC003", "ENC004", "ENC006", "ENC007")
"""Families and rules whose many small edits are shown as a count unless somebody asks for them."""

MOST = 10**12
"""The largest threshold: no count of a document comes near, and every one is a whole number to a float."""


class Look(NamedTuple):
    """What must be seen in a text before some rules can find anything, told by functions of texts.

    `lines` gives the lines without one of which they find nothing; it judges each line alone, so that a text of which
    only a few lines are others than before need not be looked at whole. `names` gives the names of those of the rules
    that have something to find; without it, each says itself.
    """

    lines: Callable[[str], Collection[str]]
    names: Callable[[str], Container[str]] | None = None


_CODE = re.compile(r"([A-Z]{3})(\d{3})")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule as registered. `fixes` maps damaged text to repaired text, `drops` are texts left out, `keeps` must stay.

    A `corpus` rule proposes nothing for a document alone: it is decided over all documents of a run. A rule that
    `settles` gives no other rule anything to do: when only such rules changed a text, it needs no further pass.
    A rule that is no `default` works only where a selector other than DEFAULT means it. A rule that states `needs`
    finds nothing in a text in which none of these strings stands, and is not asked about it; nor is one whose `look`,
    which several rules may share, sees nothing for it. One that gives an example of what is `known` of a source is
    asked only where something is. What a rule of the scope "line" says of a text is what it says of each line alone; it
    is not asked again about lines that it has read. A filter repairs nothing: it says what is
    worth keeping, by its `thresholds`, after all repairs; it is never a default. A rule that `guesses` goes by looks,
    not by what it knows: where it would leave a text bare of prose, it only reports.
    """

    code: str
    name: str
    doc: str
    find: Find
    fixes: Mapping[str, str]
    keeps: Sequence[str] = field(default=())
    safety: Safety = "safe"
    corpus: bool = False
    settles: bool = False
    default: bool = True
    needs: tuple[str, ...] = ()
    look: Look | None = None
    scope: Scope = "document"
    guesses: bool = False
    drops: Sequence[str] = field(default=())
    thresholds: Thresholds = field(default_factory=dict)

    known: Known = NOTHING

    def proposals(self, document: Document) -> Iterator[Edit] | Iterator[Drop] | Iterator[Edit | Drop]:
        """What the rule says of a document."""
        return self.find(document, self.thresholds) if self.thresholds else self.find(document)

    @property
    def family(self) -> str:
        """The three letters before the number."""
        return self.code[:3]

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return self.doc.partition("\n")[0]


RULES: dict[str, Rule] = {}
_FOLDERS: set[Path] = set()


class RuleError(ValueError):
    """A rule or a selection of rules that cannot be used, with the reason in words for its user."""


def rule(
    code: str,
    name: str,
    *,
    fixes: Mapping[str, str],
    keeps: Sequence[str] = (),
    safety: Safety = "safe",
    corpus: bool = False,
    settles: bool = False,
    default: bool = True,
    needs: Iterable[str] = (),
    look: Look | None = None,
    scope: Scope = "document",
    guesses: bool = False,
    drops: Sequence[str] = (),
    thresholds: Thresholds | None = None,
    known: Known = NOTHING,
) -> Callable[[Find], Find]:
    """Register a generator of edits under a code and a name. Raises RuleError on a bad or taken code or name."""

    def register(find: Find) -> Find:
        written = _CODE.fullmatch(code)
        if not written or written[1] not in ORDER:
            raise RuleError(f"{code!r} is not a rule code: three letters of {', '.join(ORDER)} and three digits")
        if safety not in get_args(Safety):
            raise RuleError(f"{code}: safety is {safety!r}, not one of {', '.join(get_args(Safety))}")
        if scope not in get_args(Scope):
            raise RuleError(f"{code}: scope is {scope!r}, not one of {', '.join(get_args(Scope))}")
        if not _NAME.fullmatch(name):
            raise RuleError(f"{code}: the name {name!r} is not lower-case words joined by hyphens")
        if isinstance(needs, str) or not all(needs):
            raise RuleError(f"{code}: needs is {needs!r}, not several strings with something in them")
        taken = [r.code for r in RULES.values() if r.name == name or r.code == code]
        if taken:
            raise RuleError(f"{code} {name}: code or name is taken by {taken[0]} {RULES[taken[0]].name}")
        doc = cleandoc(find.__doc__ or "")
        on = default and safety != "filter"
        limits = dict(thresholds or {})
        RULES[code] = Rule(
            code,
            name,
            doc,
            find,
            fixes,
            keeps,
            safety,
            corpus,
            settles,
            on,
            tuple(needs),
            look,
            scope,
            guesses,
            drops,
            limits,
            known,
        )
        return find

    return register


def bundled() -> Path:
    """The folder of the rules that come with the package: beside it in a checkout, inside it in a wheel."""
    here = Path(__file__).parent
    return next(folder for folder in (here / "rules", here.parent / "rules") if folder.is_dir())


def load(*folders: Path) -> list[Rule]:
    """Import every rule file of the bundled folder and of `folders`, once, and return all rules in order.

    A rule file is code: a folder is loaded only because somebody named it. Raises RuleError if one cannot be read.
    """
    for number, folder in enumerate((bundled(), *folders)):
        path = folder.resolve()
        if path in _FOLDERS:
            continue
        files = sorted(path.glob("[!_]*.py"))
        if not files:
            raise RuleError(f"{folder}: no rule files (*.py) in this folder")
        for file in files:
            _execute(file, "cleaner.rules" if number == 0 else f"cleaner.rules.user{len(_FOLDERS)}")
        _FOLDERS.add(path)
    return sorted(RULES.values(), key=lambda r: (ORDER.index(r.family), r.code))


def _execute(file: Path, package: str) -> None:
    name = f"{package}.{file.stem}"
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise RuleError(f"{file}: cannot be loaded as a rule file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except RuleError as error:
        raise RuleError(f"{file}: {error}") from error
    except (Exception, SystemExit) as error:  # whatever somebody's file does, it is that file's fault
        raise RuleError(f"{file}: is not a rule file that works: {type(error).__name__}: {error}") from error


def is_mechanical(code: str) -> bool:
    """Whether a rule makes small repairs of characters and spaces, which a report folds into a count."""
    return code.startswith(MECHANICAL)


def matches(selector: str, item: Rule) -> bool:
    """Whether a selector means this rule: DEFAULT, ALL, a family (SUB), the start of a code (SUB0), a code, or a name.

    DEFAULT is every rule that is not off by default; ALL is every rule but the filters. They leave out whole documents,
    so they work only where they are named: by code, name, family or profile.
    """
    if selector in ("ALL", "DEFAULT"):
        return item.default or (selector == "ALL" and item.safety != "filter")
    return item.code.startswith(selector.upper()) or item.name == selector


def select(rules: Iterable[Rule], chosen: Sequence[str] = ("DEFAULT",), ignored: Sequence[str] = ()) -> list[Rule]:
    """The rules that are chosen and not ignored, in order; to ignore ALL is to ignore filters too.

    Raises RuleError on a selector that means no rule.
    """
    known = list(rules)
    for selector in (*chosen, *ignored):
        if not selector or not (selector.upper() in ORDER or any(matches(selector, r) for r in known)):
            raise RuleError(f"no rule matches {selector!r}; `cleaner rules` lists them{_suggestion(selector, known)}")
    if "ALL" in ignored:
        return []
    return [r for r in known if any(matches(s, r) for s in chosen) and not any(matches(s, r) for s in ignored)]


def configured(rules: Iterable[Rule], settings: Mapping[str, Thresholds]) -> list[Rule]:
    """The rules with the thresholds that the settings give, by code or name.

    Raises RuleError on a rule or a threshold that does not exist, and on a value of another kind.
    """
    known = list(rules)
    given: dict[str, Thresholds] = {}
    for key, values in settings.items():
        item = next((r for r in known if key in (r.code, r.name)), None)
        if item is None:
            raise RuleError(f"thresholds: {key!r} is no rule; `cleaner rules` lists them{_suggestion(key, known)}")
        for name, value in values.items():
            _check_threshold(item, name, value)
        given[item.code] = {**given.get(item.code, {}), **values}
    return [replace(r, thresholds={**r.thresholds, **given[r.code]}) if r.code in given else r for r in known]


def _check_threshold(item: Rule, name: str, value: float) -> None:
    if name not in item.thresholds:
        has = f"it has {', '.join(item.thresholds)}" if item.thresholds else "it has none"
        near = _near(name, item.thresholds)
        raise RuleError(f"thresholds: {item.code} {item.name} has no threshold {name!r}; {has}{near}")
    if type(value) not in (int, float) or not 0 <= value <= MOST:
        raise RuleError(f"thresholds: {item.code}.{name} = {value!r}: must be a number from 0 to {MOST:,}")


def _suggestion(selector: str, rules: Sequence[Rule]) -> str:
    return _near(selector, [r.code for r in rules] + [r.name for r in rules] + list(ORDER))


def _near(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    return f" (did you mean {near[0]}?)" if near else ""
