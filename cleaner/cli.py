"""The command line: its commands, and how it ends."""

from __future__ import annotations

import atexit
import gc
import sys

import click

from cleaner import __version__
from cleaner.cli_audit import audit_command
from cleaner.cli_corpus import decontaminate_command, stats_command
from cleaner.cli_dups import dedup_command, dups_command
from cleaner.cli_index import index_command
from cleaner.cli_inplace import check_command, fix_command, forget_command, keep_command
from cleaner.cli_learn import learn_command
from cleaner.cli_options import example, say
from cleaner.cli_result import diff_command, undo_command, verify_command
from cleaner.cli_rules import config_command, explain_command, rules_command
from cleaner.cli_run import run_command
from cleaner.cli_task import task_command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=example(
    "cleaner run raw/ clean/\ncleaner diff clean/"))  # fmt: skip
@click.version_option(__version__, prog_name="cleaner")
def cli() -> None:
    """Clean text corpora; every change has a rule, a reason, a diff and an undo."""


COMMANDS = (
    run_command,
    diff_command,
    undo_command,
    verify_command,
    dups_command,
    dedup_command,
    rules_command,
    explain_command,
    config_command,
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
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command line and exit: 2 on bad input with one clear line, 130 when interrupted.

    What is in memory at the end is left as it is: Python would look for cycles in all of it, which takes a quarter of
    a second where numba was loaded, and the process gives back its memory anyway.
    """
    atexit.register(gc.freeze)
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
