"""The command of processes that do a run together."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from cleaner.cli_options import PATH, example, meter, say
from cleaner.cli_summary import print_summary

WITHOUT = ("dry_run", "sample", "append", "learn", "overwrite", "strict", "exit_non_zero_on_change")
"""Options of `run` that are not settings, and no part of a plan."""


def planned(
    path: Path, raw: str, clean: str, folders: tuple[Path, ...], given: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    """Write the plan of a run, and say what to do with it."""
    from cleaner.plan_file import write_plan

    others = [f"--{name.replace('_', '-')}" for name in WITHOUT if options[name]]
    if others:
        raise click.UsageError(f"--plan writes down a whole run: without {', '.join(others)}")
    if any(end == "-" or "://" in end for end in (raw, clean)):
        raise click.UsageError("--plan is for folders that all machines share, not for streams or addresses")
    write_plan(path, Path(raw), Path(clean), folders, given)
    say(f"wrote {path}; on each machine: cleaner task {path} --index N, from 0")


@click.command("task", epilog=example("cleaner run raw/ clean/ --plan plan.json\ncleaner task plan.json --index 0"))
@click.argument("plan", type=PATH)
@click.option(
    "--index",
    type=click.IntRange(0),
    required=True,
    envvar=["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"],
    show_envvar=True,
    help="Which of the processes this is; number 0 publishes.",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def task_command(plan: Path, index: int, quiet: bool) -> None:
    """Do a share of the run that was written down as PLAN, and wait for the others.

    Start as many as you like, at any time, on machines that share the storage of PLAN, RAW and CLEAN. One that dies is
    missed after a minute, and its work done by the others; start number 0 again if it was that one.
    """
    from cleaner.corpus import CorpusError
    from cleaner.engine_array import Array
    from cleaner.lock import alone
    from cleaner.plan_file import PUBLISHED, PUBLISHING, load_plan
    from cleaner.publish import check_folders, publish
    from cleaner.run import run

    found = load_plan(plan)
    if found.is_marked(PUBLISHED):
        say(f"{plan}: all is done and published")
        return
    if index == 0:
        check_folders(found.raw, found.clean)
    engine = Array(found.tasks, index)
    with alone(found.clean) if index == 0 else nullcontext():
        try:
            with meter("cleaning", quiet=quiet) as shown:
                outcome = run(
                    found.raw, found.config, target=found.clean, folders=found.folders, progress=shown, engine=engine
                )
        except (CorpusError, OSError, ValueError):
            if index == 0 or not found.is_marked(PUBLISHING):
                raise
            return  # number 0 was faster, and removed what tasks had left
        if index:
            return
        found.mark(PUBLISHING)
        published = publish(outcome, found.clean)
        found.mark(PUBLISHED)
    print_summary(outcome, found.raw, found.clean, published.lines(), written=True)
