"""Clean one document: every family one step, again until nothing changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from typing import cast

from cleaner import compiled
from cleaner.asking import Asked, plan_of
from cleaner.findings import Findings, Noted
from cleaner.line_marks import PROSE, marks, with_mark
from cleaner.literals import Literals
from cleaner.rule import ORDER, Look, Rule, RuleError
from cleaner.text import NOTHING, Change, Cleaned, Document, Drop, Edit, apply, is_sound
from cleaner.touched import lines_left, lines_made, lines_rewritten
from cleaner.trace import Piece, locate, trace

PASSES = 8
"""A changed document is passed again until nothing changes, this often at most; what would still change is withheld."""
LITTLE = 1000
"""Characters of a text that may be bare of prose; longer ones are not looked through for it."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A decision of the user: rule `code` must not change this. Without a quote it holds for the whole document.

    `start` is the offset of the quoted text in the raw text when the decision was taken.
    """

    code: str
    quote: str = ""
    start: int = -1

    def holds(self, raw: str, span: tuple[int, int]) -> bool:
        """Whether the decision is about this span of the raw text: it touches the place named, or the text moved."""
        if not self.quote:
            return True
        stands = raw[self.start : self.start + len(self.quote)] == self.quote
        if stands:
            return span[0] < self.start + len(self.quote) and self.start < max(span[1], span[0] + 1)
        return self.quote in raw[span[0] : span[1]]


def clean(document: Document, rules: Sequence[Rule], *, unsafe: bool = False, pins: Sequence[Pin] = ()) -> Cleaned:
    """Apply rules to one document and say what was done.

    `changes` are the edits that were made, in order; replayed on the document's text they give the new text. `findings`
    are what was seen in the new text and left. The result is a fixed point: cleaning it again changes nothing.

    Filters are no part of that: they read the repaired text once, one after the other, each what the one before it
    left, as the pipelines do whose filters they are. Filtering what was filtered may take more.
    """
    compiled.expect(len(document.text))
    result = _settled(document, tuple(rules), unsafe, pins)
    return _spared(document, result, tuple(rules), unsafe, pins) if _is_bare(result, rules) else result


def _is_bare(result: Cleaned, rules: Iterable[Rule]) -> bool:
    """Whether rules that guess took part in what left no prose in a text."""
    if len(result.document.text) > LITTLE or result.dropped or not result.changes:
        return False
    guessed = {rule.code for rule in rules if rule.guesses}
    if guessed.isdisjoint(change.code for change in result.changes):
        return False
    return not with_mark(marks(result.document.text), PROSE)


def _spared(document: Document, bare: Cleaned, rules: tuple[Rule, ...], unsafe: bool, pins: Sequence[Pin]) -> Cleaned:
    """The text as rules that do not guess leave it, if that has prose, and if cleaning it again would give the same."""
    known = _without_guesses(rules)
    spared = _settled(document, known, unsafe, pins)
    text = spared.document.text
    if not with_mark(marks(text), PROSE):
        return bare
    again = _settled(spared.document, rules, unsafe, pins)
    return spared if again.document.text == text or _is_bare(again, rules) else bare


@lru_cache(maxsize=64)
def _without_guesses(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The same rules, of which those that guess only report."""
    return tuple(replace(rule, safety="report") if rule.guesses else rule for rule in rules)


def _settled(document: Document, rules: tuple[Rule, ...], unsafe: bool, pins: Sequence[Pin]) -> Cleaned:
    """The text after as many passes as it takes."""
    run = _Run(document, rules, unsafe, pins)
    for number in range(PASSES):
        if run.one_pass(number):
            break
    else:
        run.frozen = True
        run.one_pass(PASSES)
    run.filter()
    return Cleaned(run.document, tuple(run.changes), run.findings, run.dropped)


