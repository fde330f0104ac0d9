"""What several commands take, each written once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from runcrew_lint.cli import complete
from runcrew_lint.cli.cache_folder import cache_folder

if TYPE_CHECKING:
    from runcrew_lint.engine.memory import Standing

Command = TypeVar("Command", bound=Callable[..., Any])

paths = click.argument("paths", nargs=-1, type=click.Path())
path = click.argument("path", default=".", type=click.Path())
policy = click.option(
    "--policy",
    metavar="NAME|FILE",
    shell_complete=complete.policies,
    help="runcrew, zibro, recommended, or a policy file.",
)
plugins = click.option(
    "--allow-plugins",
    "plugins",
    multiple=True,
    metavar="NAME",
    shell_complete=complete.plugins,
    help="Load this plug-in's code.",
)
exclude = click.option("--exclude", multiple=True, metavar="GLOB", help="Not these files.")
cache_dir = click.option(
    "--cache-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to remember."
)


def form(*names: str, help: str) -> Callable[[Command], Command]:
    """`--format`: one of these names, the first where nobody says."""
    return click.option(
        "--format", "form", type=click.Choice(names), default=names[0], show_default=True, help=help
    )


def cache(command: Command) -> Callable[..., Any]:
    """`--no-cache` and `--cache-dir`: the command gets `cache`, the folder to remember in, or None."""

    @click.option("--no-cache", is_flag=True, help="Remember nothing between runs.")
    @cache_dir
    @wraps(command)
    def remembering(*, no_cache: bool, cache_dir: Path | None, **given: Any) -> Any:
        return command(cache=None if no_cache else cache_dir or cache_folder(), **given)

    return remembering


def standing() -> Standing | None:
    """What the process that makes this run for another has; None in one of its own."""
    from runcrew_lint.engine.memory import Standing

    return click.get_current_context().find_object(Standing)
