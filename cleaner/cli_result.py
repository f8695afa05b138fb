"""What can be done with the result of a run: show it, take it back, prove it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from cleaner.cli_options import PATH, SOURCE, each_file, example, say, split_codes, write_page


@click.command("diff", epilog=example("cleaner diff clean/\ncleaner diff clean/ --html report.html"))
@click.argument("clean", type=SOURCE)
@click.option("--raw", type=SOURCE, help="The raw folder, where the journal holds no removed text.")
@click.option("--html", type=PATH, metavar="FILE", help="Write one self-contained page instead.")
@click.option("--select", multiple=True, callback=split_codes, metavar="CODES", help="Only changes by these rules.")
@click.option("--all", "everything", is_flag=True, help="Show small repairs too (quotes, spaces).")
@click.option("--full", is_flag=True, help="Whole lines, also on a terminal.")
@click.option("--rules", "folders", multiple=True, type=PATH, metavar="FOLDER", help="Load rule files of your own.")
def diff_command(clean: Path, raw: Path | None, html: Path | None, folders: tuple[Path, ...], **options: Any) -> None:
    """Show what the run that made CLEAN changed: unified diffs with rule codes, the riskiest first.

    Exits with 1 if anything was changed.
    """
    from cleaner.gather import gather
    from cleaner.rule import load, select

    known = load(*folders)
    view = gather(clean, raw, known)
    if html:
        from cleaner.report.html import render

        write_page(html, render(view))
    else:
        from cleaner.report.terminal import diff

        chosen = frozenset(rule.code for rule in select(known, options["select"])) if options["select"] else frozenset()
        elide = sys.stdout is not None and sys.stdout.isatty() and not options["full"]
        for line in diff(view, everything=options["everything"], elide=elide, chosen=chosen):
            click.echo(line)
    if any(document.changes or document.status != "kept" for document in view.documents):
        raise click.exceptions.Exit(1)


@click.command("undo", epilog=example("cleaner undo clean/ restored/\ncleaner undo raw/new.txt"))
@click.argument("paths", nargs=-1, required=True, metavar="CLEAN DEST | PATHS...")
@click.option("--raw", type=PATH, help="The raw folder, where the journal holds no removed text.")
def undo_command(paths: tuple[str, ...], raw: Path | None) -> None:
    """Rebuild the raw files of a run from CLEAN into DEST, or take back what `fix` did to PATHS."""
    from cleaner.config import shown
    from cleaner.corpus import CorpusError
    from cleaner.inplace import fixed_before
    from cleaner.journal import is_journal
    from cleaner.restore import undo_run

    if is_journal(Path(paths[0])):
        if len(paths) != 2:
            raise click.UsageError("undoing a run takes two folders: cleaner undo CLEAN DEST")
        count = undo_run(Path(paths[0]), Path(paths[1]), raw)
        say(f"restored {count:,} file{'' if count == 1 else 's'} to {paths[1]}")
        return
    undone = 0
    failed: list[str] = []
    for name in paths:
        for originals, path in fixed_before(name):
            with each_file(failed):
                originals.restore(path)
                undone += 1
                say(f"restored {shown(path)}")
    if failed:
        raise click.exceptions.Exit(2)
    if not undone:
        raise CorpusError(f"{paths[0]}: no fix on record here that could be undone, nor the result of a run")


@click.command("verify", epilog=example("cleaner verify raw/ clean/"))
@click.argument("raw", type=SOURCE)
@click.argument("clean", type=PATH)
def verify_command(raw: Path, clean: Path) -> None:
    """Replay the journal of CLEAN on RAW and prove that it gives CLEAN. Exits with 1 on a mismatch."""
    from cleaner.proof import verify_run

    problems = verify_run(raw, clean)
    for problem in problems:
        say(problem)
    if problems:
        raise click.exceptions.Exit(1)
    say(f"proven: the journal makes {clean} of {raw}, byte for byte")
