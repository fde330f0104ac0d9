"""`runcrew-lint migrations`: every revision with what it locks, and the graph."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import options, output


@click.command("migrations", short_help="List the migrations with their locks.")
@options.paths
@options.form("text", "json", "mermaid", help="How the list is written.")
@options.policy
@options.cache
def command(paths: tuple[str, ...], form: str, policy: str | None, cache: Path | None) -> None:
    """List the revisions of PATHS, newest first: their locks on what was there before, the strongest first.

    The locks are those of the policy's PostgreSQL version.
    """
    from runcrew_lint.domains.migrations.overview import overview
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.histories import drawn
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.migrations import Listed, rendered

    root = root_of(paths)
    history, policy_used = drawn(Request(root, targets_in(root, paths), policy, cache=cache))
    major = policy_used.postgres
    listed = [Listed(each, tuple(overview(each, major))) for each in history.lineages]
    text = rendered(form, listed, major, output.look())
    output.show(text, for_people=form == "text", painted=form == "text")
