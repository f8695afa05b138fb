"""What the commands share: options, messages, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from cleaner.profiles import PROFILES

Command = TypeVar("Command", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


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
            help="Only these rules or families; DEFAULT,... adds to the default.",
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


def example(text: str) -> str:
    """The epilog that shows how a command is used."""
    return "Example:\n\n\b\n  " + text.replace("\n", "\n  ")


def write_page(path: Path, page: str) -> None:
    """Write an HTML page whole or not at all. Raises CorpusError."""
    from cleaner.corpus import CorpusError, write_atomically

    if not path.name or (path.exists() and not path.is_file()):
        raise CorpusError(f"{path}: is no file that could be written")
    write_atomically(path, page.encode("utf-8"))
    say(f"wrote {path}: open it in a browser")


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int], None] | None]:
    """A live count of documents, only where a person is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    counted = TextColumn("{task.completed:,.0f} documents")
    columns = (SpinnerColumn(), TextColumn(title), counted, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda count: bar.advance(task, count)


def rule_names(folders: tuple[Path, ...] = ()) -> dict[str, str]:
    """The names of all rules by code."""
    from cleaner.rule import load

    return {rule.code: rule.name for rule in load(*folders)}
