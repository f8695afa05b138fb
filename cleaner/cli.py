"""The command line: parse, call, print."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner import __version__
from cleaner.cli_audit import audit_command
from cleaner.cli_corpus import decontaminate_command, stats_command
from cleaner.cli_ends import STDIN_FORMATS, STREAM, Deliver, ends
from cleaner.cli_index import index_command
from cleaner.cli_inplace import check_command, fix_command, forget_command, keep_command
from cleaner.cli_learn import learn_command, learned_from
from cleaner.cli_options import (
    FIELD_KEYS,
    PATH,
    SOURCE,
    Share,
    cores,
    each_file,
    example,
    field_options,
    meter,
    progress_bar,
    rule_options,
    say,
    split_codes,
    write_page,
)
from cleaner.cli_summary import print_summary
from cleaner.cli_task import planned, task_command
from cleaner.formats import TO

if TYPE_CHECKING:
    from cleaner.corpus import Inputs


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=example(
    "cleaner run raw/ clean/\ncleaner diff clean/"))  # fmt: skip
@click.version_option(__version__, prog_name="cleaner")
def cli() -> None:
    """Clean text corpora; every change has a rule, a reason, a diff and an undo."""


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


@cli.command("run", epilog=example(RUN))
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
    from contextlib import nullcontext
    from dataclasses import replace

    from cleaner.append import before_of
    from cleaner.config import load_config
    from cleaner.engine_choice import CLUSTERS, apart
    from cleaner.lock import alone
    from cleaner.publish import check_folders, publish
    from cleaner.republished import Published
    from cleaner.run import run

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


@cli.command("diff", epilog=example("cleaner diff clean/\ncleaner diff clean/ --html report.html"))
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


@cli.command("dups", epilog=example("cleaner dups raw/\ncleaner dups raw/ --why first.txt second.txt"))
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


@cli.command(
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


@cli.command("undo", epilog=example("cleaner undo clean/ restored/\ncleaner undo raw/new.txt"))
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


@cli.command("verify", epilog=example("cleaner verify raw/ clean/"))
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


@cli.command("rules", epilog=example("cleaner rules\ncleaner rules --select SUB"))
@rule_options
def rules_command(folders: tuple[Path, ...], **options: Any) -> None:
    """List the rules: code, name, whether it is safe, whether it is off unless selected, and what it does."""
    from cleaner.profiles import PROFILES
    from cleaner.rule import ORDER, load, select

    chosen = (*options["select"], *PROFILES[options["profile"] or "news"]) or ORDER
    for rule in select(load(*folders), chosen, options["ignore"]):
        off = "" if rule.default else " off"
        click.echo(f"{rule.code} {rule.name:<27}{rule.safety + off:<10} {rule.summary}")


@cli.command("explain", epilog=example("cleaner explain SUB001"))
@click.argument("code")
@click.option("--rules", "folders", multiple=True, type=PATH, metavar="FOLDER", help="Load rule files of your own.")
def explain_command(code: str, folders: tuple[Path, ...]) -> None:
    """Explain a rule: what it does, why, what it fixes and what it leaves alone."""
    from cleaner.report.manual import page
    from cleaner.rule import load, select

    for rule in select(load(*folders), (code,)):
        click.echo(page(rule))


@cli.command("config", epilog=example("cleaner config\ncleaner config raw/"))
@click.argument("path", type=PATH, default=Path())
def config_command(path: Path) -> None:
    """Show the settings that hold for PATH and where each comes from."""
    from cleaner.config import KEYS, load_config, shown
    from cleaner.job import Job, check_selectors

    config = load_config(path)
    check_selectors(Job(config, path))
    say(f"project: {shown(config.root)}")
    for key, name in KEYS.items():
        value = getattr(config, name)
        plain = list(value) if isinstance(value, tuple) else value
        say(f"{key} = {plain!r}  ({config.sources.get(key, 'default')})")
    click.echo(f"decisions: {len(config.decisions)}")


ELSEWHERE = (
    audit_command,
    stats_command,
    decontaminate_command,
    index_command,
    check_command,
    fix_command,
    forget_command,
    keep_command,
    learn_command,
    task_command,
)
for command in ELSEWHERE:
    cli.add_command(command)


def main() -> None:
    """Run the command line and exit: 2 on bad input with one clear line, 130 when interrupted."""
    try:
        sys.exit(cli.main(prog_name="cleaner", standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see `{context.command_path} --help`)" if context else ""
        click.echo(f"cleaner: {' '.join(error.format_message().split())}{hint}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("cleaner: interrupted; run the same command again to finish", err=True)
        sys.exit(130)
    except BrokenPipeError:
        _let_go_of_output()
        sys.exit(1)
    except Exception as error:
        if not is_for_the_user(error):
            raise
        say(f"cleaner: {in_words(error)}", err=True)
        _let_go_of_output()
        sys.exit(2)


def _let_go_of_output() -> None:
    """Give up standard output where it takes nothing more, or Python fails on it once more when it ends."""
    import os

    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def in_words(error: Exception) -> str:
    """What an error says to the user."""
    if isinstance(error, OSError):
        return f"{error.filename or 'the output'}: {error.strerror or error}"
    if isinstance(error, MemoryError):
        return "not enough memory for this input; try it in parts"
    if isinstance(error, UnicodeEncodeError):
        return f"a name that is not valid UTF-8: {error.object!a}; rename it"
    return str(error)


def is_for_the_user(error: Exception) -> bool:
    """Whether an error is about files, settings, rules or the machine; any other one is a bug and shows its trace."""
    from cleaner.config import ConfigError
    from cleaner.corpus import CorpusError
    from cleaner.duplicates.index_entry import IndexingError
    from cleaner.engine import EngineError
    from cleaner.rule import RuleError

    if isinstance(error, RuntimeError) and "ymlink loop" in str(error):
        return True
    ours = (ConfigError, CorpusError, EngineError, IndexingError, RuleError)
    return isinstance(error, (*ours, OSError, MemoryError, UnicodeEncodeError))


if __name__ == "__main__":
    main()