class _Run:
    """The state of cleaning one document."""

    def __init__(self, document: Document, rules: tuple[Rule, ...], unsafe: bool, pins: Sequence[Pin]) -> None:
        self.raw = document.text
        self.document = document
        self.plan = plan_of(rules)
        self.unsafe = unsafe
        self.pins = pins
        self.changes: list[Change] = []
        self.findings = Findings()
        self.dropped: tuple[str, Drop] | None = None
        self.frozen = False
        self.awake = self.plan.literals.awake(self.raw)
        if document.known is not NOTHING:
            self.awake |= self.plan.learned
        self.settled = False
        """Whether this pass changed nothing that gives another rule anything to do."""
        self.moves = 0
        self.read: dict[str, tuple[int, list[Noted]]] = {}
        self.lines_made: list[str] = []
        """The lines that steps made of others, in order, but for those that only settling rules touched."""
        self.lines_written: list[str] = []
        """These too, and those that settling rules made of lines that a look saw: it must know them as they are now."""
        self.lines_read: dict[str, int] = {}
        """Of rules that judge line by line: how many of these lines there were when they read the text."""
        self.seen: dict[Look, tuple[int, Collection[str]]] = {}
        """Of looks the same, and the lines that they saw."""
        self.traced: tuple[int, tuple[Piece, ...]] = (-1, ())

    def one_pass(self, number: int) -> bool:
        """Let every family read the text once; true when no further pass is needed.

        `findings` are those of the last pass; they are carried along as later families change the text around them.
        """
        self.findings = Findings()
        self.settled = True
        for family in self.plan.families:
            step = number * len(ORDER) + family.place
            if family.name in self.read and self._has_read(*self.read[family.name]):
                self.findings.add(step, self.document.text, self.read[family.name][1])
            elif asked := family.asked(self.awake):
                self._one_step(family.name, asked, step)
            if self.dropped:
                return True
        return self.settled

    def filter(self) -> None:
        """Let every filter read the text once, in order; each is a step of its own behind all passes."""
        for step, family in enumerate(self.plan.filters, (PASSES + 1) * len(ORDER)):
            if self.dropped:
                return
            self._one_step(family.name, family.asked(self.awake), step)

    def _has_read(self, moves: int, found: Sequence[Noted]) -> bool:
        """Whether a family that found this after so many moves has read this text.

        But for what settling rules changed since without moving anything: such changes give no other rule anything to
        do, so it would find what it found then.
        """
        if moves != self.moves or self.frozen:
            return False
        size = len(self.document.text)
        return all(edit.end <= size for _, edit, _ in found)

    def _one_step(self, family: str, asked: Sequence[Asked], step: int) -> None:
        """Let the rules of a family that may have something to do read the text, and make their edits."""
        edits: list[tuple[str, Edit]] = []
        noted: list[Noted] = []
        for look, rules in asked:
            for rule in self._seen(look, rules) if look else rules:
                if rule.code in self.lines_read and self._has_read_all(rule):
                    continue
                left = len(noted)
                if found := self._said(rule, self.document):
                    self._weigh(rule, found, edits, noted)
                if rule.scope == "line" and left == len(noted):
                    self.lines_read[rule.code] = len(self.lines_made)
        self.read[family] = self.moves, noted
        self.findings.add(step, self.document.text, noted)
        if not self.dropped and edits:
            self._change(edits, step)

    def _change(self, edits: Sequence[tuple[str, Edit]], step: int) -> None:
        """Make the edits of a step, and keep what the next ones have to know of it."""
        text = self.document.text
        self.document, made, lost = apply(self.document, edits, step)
        codes = {change[0] for change in made}
        settling = not lost and self.plan.settling.issuperset(codes)
        self.settled = self.settled and settling
        self.moves += not (settling and stays(made, len(text)))
        self.findings.change(made, lost)
        self.changes += made
        if settling:
            if shown := set().union(*(lines for _, lines in self.seen.values())):
                shown.update(self.lines_written)
                self.lines_written += lines_rewritten(text, self.document.text, made, shown)
            return
        others = list(lines_made(text, self.document.text, made, () if lost else self.plan.settling))
        self.lines_made += others
        alike = lost or codes.isdisjoint(self.plan.settling)
        self.lines_written += others if alike else lines_made(text, self.document.text, made)
        if beside := around(self.document.text, made, self.plan.literals):
            self.awake |= self.plan.literals.awake(beside)

    def _seen(self, look: Look, rules: Sequence[Rule]) -> Sequence[Rule]:
        """Of the rules that share a look those that may find something in the text."""
        text = self.document.text
        try:
            if look not in self.seen:
                shown = look.lines(text)
            else:
                count, before = self.seen[look]
                made = "\n".join(self.lines_written[count:])
                shown = lines_left({*before, *(look.lines(made) if made else ())}, text)
            self.seen[look] = len(self.lines_written), shown
            if shown and look.names:
                names = look.names(text)
                return [rule for rule in rules if rule.name in names]
        except Exception as error:  # a rule is anybody's code; which one failed, and on what, must be known
            raise self._failed(rules[0], error) from error
        return rules if shown else ()

    def _has_read_all(self, rule: Rule) -> bool:
        """Whether a rule that judges line by line, and left nothing as a finding, would find nothing in the text.

        It has read the lines that stay as they were, and finds nothing in those that others touched since.
        """
        lines = "\n".join(self.lines_made[self.lines_read[rule.code] :])
        return not lines or not self._said(
            rule, Document(self.document.id, lines, self.document.meta, self.document.known)
        )

    def _said(self, rule: Rule, document: Document) -> list[Edit | Drop]:
        try:
            return list(rule.proposals(document))
        except Exception as error:  # as above
            raise self._failed(rule, error) from error

    def _failed(self, rule: Rule, error: Exception) -> RuleError:
        reason = f"{type(error).__name__}: {error}"
        return RuleError(f"{rule.code} {rule.name} failed on {self.document.id!r}: {reason}")

    def _weigh(
        self, rule: Rule, found: Sequence[Edit | Drop], edits: list[tuple[str, Edit]], noted: list[Noted]
    ) -> None:
        """Put what a rule proposes among the edits to be made, or among the findings."""
        code, size = rule.code, len(self.document.text)
        told = tell(found, size)
        if told and not self.pins and rule.safety == "report":
            noted += zip(repeat(code), cast("Sequence[Edit]", found), repeat(""))
            return
        if told >= SURE and not self.pins and not self.frozen and rule.safety == "safe":
            made = cast("Sequence[Edit]", found)
            if told == SURE:
                noted += [(code, edit, "") for edit in made if edit[2] is None]
                made = [edit for edit in made if edit[2] is not None]
            edits += zip(repeat(code), made)
            return
        report, asks = rule.safety == "report", rule.safety == "unsafe" and not self.unsafe
        for proposal in found:
            if not told and not is_proper(proposal, size):
                raise RuleError(f"{code} {rule.name} gave {proposal!r}: no Edit inside the text, nor a Drop")
            if isinstance(proposal, Drop):
                if not self.dropped and not self._kept(rule):
                    self.dropped = code, proposal
            elif self.pins and self._pinned(rule, proposal):
                continue
            elif report or proposal.after is None:
                noted.append((code, proposal, ""))
            elif asks or (proposal.doubtful and not self.unsafe):
                noted.append((code, proposal, "only with --unsafe-fixes"))
            elif self.frozen:
                noted.append((code, proposal, "withheld: it never settles"))
            else:
                edits.append((code, proposal))

    def _kept(self, rule: Rule) -> bool:
        return any(pin.code == rule.code and not pin.quote for pin in self.pins)

    def _pinned(self, rule: Rule, edit: Edit) -> bool:
        pins = [pin for pin in self.pins if pin.code == rule.code]
        if not pins:
            return False
        if self.traced[0] != len(self.changes):
            self.traced = len(self.changes), trace(self.raw, self.changes).pieces
        (span,) = locate(self.traced[1], [(edit.start, edit.end)])
        return any(pin.holds(self.raw, span) for pin in pins)


