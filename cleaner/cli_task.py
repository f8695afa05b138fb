"""The command of processes that do a run together."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli_ends import Deliver, ends
from cleaner.cli_options import example, say
from cleaner.cli_progress import meter
from cleaner.cli_summary import print_summary

if TYPE_CHECKING:
    from cleaner.corpus import Inputs
    from cleaner.plan_file import Plan

WITHOUT = ("dry_run", "sample", "append", "learn", "overwrite", "strict", "exit_non_zero_on_change")
"""Options of `run` that are not settings, and no part of a plan."""


def planned(
    path: str, raw: str, clean: str, folders: tuple[Path, ...], given: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    """Write the plan of a run, and say what to do with it."""
    from cleaner.bucket import is_remote
    from cleaner.plan_file import write_plan

    others = [f"--{name.replace('_', '-')}" for name in WITHOUT if options[name]]
    if others:
        raise click.UsageError(f"--plan writes down a whole run: without {', '.join(others)}")
    if "-" in (raw, clean):
        raise click.UsageError("--plan is for folders and addresses that all machines reach, not for streams")
    if (is_remote(raw) or is_remote(clean)) and not is_remote(given["exchange"] or ""):
        raise click.UsageError("between addresses, --plan needs an --exchange in a store too")
    write_plan(path, raw, clean, folders, given)
    say(f"wrote {path}; on each machine: cleaner task {path} --index N, from 0")


@click.command("task", epilog=example("cleaner run raw/ clean/ --plan plan.json\ncleaner task plan.json --index 0"))
@click.argument("plan")
@click.option(
    "--index",
    type=click.IntRange(0),
    required=True,
    envvar=["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"],
    show_envvar=True,
    help="Which of the processes this is; number 0 publishes.",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def task_command(plan: str, index: int, quiet: bool) -> None:
    """Do a share of the run that was written down as PLAN, and wait for the others.

    Start as many as you like, at any time, on machines that reach PLAN, RAW, CLEAN and the exchange. One that dies is
    missed after a minute, and its work done by the others; start number 0 again if it was that one.
    """
    from cleaner.bucket import is_remote
    from cleaner.plan_file import PUBLISHED, load_plan

    found = load_plan(plan)
    if found.is_marked(PUBLISHED):
        say(f"{plan}: all is done and published")
        return
    with ExitStack() as stack:
        clean = found.clean
        if index and is_remote(clean):  # only number 0 needs what is published there
            clean = stack.enter_context(TemporaryDirectory(prefix="cleaner-"))
        opened = ends(found.raw, clean, "", None, found.config.to, found.config.exchange)
        source, target, deliver = stack.enter_context(opened)
        _take_part(found, index, source, target, deliver, quiet=quiet)


def _take_part(found: Plan, index: int, source: Path | Inputs, target: Path, deliver: Deliver, *, quiet: bool) -> None:
    from cleaner.corpus import CorpusError
    from cleaner.engine_array import Array
    from cleaner.lock import alone
    from cleaner.plan_file import PUBLISHED, PUBLISHING
    from cleaner.publish import check_folders, publish
    from cleaner.run import run

    if index == 0:
        check_folders(source if isinstance(source, Path) else source.root, target)
    engine = Array(found.tasks, index)
    with alone(target) if index == 0 else nullcontext():
        try:
            with meter("cleaning", quiet=quiet) as shown:
                outcome = run(source, found.config, target=target, folders=found.folders, progress=shown, engine=engine)
        except (CorpusError, OSError, ValueError):
            if index == 0 or not found.is_marked(PUBLISHING):
                raise
            return  # number 0 was faster, and removed what tasks had left
        if index:
            return
        found.mark(PUBLISHING)
        published = publish(outcome, target)
        deliver()
        found.mark(PUBLISHED)
    print_summary(outcome, found.raw, found.clean, published.lines(), written=True)
