"""Clean one document: every family one step, again until nothing changes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby

from cleaner import compiled
from cleaner.literals import Literals
from cleaner.rule import ORDER, Rule, RuleError
from cleaner.text import Change, Cleaned, Document, Drop, Edit, apply, sign
from cleaner.trace import Piece, locate, trace

PASSES = 8
"""A changed document is passed again until nothing changes, this often at most; what would still change is withheld."""


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
    run = _Run(document, rules, unsafe, pins)
    for number in range(PASSES):
        if run.one_pass(number):
            break
    else:
        run.frozen = True
        run.one_pass(PASSES)
    run.filter()
    return Cleaned(run.document, tuple(run.changes), tuple(run.findings), run.dropped)


@lru_cache(maxsize=64)
def literals_of(rules: tuple[Rule, ...]) -> Literals:
    """What these rules need, for one pass over a text."""
    return Literals({rule.code: rule.needs for rule in rules})


class _Run:
    """The state of cleaning one document."""

    def __init__(self, document: Document, rules: Sequence[Rule], unsafe: bool, pins: Sequence[Pin]) -> None:
        self.raw = document.text
        self.document = document
        self.literals = literals_of(tuple(rules))
        repairs = (rule for rule in rules if rule.safety != "filter")
        self.families = [list(group) for _, group in groupby(repairs, key=lambda r: r.family)]
        self.filters = [rule for rule in rules if rule.safety == "filter"]
        self.settling = {rule.code for rule in rules if rule.settles}
        self.unsafe = unsafe
        self.pins = pins
        self.changes: list[Change] = []
        self.findings: list[Change] = []
        self.dropped: tuple[str, Drop] | None = None
        self.frozen = False
        self.awake = self.literals.awake(self.raw)
        self.traced: tuple[int, tuple[Piece, ...]] = (-1, ())

    def one_pass(self, number: int) -> bool:
        """Let every family read the text once; true when no further pass is needed.

        `findings` are those of the last pass; they are carried along as later families change the text around them.
        """
        self.findings = []
        first = len(self.changes)
        for family in self.families:
            self._one_step(family, number * len(ORDER) + ORDER.index(family[0].family))
            if self.dropped:
                return True
        return all(change.code in self.settling for change in self.changes[first:])

    def filter(self) -> None:
        """Let every filter read the text once, in order; each is a step of its own behind all passes."""
        for step, rule in enumerate(self.filters, (PASSES + 1) * len(ORDER)):
            if self.dropped:
                return
            self._one_step([rule], step)

    def _one_step(self, family: Sequence[Rule], step: int) -> None:
        edits: list[tuple[str, Edit]] = []
        for rule in self._asked(family):
            for proposal in self._found(rule):
                if isinstance(proposal, Drop):
                    if not self.dropped and not self._kept(rule):
                        self.dropped = rule.code, proposal
                elif not self.pins or not self._pinned(rule, proposal):
                    self._weigh(rule, proposal, step, edits)
        if not self.dropped and edits:
            self.document, made, lost = apply(self.document, edits, step)
            self.findings = [*carried(self.findings, made), *lost]
            self.changes += made
            self.awake |= self.literals.awake(around(self.document.text, made, self.literals.longest))

    def _asked(self, family: Sequence[Rule]) -> list[Rule]:
        """The rules of a family that may have something to do."""
        return [rule for rule in family if not rule.needs or rule.code in self.awake]

    def _found(self, rule: Rule) -> list[Edit | Drop]:
        try:
            found = list(rule.proposals(self.document))
        except Exception as error:  # a rule is anybody's code; which one failed, and on what, must be known
            reason = f"{type(error).__name__}: {error}"
            raise RuleError(f"{rule.code} {rule.name} failed on {self.document.id!r}: {reason}") from error
        for proposal in found:
            if not is_proper(proposal, self.document.text):
                raise RuleError(f"{rule.code} {rule.name} gave {proposal!r}: no Edit inside the text, nor a Drop")
        return found

    def _weigh(self, rule: Rule, edit: Edit, step: int, edits: list[tuple[str, Edit]]) -> None:
        """Put an edit among those to be made, or among the findings."""
        if edit.after is None or rule.safety == "report":
            note = ""
        elif (edit.doubtful or rule.safety == "unsafe") and not self.unsafe:
            note = "only with --unsafe-fixes"
        elif self.frozen:
            note = "withheld: it never settles"
        else:
            edits.append((rule.code, edit))
            return
        found = sign(rule.code, edit, step, self.document.text)
        self.findings.append(found._replace(because=_joined(found.because, note)) if note else found)

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


def is_proper(proposal: object, text: str) -> bool:
    """Whether a rule gave what rules give: an edit inside the text, with text in it, or a drop with its reason."""
    if isinstance(proposal, Drop):
        return isinstance(proposal.because, str) and isinstance(proposal.instead, str)
    if not isinstance(proposal, Edit) or type(proposal.start) is not int or type(proposal.end) is not int:
        return False
    if proposal.after is not None and not isinstance(proposal.after, str):
        return False
    whole = not proposal.after or proposal.after.isascii() or not _LONE.search(proposal.after)
    return whole and 0 <= proposal.start <= proposal.end <= len(text)


_LONE = re.compile("[\ud800-\udfff]")


def carried(findings: Sequence[Change], made: Sequence[Change]) -> list[Change]:
    """Findings at their places after the changes of one step, which they were found before."""
    if not made:
        return list(findings)
    starts = [change.start for change in made]
    shifts = list(accumulate(len(c.after or "") - len(c.before) for c in made))

    def after(position: int) -> int:
        n = bisect_right(starts, position) - 1
        if n < 0:
            return position
        change = made[n]
        if position >= change.end:
            return position + shifts[n]
        before = shifts[n - 1] if n else 0
        return change.start + before + min(position - change.start, len(change.after or ""))

    return [
        Change(code, step, after(start), max(after(start), after(end)), before, new, because, facts)
        for code, step, start, end, before, new, because, facts in findings
    ]


def around(text: str, made: Sequence[Change], reach: int) -> str:
    """What stands at and beside the changes that gave a text: where strings may stand that did not before."""
    parts: list[str] = []
    shift = 0
    for change in made:
        start = change.start + shift
        end = start + len(change.after or "")
        parts.append(text[max(0, start - reach) : end + reach])
        shift = end - change.end
    return _APART.join(parts)


_APART = "\ue000"
"""A character of nobody's, so that what stands apart is not found together."""


def _joined(because: str, note: str) -> str:
    return f"{because}; {note}" if because else note
