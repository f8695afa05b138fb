"""Clean text corpora; every change has a rule, a reason, a diff and an undo.

>>> import cleaner
>>> cleaner.clean("He stood once morest the wall .").text
'He stood against the wall.'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.text import Change

__version__ = "0.1.0"
__all__ = ["Result", "clean"]


@dataclass(frozen=True, slots=True)
class Result:
    """What cleaning made of a text. `dropped` is the reason when nothing of it should be kept, else empty."""

    text: str
    changes: tuple[Change, ...]
    findings: tuple[Change, ...]
    metadata: Mapping[str, str | list[str]]
    dropped: str = ""


def clean(
    text: str,
    *,
    select: Sequence[str] = ("DEFAULT",),
    ignore: Sequence[str] = (),
    unsafe_fixes: bool = False,
) -> Result:
    """Clean one text by the rules selected. Configuration files are not read.

    Raises TypeError for anything that is not a string, UnicodeEncodeError for one that holds lone surrogates, and
    cleaner.rule.RuleError for a selector that means no rule.
    """
    from cleaner.cleaning import clean as cleaned
    from cleaner.rule import load
    from cleaner.rule import select as selected
    from cleaner.text import Document, collect

    if not isinstance(text, str):
        raise TypeError(f"clean() takes a string, not {type(text).__name__}; decode bytes first")
    text.encode("utf-8")  # lone surrogates are no text; nothing that follows could write them
    made = cleaned(Document("", text), selected(load(), select, ignore), unsafe=unsafe_fixes)
    dropped = made.dropped[1].because if made.dropped else ""
    return Result(made.document.text, made.changes, tuple(made.findings), collect(made.changes), dropped)
