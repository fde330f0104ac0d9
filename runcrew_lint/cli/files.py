"""`runcrew-lint files`: which files are linted."""

from __future__ import annotations

import click

from runcrew_lint.cli import options, output


@click.command("files", short_help="List the files that are linted.")
@options.paths
@click.option("--kinds", is_flag=True, help="Say as what each may be read.")
@options.exclude
@options.policy
def command(paths: tuple[str, ...], kinds: bool, exclude: tuple[str, ...], policy: str | None) -> None:
    """List the files of PATHS, or of the repository, that a run lints: one a line, from the root.

    `runcrew-lint doctor FILE` says why another one is not.
    """
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.listing import linted
    from runcrew_lint.engine.run import Request, root_of
    from runcrew_lint.reporters.look import visible

    root = root_of(paths)
    found = linted(Request(root, targets_in(root, paths), policy, exclude=exclude))
    lines = (
        f"{visible(each.path)}{': ' + ', '.join(each.kinds) if kinds and each.kinds else ''}\n"
        for each in found
    )
    output.show("".join(lines))
