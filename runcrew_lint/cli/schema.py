"""`runcrew-lint schema`: the schema that the migrations build."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import output
from runcrew_lint.cli.cache_folder import cache_folder

_FORMATS = ("text", "json", "mermaid")


@click.command("schema", short_help="Show the schema that the migrations build.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--at", metavar="REVISION", help="As it is after this revision; its first characters do.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True,
              help="How the schema is written.")  # fmt: skip
@click.option("--policy", metavar="NAME|FILE", help="runcrew, zibro, recommended, or a policy file.")
@click.option("--no-cache", is_flag=True, help="Remember nothing between runs.")
@click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to remember.")
def command(
    paths: tuple[str, ...],
    at: str | None,
    form: str,
    policy: str | None,
    no_cache: bool,
    cache_dir: Path | None,
) -> None:
    """Show the tables, columns, constraints and indexes that the migrations of PATHS build.

    The histories are replayed from their files; no database is asked and nothing is run.
    """
    from runcrew_lint.domains.migrations.standing import standing
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.histories import drawn
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.schema import rendered

    root = root_of(paths)
    folder = None if no_cache else cache_dir or cache_folder()
    history, _ = drawn(Request(root, targets_in(root, paths), policy, cache=folder))
    text = rendered(form, standing(history, at), output.look())
    output.show(text, for_people=form == "text")
