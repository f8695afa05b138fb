"""The command that learns what a corpus repeats, and the table it writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.cli_options import PATH, SOURCE, example, field_options, say
from cleaner.cli_progress import progress_bar

if TYPE_CHECKING:
    from cleaner.learned import Learned


@click.command("learn", epilog=example("cleaner learn raw/\ncleaner run raw/ clean/ --learn"))
@click.argument("raw", type=SOURCE)
@field_options
@click.option("--dry-run", is_flag=True, help="Print the table instead of writing it.")
@click.option("--rules", "folders", multiple=True, type=PATH, metavar="FOLDER", help="Load rule files of your own.")
def learn_command(raw: Path, folders: tuple[Path, ...], *, dry_run: bool, **given: Any) -> None:
    """Count the lines, sentences and title suffixes that repeat in each source of RAW, into cleaner-learned.toml.

    Review the table: `check`, `fix` and `run` then remove the lines it lists (BOI021), take the suffixes from titles
    (MET021), and remove sentences where you wrote `use = true`. What you decide, with `use = true` or `use = false`,
    stays when the table is learned again, and so does what it says of sources elsewhere. A source is what a record
    states (site, source, or the host of its url), else its top folder.
    """
    from cleaner.learned import render

    table = learned_from(raw, folders, written=not dry_run, **given)
    if dry_run:
        click.echo(render(table), nl=False)


def learned_from(raw: Path, folders: tuple[Path, ...], *, written: bool, **given: Any) -> Learned:
    """Learn from a corpus; where asked, write the table beside its configuration and say what it holds."""
    from cleaner.config import forget_files, load_config, shown
    from cleaner.corpus import write_atomically
    from cleaner.learn import learn
    from cleaner.learned import NAME, render

    config = load_config(raw, **given)
    with progress_bar("learning") as advance:
        table = learn(raw, config, folders=folders, progress=advance)
    if not written:
        return table
    path = config.root / NAME
    write_atomically(path, render(table).encode("utf-8"))
    forget_files()
    used = sum(entry.used for entry in table.entries)
    rest = len(table.entries) - used
    say(f"{shown(path)}: {used:,} entries in use, {rest:,} only listed; review them")
    return table
