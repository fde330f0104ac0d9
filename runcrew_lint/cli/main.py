"""`runcrew-lint`: lints when no command is named; every command is a module of its own, loaded when used."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from runcrew_lint import __version__

COMMANDS = ("check", "rules", "explain")
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
        command: click.Command = import_module(f"runcrew_lint.cli.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Lets `runcrew-lint .` mean `runcrew-lint check .`."""
        own = {"--help", "-h", "--version"}
        if not args or (args[0] not in COMMANDS and args[0] not in own):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Shows what `check` takes beside the commands: it is what people look for."""
        check = self.get_command(ctx, DEFAULT)
        if check:
            check.format_options(click.Context(check, parent=ctx), formatter)
        super().format_commands(ctx, formatter)


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


def main() -> None:
    """The console script."""
    from runcrew_lint.model.errors import SetupError

    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")  # a path need not be text in the terminal's encoding
    try:
        cli.main(prog_name="runcrew-lint")
    except SetupError as error:
        click.echo(f"runcrew-lint: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
