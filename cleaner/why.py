"""Two documents of a corpus with all the evidence for and against their being copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleaner.config import Config
from cleaner.corpus import CorpusError, Inputs, read, unique
from cleaner.job import Job, clean_record

if TYPE_CHECKING:
    from cleaner.duplicates.wording import Text

Sides = tuple[list[str], list[str]]
"""What only the one and what only the other text has, sorted."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Two documents, compared: a row of duplicates.jsonl for each that may go for the other, and what differs."""

    one: str
    other: str
    rows: tuple[dict[str, Any], dict[str, Any]]
    numbers: Sides
    names: Sides
    alike: bool
    """Whether they share enough to be found at all."""


def weighed(inputs: Inputs, config: Config, one: str, other: str) -> Weighed:
    """The evidence about two documents after cleaning. Raises CorpusError on an unknown id, or twice the same."""
    from cleaner.duplicates.beside import is_found
    from cleaner.duplicates.cluster import weigh

    if one == other:
        raise CorpusError(f"{one!r} and itself: name two documents")
    texts = _texts(inputs, config, (one, other))
    pairs = ((one, other), (other, one))
    rows = [weigh(left, right, texts[left], texts[right]).row() for left, right in pairs]
    numbers = [sorted(texts[left].numbers - texts[right].numbers) for left, right in pairs]
    names = [_names(texts[left], texts[right]) for left, right in pairs]
    alike = is_found(rows[0]["shingles"][0], *(len(texts[key].shingles()) for key in (one, other)))
    return Weighed(one, other, (rows[0], rows[1]), (numbers[0], numbers[1]), (names[0], names[1]), alike)


def _texts(inputs: Inputs, config: Config, ids: tuple[str, str]) -> dict[str, Text]:
    from cleaner.duplicates.wording import Text

    job = Job(config, inputs.root)
    texts: dict[str, Text] = {}
    for record in unique(record for path in inputs.files for record in read(inputs.root, path, config.fields())):
        if record.id in ids:
            if record.problem:
                raise CorpusError(f"{inputs.root / record.where}: {record.problem}")
            texts[record.id] = Text(clean_record(job, record).document.text)
    for key in ids:
        if key not in texts:
            where = inputs.root
            raise CorpusError(
                f"{where}: holds no document with the id {key!r}; a text file's id is its name below {where}"
            )
    return texts


def _names(text: Text, other: Text) -> list[str]:
    """The capitalised words of a text that the other one does not have, as written."""
    from cleaner.duplicates.verify import is_name
    from cleaner.duplicates.wording import Word
    from cleaner.segment import fold

    words = [Word(key, start, end) for key, (start, end) in zip(text.keys, text.spans, strict=True)]
    written = {text.quote([word]) for word in words if is_name(word, text)}
    return sorted(said for said in written if fold(said) not in other.vocabulary)
