"""`runcrew-lint env`: the table of every environment variable."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import options, output


@click.command("env", short_help="Show the environment variables.")
@options.paths
@options.form("text", "json", "markdown", help="How the table is written.")
@options.policy
@options.cache
def command(paths: tuple[str, ...], form: str, policy: str | None, cache: Path | None) -> None:
    """Show every environment variable of PATHS or the repository: where it is read, documented and given.

    Names and places alone: no value is shown. Tests and documentation are left out.
    """
    from runcrew_lint.engine.contract import drawn
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.environment import as_data, rendered

    root = root_of(paths)
    contract, files = drawn(Request(root, targets_in(root, paths), policy, cache=cache))
    data = as_data(contract.rows.values(), files.line)
    output.show(rendered(form, data), for_people=form == "text")
