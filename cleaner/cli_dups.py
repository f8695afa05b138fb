"""`cleaner dups` and `cleaner dedup`: duplicates shown, and left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli_options import PATH, SOURCE, cores, example, field_options
from cleaner.cli_progress import meter, progress_bar


@click.command("dups", epilog=example("cleaner dups raw/\ncleaner dups raw/ --why first.txt second.txt"))
@click.argument("paths", nargs=-1, required=True, type=SOURCE)
@field_options
@click.option("--why", nargs=2, metavar="A B", help="Compare two documents, by id, with all the evidence.")
def dups_command(paths: tuple[Path, ...], why: tuple[str, str] | None, **options: Any) -> None:
    """List the documents of PATHS that are copies or versions of one another, each under its survivor.

    Behind them, sentences that other documents share. All are compared after cleaning. Exits with 1 if there are copies
    or versions.
    """
    from cleaner.config import load_config
    from cleaner.counted import together
    from cleaner.report.clusters import clusters, evidence, shared
    from cleaner.run import run
    from cleaner.why import weighed

    config = load_config(paths[0], **options)
    inputs, _ = together(paths)
    if why:
        for line in evidence(weighed(inputs, config, *why)):
            click.echo(line)
        return
    with meter("comparing") as shown:
        rows = run(inputs, config, workers=cores(), progress=shown).duplicates()
    for line in (*clusters(rows), *shared(rows)):
        click.echo(line)
    if any(row["relation"] != "sentence" for row in rows):
        raise click.exceptions.Exit(1)


@click.command(
    "dedup", epilog=example("cleaner dedup corpus.jsonl kept.jsonl\ncleaner dedup corpus.jsonl kept.jsonl --similar")
)
@click.argument("source", type=PATH)
@click.argument("target", type=PATH)
@field_options
@click.option("--similar", is_flag=True, help="Leave out what shares four fifths, unread (DUP005), instead of DUP002.")
@click.option("--memory", metavar="SIZE", help="What this may take: 500MB, 2GB (1GB, or what the documents need).")
def dedup_command(source: Path, target: Path, similar: bool, **settings: Any) -> None:
    """Copy the file of records SOURCE to TARGET without its duplicates: no cleaning, no journal, lines as they were.

    For large corpora that are clean already. What went, and which line survives for it, stands in
    TARGET.duplicates.jsonl.
    """
    from cleaner.config import load_config
    from cleaner.dedup import dedup

    codes = frozenset({"DUP001", "DUP005"} if similar else {"DUP001", "DUP002", "DUP003"})
    with progress_bar("reading") as advance:
        config = load_config(source, **settings)
        done = dedup(source, target, codes, advance, config.fields(), config.memory)
    found = ", ".join(f"{count:,} {relation}" for relation, count in sorted(done.findings.items()))
    click.echo(f"{done.documents:,} documents: {done.kept:,} kept{f'; {found}' if found else ''}")
    if done.unread:
        click.echo(f"{done.unread:,} line{'' if done.unread == 1 else 's'} without a text copied as they are")
    click.echo(f"evidence: {target}.duplicates.jsonl")
