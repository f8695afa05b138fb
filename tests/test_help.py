"""Every command explains itself and shows an example."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cleaner.cli import cli


@pytest.mark.parametrize("name", ["", *cli.commands])
def test_help_shows_an_example(name: str) -> None:
    done = CliRunner().invoke(cli, [*([name] if name else []), "--help"])
    assert done.exit_code == 0
    assert "Example:" in done.output
    assert f"cleaner {name}" in done.output


@pytest.mark.parametrize("name", cli.commands)
def test_every_option_has_a_help_text(name: str) -> None:
    from click import Option

    options = [option for option in cli.commands[name].params if isinstance(option, Option)]
    undocumented = [option.name for option in options if not option.help and option.name != "output_format"]
    assert undocumented == []
