"""What a run did, told on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.cli_options import rule_names, say
from cleaner.formats import output

if TYPE_CHECKING:
    from cleaner.run import Outcome


def print_summary(
    outcome: Outcome, raw: Path | str, clean: Path | str, published: Iterable[str], *, written: bool, kept: bool = True
) -> None:
    """Print the totals of a run, what it came upon, what was published again, and what can be done next.

    `kept` says whether there is a journal.
    """
    from cleaner.report.terminal import groups, one_line, summary

    names = rule_names()
    if outcome.before:
        count = len(outcome.before.kept)
        what = "what is new:" if outcome.totals.documents else f"nothing new in {raw}"
        say(f"published before and left as {'it is' if count == 1 else 'they are'}: {count:,}; {what}")
    for line in summary(outcome.totals, names) if outcome.totals.documents or not outcome.before else ():
        click.echo(line)
    for line in groups(outcome.groups):
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
    if not kept:
        click.echo("no journal is kept of what goes to standard output; --work DIR keeps one")
        return
    for line in published:
        say(line)
    if outcome.findings:
        about_pairs = {code.startswith("DUP") for code in outcome.findings}
        asked = [
            f"cleaner {command} {raw}" for command, told in (("check", False), ("dups", True)) if told in about_pairs
        ]
        say(f"what was seen and left: {'   '.join(asked)}")
    if outcome.job.config.journal == "counts":
        return
    recast = any(output(path, outcome.job.config.to) != path for path in outcome.inputs.files)
    with_raw = "" if outcome.job.config.journal == "full" and not recast else f" --raw {raw}"
    say(f"next: cleaner diff {clean}{with_raw}   cleaner verify {raw} {clean}   cleaner undo {clean} DEST{with_raw}")
