"""`runcrew-lint migrations`: every revision with what it locks, and the graph."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import output
from runcrew_lint.cli.cache_folder import cache_folder

_FORMATS = ("text", "json", "mermaid")


@click.command("migrations", short_help="List the migrations with their locks.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True,
              help="How the list is written.")  # fmt: skip
@click.option("--policy", metavar="NAME|FILE", help="runcrew, zibro, recommended, or a policy file.")
@click.option("--no-cache", is_flag=True, help="Remember nothing between runs.")
@click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to remember.")
def command(
    paths: tuple[str, ...], form: str, policy: str | None, no_cache: bool, cache_dir: Path | None
) -> None:
    """List the revisions of PATHS, newest first: the strongest lock on what was there before, and on what.

    The locks are those of the policy's PostgreSQL version.
    """
    from runcrew_lint.domains.migrations.overview import overview
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.histories import drawn
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.migrations import Listed, rendered

    root = root_of(paths)
    folder = None if no_cache else cache_dir or cache_folder()
    history, policy_used = drawn(Request(root, targets_in(root, paths), policy, cache=folder))
    major = policy_used.postgres
    listed = [Listed(each, tuple(overview(each, major))) for each in history.lineages]
    text = rendered(form, listed, major, output.look())
    output.show(text, for_people=form == "text")
