"""`runcrew-lint checks`: which checks a branch can require."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import output
from runcrew_lint.cli.cache_folder import cache_folder

_FORMATS = ("text", "json")


@click.command("checks", short_help="List the checks that a branch can require.")
@click.argument("path", default=".", type=click.Path())
@click.option("--branch", metavar="NAME", default="",
              help="The branch that is merged into.  [default: the policy's default branch]")  # fmt: skip
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True,
              help="How the list is written.")  # fmt: skip
@click.option("--policy", metavar="NAME|FILE", help="runcrew, zibro, recommended, or a policy file.")
@click.option("--no-cache", is_flag=True, help="Remember nothing between runs.")
@click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to remember.")
def command(
    path: str, branch: str, form: str, policy: str | None, no_cache: bool, cache_dir: Path | None
) -> None:
    """List the checks of a pull request in the repository around PATH, by the names that a ruleset takes.

    What a path filter or a condition may keep from running is listed apart, with the reason; `*` marks what
    the rulesets under .github require.
    """
    from runcrew_lint.engine.required import drawn
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.checks import rendered

    root = root_of((path,))
    folder = None if no_cache else cache_dir or cache_folder()
    checks = drawn(Request(root, policy=policy, cache=folder), branch)
    output.show(rendered(form, checks), for_people=form == "text")
