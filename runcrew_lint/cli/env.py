"""`runcrew-lint env`: the table of every environment variable."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import output
from runcrew_lint.cli.cache_folder import cache_folder

_FORMATS = ("text", "json", "markdown")


@click.command("env", short_help="Show the environment variables.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True,
              help="How the table is written.")  # fmt: skip
@click.option("--policy", metavar="NAME|FILE", help="runcrew, zibro, recommended, or a policy file.")
@click.option("--no-cache", is_flag=True, help="Remember nothing between runs.")
@click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to remember.")
def command(
    paths: tuple[str, ...], form: str, policy: str | None, no_cache: bool, cache_dir: Path | None
) -> None:
    """Show every environment variable of PATHS or the repository: where it is read, documented and given.

    Names and places alone: no value is shown. Tests and documentation are left out.
    """
    from runcrew_lint.engine.contract import drawn, line_of
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.environment import as_data, rendered

    root = root_of(paths)
    folder = None if no_cache else cache_dir or cache_folder()
    contract, files = drawn(Request(root, targets_in(root, paths), policy, cache=folder))
    data = as_data(contract.rows.values(), lambda path, offset: line_of(files, path, offset))
    output.show(rendered(form, data), for_people=form == "text")
