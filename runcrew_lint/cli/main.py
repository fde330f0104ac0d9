"""`runcrew-lint`: lints when no command is named; every command is a module of its own, loaded when used."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runcrew_lint import __version__
from runcrew_lint.cli.ending import tidily
from runcrew_lint.model.errors import SetupError
from runcrew_lint.nearest import nearest

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from runcrew_lint.engine.memory import Standing

COMMANDS = (
    "check",
    "init",
    "baseline",
    "promises",
    "env",
    "migrations",
    "schema",
    "map",
    "checks",
    "rules",
    "explain",
    "test-rules",
    "server",
    "files",
    "config",
    "doctor",
)
DEFAULT = "check"


class Commands(click.Group):
    """The commands by name; what names none of them is for `check`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order that `--help` shows."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"runcrew_lint.cli.{cmd_name.replace('-', '_')}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Lets `runcrew-lint .` mean `runcrew-lint check .`."""
        own = {"--help", "-h", "--version"}
        if ctx.resilient_parsing and not args:  # a shell asks what may come first
            return super().parse_args(ctx, args)
        _refuse_ambiguous(args)
        if not args or (args[0] not in COMMANDS and args[0] not in own):
            _refuse_misspelt(args)
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, and what `check` takes."""
        check = self.get_command(ctx, DEFAULT)
        found = super().shell_complete(ctx, incomplete)
        return found + (check.shell_complete(ctx, incomplete) if check else [])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Shows what `check` takes beside the commands: it is what people look for."""
        check = self.get_command(ctx, DEFAULT)
        params = [*(check.params if check else ()), *self.get_params(ctx)]
        records = [record for param in params if (record := param.get_help_record(ctx))]
        with formatter.section("Options"):
            formatter.write_dl(records)
        super().format_commands(ctx, formatter)


def _refuse_ambiguous(args: list[str]) -> None:
    """A file that is called like an option is none: a hook, or a shell's *, names what strangers add."""
    for each in takewhile(lambda arg: arg != "--", args):
        if each.startswith("-") and os.path.lexists(each):
            raise SetupError(
                f"{each} is the name of a file here",
                help="end the options with `--`, and name files behind it",
            )


def _refuse_misspelt(args: list[str]) -> None:
    """A word that is no path but nearly a command was meant to be one."""
    if args and not args[0].startswith("-") and not os.path.lexists(args[0]):
        near = nearest(args[0], COMMANDS, 0.75)
        if near:
            raise SetupError(f"there is no path {args[0]}", help=f"did you mean the command {near}?")


@click.command(
    cls=Commands,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[OPTIONS] [PATHS]...",
    subcommand_metavar="",
)
@click.version_option(__version__, prog_name="runcrew-lint")
def cli() -> None:
    """Lint a repository and its migrations against a team's written policy.

    Without a command it checks PATHS (default: the repository around the current folder). It never
    runs what it reads and never touches the network. Exit 0 clean, 1 findings, 2 set-up errors.
    """


def main(standing: Standing | None = None) -> None:
    """One command line: whatever stops it is told in one line, and by the exit code.

    Arguments:
        standing: what this process keeps between runs that it makes for others.
    """
    gc.disable()  # a run builds millions of objects and few cycles: looking for them cost a sixth of it
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")  # a path need not be text in the terminal's encoding
    with tidily():
        try:
            code = cli.main(prog_name="runcrew-lint", standalone_mode=False, obj=standing)
        except SetupError as error:
            code = _stop(str(error), 2)
        except click.ClickException as error:
            code = _stop(_line(error), 2)
        except (click.Abort, KeyboardInterrupt):
            code = _stop("interrupted", 130)
        except Exception as error:
            code = _stop(_crash(error), 2)
    sys.exit(code if isinstance(code, int) else 0)


def _stop(line: str, code: int) -> int:
    from runcrew_lint.reporters.look import unheard, visible

    click.echo(unheard(f"runcrew-lint: {visible(line)}"), err=True)
    return code


def _line(error: click.ClickException) -> str:
    """click's words on one line, in the tone of our own."""
    if isinstance(error, click.NoSuchOption) and error.possibilities:
        return f"there is no option {error.option_name}; did you mean {error.possibilities[0]}?"
    said = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    hint = f"; `{context.command_path} --help` says more" if context else ""
    return f"{said[:1].lower()}{said[1:]}{hint}"


def _crash(error: Exception) -> str:
    """A fault of ours; what the error says may hold what was read, so it is told only when asked for.

    It imports nothing: what failed may be an import.
    """
    if os.environ.get("RUNCREW_LINT_TRACEBACK"):
        raise error
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" in {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}; please report it, with what RUNCREW_LINT_TRACEBACK=1 shows"


if __name__ == "__main__":
    main()
