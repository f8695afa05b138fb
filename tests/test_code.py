"""What is taken for code, and what for prose."""

import pytest

from cleaner.code import is_about_code, is_code

CODE = [
    "if (a && b) { return c; }",
    "the `name` of it",
    "<b>bold</b>",
    "a_name",
    "x = 1",
    "call ( ) it",
    "run()",
    "git add --all",
    "ls -l of it",
    "-x",
    "cd / and on",
    "end of it/",
    "icu . Locale . getRoot",
    "It ran; set . name",
]
PROSE = [
    "",
    "The mayor (who was there) said so.",
    "A well-known man came - and went.",
    "They came and/or went, 24/7.",
    "They met in Brussels . It rained.",
    "He waited -- and waited.",
]


@pytest.mark.parametrize("line", CODE)
def test_code(line: str) -> None:
    assert is_code(line)


@pytest.mark.parametrize("line", PROSE)
def test_prose(line: str) -> None:
    assert not is_code(line)


def test_a_text_is_about_code_by_three_of_its_words_or_two_lines_of_it() -> None:
    assert is_about_code("Python and HTML and a compiler")
    assert is_about_code("We wrote\nint a;\nint b;\nand left")
    assert not is_about_code("The compiler of the dictionary wrote\nint a;\nfor all of us")
