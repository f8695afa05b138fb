"""The commands that look at a whole corpus and write nothing: stats, decontaminate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli_options import (
    FIELD_KEYS,
    PATH,
    SOURCE,
    example,
    field_options,
    rule_names,
    rule_options,
    say,
    write_page,
)
from cleaner.cli_progress import meter

STATS = "cleaner stats raw/\ncleaner stats clean/ raw/2026-11/ more.jsonl --html statistics.html"


@click.command("stats", epilog=example(STATS))
@click.argument("paths", type=SOURCE, nargs=-1, required=True)
@rule_options
@field_options
@click.option("--html", type=PATH, metavar="FILE", help="Write one self-contained page instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
def stats_command(paths: tuple[Path, ...], folders: tuple[Path, ...], **options: Any) -> None:
    """Count what PATHS hold: documents, tokens, languages, sources, dates, duplicates, findings per rule.

    Nothing is written; what the rules would do with sources is found by doing it in memory, over all of them at once.
    Of the result of a run, the texts count as published, and its record says what was dropped, found alike and changed.
    """
    import json

    from cleaner.counted import statistics

    given = {key: options[key] for key in ("select", "ignore", "unsafe_fixes", "profile", *FIELD_KEYS)}
    with meter("counting") as shown:
        found = statistics(paths, rule_names(folders), folders, shown, **given)
    if options["html"]:
        from cleaner.report.html_statistics import render

        write_page(options["html"], render(found))
    elif options["as_json"]:
        click.echo(json.dumps(found.values(), ensure_ascii=False, indent=1))
    else:
        from cleaner.report.terminal_statistics import lines

        for line in lines(found):
            click.echo(line)


EXAMPLE = "cleaner decontaminate raw/ --against questions.jsonl\ncleaner run raw/ clean/ --against questions.jsonl"


@click.command("decontaminate", epilog=example(EXAMPLE))
@click.argument("paths", nargs=-1, required=True)
@click.option("--against", multiple=True, required=True, type=PATH, metavar="FILE", help="Evaluation texts.")
@click.option(
    "--ngram", type=click.IntRange(1, 1000), default=13, show_default=True, help="Tokens that count as a passage."
)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def decontaminate_command(paths: tuple[str, ...], against: tuple[Path, ...], ngram: int, output_format: str) -> None:
    """Report the passages of PATHS that stand in evaluation texts. Exits with 1 if there are any.

    A .txt FILE is one text; of a .jsonl FILE every string is one. `cleaner run --against FILE` leaves them out. What
    cannot be read is counted and left aside.
    """
    from cleaner.contamination import Shared, passages, read_evaluation
    from cleaner.corpus import read, unique
    from cleaner.inplace import files_of, place_of
    from cleaner.report.overlap import as_json, as_text

    evaluation = read_evaluation(tuple(against), ngram)
    found: list[Shared] = []
    documents = unreadable = 0
    for path in files_of(paths):
        for record in unique(read(path.parent, path.name)):
            documents += 1
            unreadable += bool(record.problem)
            for one in passages(record.text, evaluation):
                line, column = place_of(record, one.start)
                text = record.text[one.start : one.end]
                found.append(Shared(str(path), record.id, line, column, one, text))
    if output_format == "json":
        click.echo(as_json(found))
    else:
        for shown in as_text(found):
            click.echo(shown)
    hit = len({(one.path, one.document) for one in found})
    seen = len({one.passage.name for one in found})
    say(
        f"documents with passages of evaluation texts: {hit:,} of {documents:,}; evaluation texts seen: {seen:,} of "
        f"{len(evaluation.names):,}, too short to look for: {evaluation.short:,}"
        + (f"; documents that cannot be read: {unreadable:,}" if unreadable else ""),
        err=True,
    )
    if found:
        raise click.exceptions.Exit(1)
