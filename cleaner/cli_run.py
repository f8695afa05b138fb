"""`cleaner run`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli_ends import STDIN_FORMATS, STREAM, Deliver, ends
from cleaner.cli_learn import learned_from
from cleaner.cli_options import FIELD_KEYS, PATH, Share, cores, example, field_options, rule_options
from cleaner.cli_progress import meter
from cleaner.cli_summary import print_summary
from cleaner.cli_task import planned
from cleaner.formats import TO

if TYPE_CHECKING:
    from cleaner.corpus import Inputs

GIVEN = (
    "memory",
    "select",
    "ignore",
    "unsafe_fixes",
    "profile",
    "journal",
    "redact",
    "lang_backend",
    "to",
    "metadata_key",
    "engine",
    "engine_address",
    "exchange",
    *FIELD_KEYS,
)
"""The options of `run` that are settings."""


RUN = """\
cleaner run raw/ clean/
cleaner run --dry-run --select SUB,BOI raw/ clean/
cat a.jsonl | cleaner run - - > b.jsonl"""


@click.command("run", epilog=example(RUN))
@click.argument("raw")
@click.argument("clean")
@rule_options
@field_options
@click.option("--to", type=click.Choice(list(TO)), help="Publish in this format instead of that of each file.")
@click.option("--metadata-key", metavar="NAME", help="Add what the rules find out to each record, as this field.")
@click.option("--stdin-format", type=click.Choice(STDIN_FORMATS), default="jsonl", help="What comes in as `-`.")
@click.option("--work", type=PATH, metavar="DIR", help="Keep what is read and the journal there, for `-` and stores.")
@click.option("--dry-run", is_flag=True, help="Show the effect, write nothing.")
@click.option("--sample", type=Share(), help="Try on this share of the documents, write nothing.")
@click.option("--workers", type=click.IntRange(1), help="Processes that clean; without it, as many as there are cores.")
@click.option("--memory", metavar="SIZE", help="What all processes may take: 500MB, 2GB (1GB, or 400MB a worker).")
@click.option(
    "--engine", type=click.Choice(["processes", "here", "ray", "spark"]), help="Who cleans: processes, or a cluster."
)
@click.option("--engine-address", metavar="ADDRESS", help="Where the cluster is: host:port, spark://host:port.")
@click.option("--exchange", metavar="PLACE", help="Where workers leave results: a folder, or an address in a store.")
@click.option("--plan", metavar="FILE", help="Write down what to do, for `cleaner task`, and do nothing.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--journal",
    type=click.Choice(["full", "script", "counts"]),
    help="full: undo needs no raw; script: smaller; counts: no undo.",
)
@click.option("--against", multiple=True, type=PATH, metavar="FILE", help="Leave out what shares text with FILE.")
@click.option("--redact", is_flag=True, default=None, help="Keep nothing of what was removed in the journal.")
@click.option("--lang-backend", type=click.Choice(["profiles", "langdetect"]), help="Who tells the language.")
@click.option("--overwrite", is_flag=True, help="Give up what was changed by hand in CLEAN since the last run.")
@click.option("--exit-non-zero-on-change", is_flag=True, help="Exit with 1 if CLEAN is not as it was before.")
@click.option("--append", is_flag=True, help="Only add what is new in RAW; what is published stays as it is.")
@click.option("--allow-drops", is_flag=True, help="Publish though most of a source goes as duplicates.")
@click.option("--learn", is_flag=True, help="First learn what each source repeats: see `cleaner learn`.")
@click.option("--strict", is_flag=True, help="Exit with 1 if anything was quarantined.")
def run_command(raw: str, clean: str, folders: tuple[Path, ...], **options: Any) -> None:
    """Clean the corpus RAW (a folder of files that hold documents, or one such file) into the folder CLEAN.

    CLEAN/.cleaner/ holds the journal: what was changed, by which rule and why, and what was left out. RAW and CLEAN may
    be `-`, standard input and output, or addresses such as s3://bucket/corpus. The journal of what goes to standard
    output is kept only with --work DIR, in DIR/clean.
    """
    if options["append"] and STREAM in (raw, clean):
        raise click.UsageError("--append adds to a folder; `-` is none")
    if options["plan"]:
        planned(options["plan"], raw, clean, folders, _given(options), options)
        return
    to, exchange = options["to"] or "", options["exchange"] or ""
    written = not (options["dry_run"] or options["sample"])
    opened = ends(raw, clean, options["stdin_format"], options["work"], to, exchange, written=written)
    with opened as (source, target, deliver):
        at = Path() if raw == STREAM else source if isinstance(source, Path) else source.root
        kept = clean != STREAM or options["work"] is not None
        _run(source, target, folders, at, deliver, kept=kept, name=clean, **options)


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that the command line gives."""
    given = {key: options[key] for key in GIVEN}
    given["max_dropped_share"] = 1.0 if options["allow_drops"] else None
    given["against"] = tuple(str(path.resolve()) for path in options["against"])
    return given


def _run(
    source: Path | Inputs,
    clean: Path,
    folders: tuple[Path, ...],
    at: Path,
    deliver: Deliver,
    *,
    kept: bool,
    name: str,
    **options: Any,
) -> None:
    """Clean `source` into `clean` by the settings that hold for `at`; `deliver` takes the result where it is to be.

    `name` is how the command line calls the result.
    """
    import gc
    from contextlib import nullcontext
    from dataclasses import replace

    from cleaner.append import before_of
    from cleaner.config import load_config
    from cleaner.engine import CYCLES
    from cleaner.engine_choice import CLUSTERS, apart
    from cleaner.lock import alone
    from cleaner.publish import check_folders, publish
    from cleaner.republished import Published
    from cleaner.run import run

    gc.set_threshold(CYCLES)
    written = not (options["dry_run"] or options["sample"])
    raw = source if isinstance(source, Path) else source.root
    if raw is not source and (options["learn"] or options["append"]):
        raise click.UsageError("--learn and --append read RAW on this disk; without --exchange it is fetched")
    check_folders(raw, clean, overwrite=options["overwrite"], append=options["append"])
    fields = {key: options[key] for key in FIELD_KEYS}
    learned = learned_from(raw, folders, written=written, **fields) if options["learn"] else None
    given = _given(options)
    config = load_config(at, **given)
    config = apart(config if learned is None else replace(config, learned=learned), name)
    clean = clean.resolve() if config.engine in CLUSTERS else clean
    before = before_of(clean, config) if options["append"] else None
    with alone(clean) if written else nullcontext(), meter("cleaning", quiet=options["quiet"]) as shown:
        outcome = run(
            source,
            config,
            target=clean if written else None,
            folders=folders,
            workers=options["workers"] or cores(),
            sample=options["sample"] or 1.0,
            progress=shown,
            before=before,
        )
        published = publish(outcome, clean) if written else Published()
    if written:
        deliver()
    print_summary(outcome, raw, clean, published.lines(), written=written, kept=kept)
    changed = bool(published) if written else outcome.changed
    quarantined = outcome.totals.status["quarantined"]
    if (options["strict"] and quarantined) or (options["exit_non_zero_on_change"] and changed):
        raise click.exceptions.Exit(1)
