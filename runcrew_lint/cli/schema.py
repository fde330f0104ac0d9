"""`runcrew-lint schema`: the schema that the migrations build."""

from __future__ import annotations

from pathlib import Path

import click

from runcrew_lint.cli import options, output


@click.command("schema", short_help="Show the schema that the migrations build.")
@options.paths
@click.option("--at", metavar="REVISION", help="As it is after this revision; its first characters do.")
@options.form("text", "json", "mermaid", help="How the schema is written.")
@options.policy
@options.cache
def command(
    paths: tuple[str, ...],
    at: str | None,
    form: str,
    policy: str | None,
    cache: Path | None,
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
    history, _ = drawn(Request(root, targets_in(root, paths), policy, cache=cache))
    text = rendered(form, standing(history, at), output.look())
    output.show(text, for_people=form == "text", painted=form == "text")
