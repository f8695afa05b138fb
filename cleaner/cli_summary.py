"""What a run did, told on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli_options import rule_names, say

if TYPE_CHECKING:
    from cleaner.run import Outcome


def print_summary(outcome: Outcome, raw: Path, clean: Path, *, written: bool) -> None:
    """Print the totals of a run, what it came upon, and what can be done next."""
    from cleaner.report.terminal import one_line, summary

    names = rule_names()
    for line in summary(outcome.totals, names):
        click.echo(line)
    for note in outcome.stale:
        say(note)
    private = any(code.startswith("PII") for code in outcome.totals.changes)
    if private and outcome.job.config.journal == "full" and written:
        say(f"the journal in {clean} keeps what rules of PII removed, for undo; --redact leaves it out")
    if outcome.renamed:
        click.echo(f"ids that occur again: {outcome.renamed:,}; the later ones are listed as id@file:line")
    if outcome.inputs.links:
        click.echo(
            f"symbolic links not followed: {len(outcome.inputs.links):,}, such as {one_line(outcome.inputs.links[0])}"
        )
    if outcome.inputs.others:
        kinds = ", ".join(f"{one_line(kind)} x{n}" for kind, n in outcome.inputs.others.items())
        click.echo(f"not read: files of other kinds ({kinds})")
    if not written:
        click.echo("nothing was written")
        return
    if outcome.findings:
        say(f"what was seen and left: cleaner check {raw}")
    if outcome.job.config.journal == "counts":
        return
    with_raw = "" if outcome.job.config.journal == "full" else f" --raw {raw}"
    say(f"next: cleaner diff {clean}{with_raw}   cleaner verify {raw} {clean}   cleaner undo {clean} DEST{with_raw}")
