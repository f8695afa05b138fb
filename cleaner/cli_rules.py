"""What holds: the rules, what one of them does, and the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cleaner.cli_options import PATH, example, rule_options, say


@click.command("rules", epilog=example("cleaner rules\ncleaner rules --select SUB"))
@rule_options
def rules_command(folders: tuple[Path, ...], **options: Any) -> None:
    """List the rules: code, name, whether it is safe, whether it is off unless selected, and what it does."""
    from cleaner.profiles import PROFILES
    from cleaner.rule import ORDER, load, select

    chosen = (*options["select"], *PROFILES[options["profile"] or "news"]) or ORDER
    for rule in select(load(*folders), chosen, options["ignore"]):
        off = "" if rule.default else " off"
        click.echo(f"{rule.code} {rule.name:<27}{rule.safety + off:<10} {rule.summary}")


@click.command("explain", epilog=example("cleaner explain SUB001"))
@click.argument("code")
@click.option("--rules", "folders", multiple=True, type=PATH, metavar="FOLDER", help="Load rule files of your own.")
def explain_command(code: str, folders: tuple[Path, ...]) -> None:
    """Explain a rule: what it does, why, what it fixes and what it leaves alone."""
    from cleaner.report.manual import page
    from cleaner.rule import load, select

    for rule in select(load(*folders), (code,)):
        click.echo(page(rule))


@click.command("config", epilog=example("cleaner config\ncleaner config raw/"))
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
