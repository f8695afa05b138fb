"""The command that shows what filters would cost, before anybody uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli_options import FIELD_KEYS, PATH, example, field_options, rule_options, say, write_page
from cleaner.cli_progress import progress_bar

if TYPE_CHECKING:
    from cleaner.records import Fields, Record


@click.command(
    "audit", epilog=example("cleaner audit --profile c4 raw/\ncleaner audit --profile fineweb raw/ --html a.html")
)
@click.argument("paths", nargs=-1, required=True)
@rule_options
@field_options
@click.option("--html", type=PATH, metavar="FILE", help="Write one self-contained page instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, the removed texts whole.")
@click.option("--limit", type=click.IntRange(0), default=3, show_default=True, help="Removals to show of each filter.")
def audit_command(paths: tuple[str, ...], folders: tuple[Path, ...], **options: Any) -> None:
    """Show what the filters of a profile would take out of PATHS, and take nothing out.

    By filter, the most surprising removals first: good prose, by a measure that knows no filter. Texts are judged as
    they stand.
    """
    from cleaner.audit import audit
    from cleaner.config import load_config
    from cleaner.job import Job, filters_of

    given = {key: options[key] for key in ("select", "ignore", "profile", *FIELD_KEYS)}
    config = load_config(Path(paths[0]), **given)
    rules = filters_of(Job(config, Path(paths[0]), folders))
    if not rules:
        raise click.UsageError("no filter is selected; name a profile, such as --profile c4")
    title = f"Profile {config.profile}" if config.profile != "news" else "The filters selected"
    limit = options["limit"]
    with progress_bar("judging") as advance:
        view = audit(title, _records(paths, config.fields()), rules, limit, advance)
    if options["html"]:
        from cleaner.report.html_audit import render_audit

        write_page(options["html"], render_audit(view))
    elif options["as_json"]:
        from cleaner.report import losses

        click.echo(losses.as_json(view))
    else:
        from cleaner.report import losses

        for line in losses.as_text(view):
            say(line)


def _records(paths: tuple[str, ...], asked: Fields) -> Iterator[tuple[str, Record]]:
    from cleaner.corpus import read
    from cleaner.inplace import files_of

    for path in files_of(paths):
        yield from ((str(path), record) for record in read(path.parent, path.name, asked))
