"""Every command explains itself and shows an example."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cleaner.cli import cli
from cleaner.cli_index import index_command

COMMANDS = {**cli.commands, **{f"index {name}": command for name, command in index_command.commands.items()}}


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_shows_an_example(name: str) -> None:
    done = CliRunner().invoke(cli, [*name.split(), "--help"])
    assert done.exit_code == 0
    assert "Example:" in done.output
    assert f"cleaner {name}" in done.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    from click import Option

    options = [option for option in COMMANDS[name].params if isinstance(option, Option)]
    undocumented = [option.name for option in options if not option.help and option.name != "output_format"]
    assert undocumented == []