def stays(made: Sequence[Change], size: int) -> bool:
    """Whether changes of a text of some size leave all that they do not replace in its place."""
    return all(end == size or len(after or "") == end - start for _, _, start, end, _, after, _, _ in made)


PROPER, SURE, PLAIN = 1, 2, 3


def tell(found: Sequence[object], size: int) -> int:
    """Whether all that a rule gave are `PROPER` edits of a text of this size, else 0.

    Most rules give nothing else, and a page has hundreds: so their texts are looked at together, and each edit once.
    `SURE` says that none is doubtful, `PLAIN` that all of them are to be made.
    """
    texts: list[str] = []
    told = PLAIN
    for proposal in found:
        if type(proposal) is not Edit:
            return 0
        start, end, after, _, _, doubtful = proposal
        if type(start) is not int or type(end) is not int or not 0 <= start <= end <= size:
            return 0
        if doubtful:
            told = PROPER
        elif after is None and told == PLAIN:
            told = SURE
        if after is not None and type(after) is not str:
            return 0
        if after:
            texts.append(after)
    return told if not texts or is_sound("".join(texts)) else 0


def is_proper(proposal: object, size: int) -> bool:
    """Whether a rule gave what rules give: an edit inside a text of this size, with text in it, or a reasoned drop."""
    if isinstance(proposal, Edit):
        start, end, after, _, _, _ = proposal
        if type(start) is not int or type(end) is not int or not 0 <= start <= end <= size:
            return False
        return after is None or (isinstance(after, str) and is_sound(after))
    return isinstance(proposal, Drop) and isinstance(proposal.because, str) and isinstance(proposal.instead, str)


def around(text: str, made: Sequence[Change], literals: Literals) -> str:
    """What stands at and beside the changes that gave a text: where literals may stand that did not before.

    Where something was put in, only such as hold some of it; where whole lines went, such as reach over the end of one.
    """
    parts: list[str] = []
    reaches, across = literals.reach, literals.across.get
    least = literals.across[""]
    shift = 0
    joined = -1
    for _, _, start, end, _, after, _, _ in made:
        begin = until = start + shift
        if begin == joined and not after:
            shift = begin - end
            continue
        joined = -1 if after else begin
        if after:
            until += len(after)
            reach = reaches[after]
        elif (before := text[begin - 1 : begin]) == "\n":
            reach = across(text[begin - 2 : begin - 1], least)
        elif not before or text[begin : begin + 1] in ("", "\n"):
            reach = across(before, least)
        else:
            reach = literals.longest
        shift = until - end
        if reach:
            parts.append(text[max(0, begin - reach) : until + reach])
    return _APART.join(parts)


_APART = "\ue000"
"""A character of nobody's, so that what stands apart is not found together."""
