"""The commands that work on files where they lie: check, fix, forget, keep."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from cleaner.cli_options import FIELD_KEYS, PATH, each_file, example, field_options, rule_names, rule_options, say


@click.command("check", epilog=example("cleaner check raw/\ncat article.txt | cleaner check -"))
@click.argument("paths", nargs=-1, required=True)
@rule_options
@field_options
@click.option("--output-format", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="A line for every small repair too (quotes, spaces).")
@click.option("--write-baseline", is_flag=True, help="Accept what is found now; later only new findings fail.")
def check_command(paths: tuple[str, ...], folders: tuple[Path, ...], **options: Any) -> None:
    """Report what the rules would change or have seen in PATHS. Exits with 1 if there is anything."""
    from cleaner import baseline
    from cleaner.config import shown
    from cleaner.inplace import check_records, files_of, job_for, read_records
    from cleaner.job import document_name
    from cleaner.report import machine
    from cleaner.trace import Place

    found: list[Place] = []
    known: dict[Path, Any] = {}
    by_root: dict[Path, tuple[set[str], list[Place]]] = {}
    broken = False
    failed: list[str] = []
    for path in files_of_or_stdin(paths, files_of):
        with each_file(failed):
            job = job_for(path, folders, _given(options))
            items = _stdin_records() if str(path) == "-" else read_records(path, job.config.fields())
            broken = _say_problems(path, items) or broken
            places, _ = check_records(job, str(path), items)
            root = job.config.root
            checked, listed = by_root.setdefault(root, (set(), []))
            checked |= {document_name(job.root, job.config, item) for item in items}
            listed += places
            if not options["write_baseline"]:
                known.setdefault(root, baseline.read(root))
                places, known[root] = baseline.subtract(places, known[root])
            found += places
    if options["write_baseline"]:
        for root, (checked, listed) in by_root.items():
            written, number = baseline.write(root, checked, listed)
            say(f"{shown(written)}: accepted what is found now ({number:,})")
        return
    names = rule_names(folders)
    if options["output_format"] == "json":
        click.echo(machine.as_json(found, names))
    else:
        as_text = machine.as_text(found, names, everything=options["everything"])
        for line in machine.as_github(found, names) if options["output_format"] == "github" else as_text:
            click.echo(line)
        if found and options["output_format"] == "text":
            fixable = sum(place.made for place in found)
            say(f"findings: {len(found):,}, of which `cleaner fix` would change {fixable:,}", err=True)
    if failed or found or broken:
        raise click.exceptions.Exit(2 if failed else 1)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {key: options[key] for key in ("select", "ignore", "unsafe_fixes", "profile", *FIELD_KEYS)}


def files_of_or_stdin(paths: tuple[str, ...], files_of: Callable[..., Iterator[Path]]) -> Iterator[Path]:
    """The files that paths mean, where `-` alone is standard input."""
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` (standard input) goes alone")
    yield from (Path("-"),) if paths == ("-",) else files_of(paths)


def _stdin_records() -> list[Any]:
    from cleaner.corpus import CorpusError, document

    if sys.stdin is None:
        raise CorpusError("standard input: is closed")
    found = [document("-", sys.stdin.buffer.read())]
    if found[0].problem:
        raise CorpusError(f"standard input: {found[0].problem}")
    return found


def _say_problems(path: Path, items: list[Any]) -> bool:
    """Tell of records that cannot be read; true if there are any."""
    for item in items:
        if item.problem:
            say(f"{path}:{item.line}: not read: {item.problem}", err=True)
    return any(item.problem for item in items)


@click.command("fix", epilog=example("cleaner fix raw/new.txt\ncleaner fix - < article.txt > clean.txt"))
@click.argument("paths", nargs=-1, required=True)
@rule_options
@field_options
@click.option("--changes-only", is_flag=True, help="Exit with 0 when nothing was changed, whatever is only reported.")
def fix_command(paths: tuple[str, ...], folders: tuple[Path, ...], **options: Any) -> None:
    """Make the changes in PATHS, in place. `cleaner undo PATHS` takes them back until `cleaner forget`.

    With `-`, reads standard input and writes standard output. Exits with 1 if it changed or saw anything.
    """
    from cleaner.corpus import read_bytes
    from cleaner.inplace import check_records, files_of, fixed, job_for, originals_of, read_records, replace_file

    any_change = any_finding = False
    failed: list[str] = []
    for path in files_of_or_stdin(paths, files_of):
        with each_file(failed):
            job = job_for(path, folders, _given(options))
            stdin = str(path) == "-"
            items = _stdin_records() if stdin else read_records(path, job.config.fields())
            any_finding = _say_problems(path, items) or any_finding
            places, results = check_records(job, str(path), items)
            data = items[0].raw if stdin and items else b"" if stdin else read_bytes(path)
            after = fixed(str(path), data, items, results)
            any_finding = any_finding or bool(places)
            if stdin:
                sys.stdout.buffer.write(after)
            elif after != data:
                replace_file(originals_of(path, job.config), path, data, after)
                count = sum(place.made for place in places)
                say(f"fixed {path}: {count:,} change{'' if count == 1 else 's'}")
            elif any(place.made for place in places):
                say(f"{path}: nothing would remain; left as it is", err=True)
            any_change = any_change or after != data
    if failed or any_change or (any_finding and not options["changes_only"]):
        raise click.exceptions.Exit(2 if failed else 1)


@click.command("forget", epilog=example("cleaner forget raw/new.txt\ncleaner forget"))
@click.argument("paths", nargs=-1, type=PATH)
def forget_command(paths: tuple[Path, ...]) -> None:
    """Delete the originals that `fix` kept, of PATHS or of the whole project. They cannot be undone any more."""
    from cleaner.inplace import fixed_before, originals_of

    groups: dict[Path, list[Path]] = {}
    for path in paths:
        groups.setdefault(originals_of(path).root, []).extend(file for _, file in fixed_before(str(path)))
    count = sum(originals_of(root).forget(files) for root, files in groups.items() if files)
    count += 0 if paths else originals_of(Path()).forget([])
    click.echo(f"forgot {count:,} original{'' if count == 1 else 's'}")


@click.command("keep", epilog=example("cleaner keep raw/001.txt SUB001:5:204\ncleaner keep raw/001.txt PUN001"))
@click.argument("document")
@click.argument("code", metavar="CODE[:LINE:COLUMN]")
@click.option("--rules", "folders", multiple=True, type=PATH, metavar="FOLDER", help="Load rule files of your own.")
def keep_command(document: str, code: str, folders: tuple[Path, ...]) -> None:
    """Never apply the rule CODE to DOCUMENT, or not at a position as `check` prints it.

    DOCUMENT is a file, or a JSONL file and an id: corpus.jsonl#id. The decision is written to decisions.toml.
    """
    from cleaner.decide import keep

    say(keep(document, code, folders))
