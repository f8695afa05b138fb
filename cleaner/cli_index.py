"""The commands that ask and keep an index of what is already in the corpus."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli_options import PATH, Command, example, say
from cleaner.cli_progress import progress_bar

if TYPE_CHECKING:
    from cleaner.index import Index
    from cleaner.index_texts import Left

SHOWN = 5
"""Problems that are named; the others are counted."""


@click.group(
    "index", epilog=example("cleaner index build corpus.index clean/\ncleaner index query corpus.index new.txt")
)
def index_command() -> None:
    """Ask whether a text is already in the corpus, without reading the corpus.

    INDEX is a folder (one process writes to it, any number read), or a Redis server that a team shares:
    redis://HOST:PORT/NAME.
    """


def _source_options(command: Command) -> Command:
    options = (
        click.option("--prefix", default="", metavar="TEXT", help="Put this before every id, to tell sources apart."),
        click.option("--as-is", is_flag=True, help="Take the texts as they are; otherwise they are cleaned first."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@index_command.command(
    "build", short_help="Make an index of folders and files.", epilog=example("cleaner index build corpus.index clean/")
)
@click.argument("index")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@_source_options
def build_command(index: str, paths: tuple[Path, ...], **options: Any) -> None:
    """Make INDEX of all documents of PATHS (folders of .txt and .jsonl files, or such files).

    The result of a run is taken as it is, other texts are cleaned first. An index that is there already answers until
    the new one is complete.
    """
    from cleaner.index import Index

    with progress_bar("indexing") as advance:
        built = Index.build(index, paths, progress=advance, **options)
    _say_written(built)


@index_command.command(
    "add",
    short_help="Add folders and files to an index.",
    epilog=example("cleaner index add corpus.index clean/2026-11/"),
)
@click.argument("index")
@click.argument("paths", nargs=-1, required=True, type=PATH)
@_source_options
def add_command(index: str, paths: tuple[Path, ...], **options: Any) -> None:
    """Add the documents of PATHS to INDEX.

    A document is known by its id: for a text file its name below the folder given, for a record its id. One that the
    index has is passed over when nothing differs, else replaced, and removed when it has no text any more. Documents
    whose files are gone stay until they are removed or the index is built again.
    """
    from cleaner.index import Index

    opened = Index.open(index)
    with progress_bar("indexing") as advance:
        added = opened.add(paths, progress=advance, **options)
    _say_written(added)


@index_command.command(
    "remove",
    short_help="Remove documents from an index.",
    epilog=example("cleaner index remove corpus.index 2026-11/old.txt"),
)
@click.argument("index")
@click.argument("ids", nargs=-1, required=True)
def remove_command(index: str, ids: tuple[str, ...]) -> None:
    """Remove documents from INDEX, by their ids. Exits with 1 if none of them is there."""
    from cleaner.index import Index

    changed = Index.open(index).remove(ids)
    _say_written(changed)
    if not changed.added.removed:
        raise click.exceptions.Exit(1)


def _say_written(index: Index) -> None:
    counts = index.added
    done = ("added", counts.added), ("replaced", counts.replaced), ("unchanged", counts.unchanged)
    named = ", ".join(f"{name} {count:,}" for name, count in (*done, ("removed", counts.removed)) if count)
    say(f"{index.shown}: {index.facts()['documents']:,} documents ({named or 'nothing changed'})")
    _say_left(index.left)


def _say_left(left: Left) -> None:
    if left.counts:
        say("left out: " + ", ".join(f"{count:,} {why}" for why, count in sorted(left.counts.items())), err=True)
    for problem in left.problems[:SHOWN]:
        say(f"not read: {problem}", err=True)


@index_command.command(
    "query",
    short_help="Say which documents of the corpus some texts resemble.",
    epilog=example("cleaner index query corpus.index raw/new.txt"),
)
@click.argument("index")
@click.argument("paths", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for every match.")
@click.option("--as-is", is_flag=True, help="Take the texts as they are; otherwise they are cleaned first.")
@click.option("--others", is_flag=True, help="Pass over the document's own entry: one with its path or id.")
def query_command(index: str, paths: tuple[str, ...], **options: Any) -> None:
    """Say which documents of the corpus the texts in PATHS are copies or versions of. `-` is standard input.

    Copies and versions are told from both texts, where that of the corpus is still in its place; otherwise the
    similarity is estimated. Exits with 1 if there is a match, with 0 if there is none.
    """
    from cleaner.index import Index
    from cleaner.index_texts import Left, asked
    from cleaner.report.matches import matches

    opened = Index.open(index)
    left = Left()
    stdin = sys.stdin.buffer.read() if paths == ("-",) else b""
    sources = list(asked(paths, left, as_is=options["as_is"], stdin=stdin))
    skip = (lambda n, entry: sources[n].is_itself(entry)) if options["others"] else None
    known = 0
    for source, found in zip(sources, opened.query_all((s.text for s in sources), skip), strict=True):
        rows = [match.row() for match in found]
        known += bool(rows)
        if options["as_json"]:
            for row in rows:
                click.echo(json.dumps({"source": source.where} | row, ensure_ascii=True))
        elif rows:
            for line in matches(source.where, rows):
                click.echo(line)
    _say_left(left)
    if not options["as_json"]:
        say(f"asked about {len(sources):,}; in the corpus already, or like what is: {known:,}", err=True)
    if left.problems:
        raise click.exceptions.Exit(2)
    if known:
        raise click.exceptions.Exit(1)


@index_command.command(
    "info",
    short_help="Show what an index holds and how it was made.",
    epilog=example("cleaner index info corpus.index"),
)
@click.argument("index")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info_command(index: str, as_json: bool) -> None:
    """Show what INDEX holds and how it was made."""
    from cleaner.index import Index

    facts = Index.open(index).facts()
    if as_json:
        click.echo(json.dumps(facts))
        return
    say(f"documents: {facts['documents']:,}")
    if "bytes" in facts:
        each = f", {facts['bytes'] / facts['documents']:,.0f} for a document" if facts["documents"] else ""
        say(f"bytes: {facts['bytes']:,}{each}")
        say(f"segments: {', '.join(f'{rows:,}' for rows in facts['segments']) or 'none'}")
    for source in facts["sources"][:SHOWN]:
        say(f"source: {source}")
    if len(facts["sources"]) > SHOWN:
        say(f"and {len(facts['sources']) - SHOWN:,} more sources")
    for name, value in facts["parameters"].items():
        say(f"{name}: {value}")


@index_command.command(
    "export",
    short_help="Write the signatures for datasketch.",
    epilog=example("cleaner index export corpus.index signatures.jsonl"),
)
@click.argument("index")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def export_command(index: str, file: Path) -> None:
    """Write the signatures of INDEX to FILE (`-`: standard output) for datasketch, a line of JSON for each.

    "minhash" is base64 of what LeanMinHash.deserialize(data, "<") reads. For a MinHashLSH of all documents call
    cleaner.index.Index.open(INDEX).lsh() in Python.
    """
    from cleaner.corpus import CorpusError, write_atomically
    from cleaner.index import Index

    lines = Index.open(index).export()
    if str(file) == "-":
        for line in lines:
            click.echo(line)
        return
    if not file.name or file.is_dir() or not file.parent.is_dir():
        raise CorpusError(f"{file}: is a folder, or lies in none; name a file in a folder that is there")
    count = 0

    def rows() -> Iterator[bytes]:
        nonlocal count
        for line in lines:
            count += 1
            yield f"{line}\n".encode("ascii")

    write_atomically(file, rows())
    say(f"{file}: {count:,} signatures")
