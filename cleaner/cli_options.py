"""What the commands share: options and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from cleaner.profiles import PROFILES

Command = TypeVar("Command", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


class Source(click.Path):
    """A path, or the address of something in a store, which is then fetched and gone when the command ends."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path on this disk. Raises CorpusError."""
        if not isinstance(value, str) or "://" not in value:
            return super().convert(value, param, ctx)
        from tempfile import TemporaryDirectory

        from cleaner.mirror import Mirror

        folder = TemporaryDirectory(prefix="cleaner-")
        if ctx is not None:
            ctx.find_root().call_on_close(folder.cleanup)
        return Mirror(value, Path(folder.name) / "fetched").fetch()


SOURCE = Source()


class Share(click.FloatRange):
    """A number above 0, up to 1. FloatRange alone lets "nan" pass."""

    def __init__(self) -> None:
        super().__init__(0, 1, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or a usage error."""
        number = float(super().convert(value, param, ctx))
        if number != number:  # noqa: PLR0124  only nan is not itself
            self.fail("nan is no share", param, ctx)
        return number


def say(text: str, *, err: bool = False) -> None:
    """Print a line that may hold names and ids from outside: none of them can act on the terminal or begin a line."""
    from cleaner.report.terminal import one_line

    click.echo(one_line(text), err=err)


@contextmanager
def each_file(failed: list[str]) -> Iterator[None]:
    """Let one file fail and the others go on; the command then exits with 2."""
    from cleaner.corpus import CorpusError

    try:
        yield
    except CorpusError as error:
        failed.append(str(error))
        say(f"cleaner: {error}", err=True)


def split_codes(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """`--select SUB,BOI001` and repeated options give one list."""
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


def rule_options(command: Command) -> Command:
    """The options that choose rules, the same for every command."""
    options = (
        click.option(
            "--select",
            multiple=True,
            callback=split_codes,
            metavar="CODES",
            help="Only these rules or families; DEFAULT,... adds to the default; ALL is all but the filters (QLT).",
        ),
        click.option(
            "--profile",
            type=click.Choice(list(PROFILES)),
            metavar="NAME",
            help=f"Filters of a web pipeline, for whole documents and lines: {', '.join(PROFILES)}.",
        ),
        click.option("--ignore", multiple=True, callback=split_codes, metavar="CODES", help="All but these."),
        click.option("--unsafe-fixes", is_flag=True, default=None, help="Also make changes that may be wrong."),
        click.option(
            "--rules", "folders", multiple=True, type=PATH, metavar="FOLDER", help="Load rule files of your own."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


FIELD_KEYS = ("text_field", "id_field", "source_field")


def field_options(command: Command) -> Command:
    """The options that name the fields of records, the same for every command that reads a corpus."""
    for key, what in (("source", "its source"), ("id", "its id"), ("text", "the text of a document")):
        help_text = f"The field of records that holds {what}; the usual names are found without it."
        command = click.option(f"--{key}-field", metavar="NAME", help=help_text)(command)
    return command


def example(text: str) -> str:
    """The epilog that shows how a command is used."""
    return "Example:\n\n\b\n  " + text.replace("\n", "\n  ")


def write_page(path: Path, page: str) -> None:
    """Write an HTML page whole or not at all; a file that is no page is not written over. Raises CorpusError."""
    from cleaner.corpus import CorpusError, write_atomically

    if not path.name or (path.exists() and not path.is_file()):
        raise CorpusError(f"{path}: is no file that could be written")
    if path.exists():
        with path.open("rb") as file:
            if not file.read(15).lower().startswith((b"<!doctype html", b"<html")) and path.stat().st_size:
                raise CorpusError(f"{path}: is there already and is no HTML page; name another file")
    write_atomically(path, page.encode("utf-8"))
    say(f"wrote {path}: open it in a browser")


def cores() -> int:
    """The cores that this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def rule_names(folders: tuple[Path, ...] = ()) -> dict[str, str]:
    """The names of all rules by code."""
    from cleaner.rule import load

    return {rule.code: rule.name for rule in load(*folders)}
