"""What spares a document questions: each shortcut finds what asking all rules about all of the text would find."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.cleaning import are_edits, around, is_proper
from cleaner.literals import Literals
from cleaner.text import Document, Drop, Edit, apply

STRINGS = {"dash": ["-\na", "-\nb"], "mark": ["’", "b’a"], "word": ["ab", "bab-"], "wide": ["\U0001d173a"]}
TEXT = st.text(alphabet="ab-\n’\U0001d173", max_size=14)


@settings(max_examples=500, deadline=None)
@given(TEXT, st.lists(st.tuples(st.integers(0, 14), st.integers(0, 4), st.text("ab-’\n", max_size=2)), max_size=4))
@example("a-\nxx\nb", [(3, 3, "")])
@example("bxa", [(1, 1, "’")])
def test_strings_that_changes_bring_are_found_beside_them(text: str, spans: list[tuple[int, int, str]]) -> None:
    literals = Literals(STRINGS)
    within = [(min(start, len(text)), min(start + size, len(text)), after) for start, size, after in spans]
    document, made, _ = apply(Document("", text), [("A", Edit(*span)) for span in within], 0)
    assert literals.awake(document.text) <= literals.awake(text) | literals.awake(around(document.text, made, literals))


WHOLE = st.one_of(st.integers(-1, 6), st.booleans(), st.none())
PROPOSALS = st.one_of(
    st.builds(Edit, st.integers(0, 5), st.integers(0, 5), st.one_of(st.none(), st.text(max_size=2))),
    st.builds(Edit, WHOLE, WHOLE, st.sampled_from(["a", "é", "\ud800", 1, None])),  # type: ignore[arg-type]
    st.just(Drop("")),
    st.just("no proposal"),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PROPOSALS, min_size=1, max_size=3))
def test_what_is_proper_at_once_is_proper_one_by_one(found: list[object]) -> None:
    one_by_one = all(is_proper(proposal, 5) for proposal in found)
    if are_edits(found, 5):
        assert one_by_one
    elif one_by_one:
        assert any(isinstance(proposal, Drop) or not (proposal[2] or "").isascii() for proposal in found)  # type: ignore[index]
