"""`runcrew-lint checks`: which checks a branch can require."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import options, output


@click.command("checks", short_help="List the checks that a branch can require.")
@options.path
@click.option("--branch", metavar="NAME", default="",
              help="The branch that is merged into.  [default: the policy's default branch]")  # fmt: skip
@options.form("text", "json", help="How the list is written.")
@options.policy
@options.cache
def command(path: str, branch: str, form: str, policy: str | None, cache: Path | None) -> None:
    """List the checks of a pull request in the repository around PATH, by the names that a ruleset takes.

    What a path filter or a condition may keep from running is listed apart, with the reason; `*` marks what
    the rulesets under .github require.
    """
    from runcrew_lint.engine.required import drawn
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.checks import rendered

    root = root_of((path,))
    checks = drawn(Request(root, policy=policy, cache=cache), branch)
    output.show(rendered(form, checks), for_people=form == "text")
