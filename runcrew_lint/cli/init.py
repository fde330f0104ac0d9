"""`runcrew-lint init`: a first policy, hook and workflow of what the repository says."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from runcrew_lint.cli import output
from runcrew_lint.cli.cache_folder import cache_folder


@click.command("init", short_help="Begin a policy, a hook and a workflow.")
@click.argument("path", default=".", type=click.Path())
@click.option("--yes", is_flag=True, help="Write every file without asking.")
@click.option("--no-cache", is_flag=True, help="Remember nothing between runs.")
@click.option("--cache-dir", type=click.Path(file_okay=False, path_type=Path), help="Where to remember.")
def command(path: str, yes: bool, no_cache: bool, cache_dir: Path | None) -> None:
    """Write a policy for the repository around PATH from what it says, a pre-commit entry and a workflow.

    Each file is shown before anybody is asked, and none is overwritten: an entry is added behind the hooks
    that are there. Without a terminal, nothing is written but with --yes.
    """
    from runcrew_lint.engine.run import root_of
    from runcrew_lint.engine.start.drafts import Kept, drafts
    from runcrew_lint.engine.start.found import find

    root = root_of((path,))
    folder = None if no_cache else cache_dir or cache_folder()
    found = find(root, folder)
    written, shown = 0, 0
    for each in drafts(root, found):
        if isinstance(each, Kept):
            click.echo(f"{each.path} stays as it is: {each.reason}\n")
            continue
        shown += 1
        output.show(f"{each.diff()}\n")
        written += _settle(root, each, yes)
    for line in found.unknown:
        click.echo(f"could not tell {line}")
    _say_what_next(written, shown)


def _settle(root: Path, draft: object, yes: bool) -> bool:
    """Asks where somebody can answer, and writes what is wanted."""
    from runcrew_lint.engine.start.drafts import Draft, write

    if not isinstance(draft, Draft):
        return False
    if not yes and not (sys.stdin.isatty() and click.confirm(f"write {draft.path}?", default=True)):
        return False
    reason = write(root, draft)
    click.echo(
        f"left {draft.path} alone: {reason}\n" if reason else f"wrote {draft.path}\n", err=bool(reason)
    )
    return not reason


def _say_what_next(written: int, shown: int) -> None:
    if not shown:
        click.echo("everything is there already: `runcrew-lint` judges by it")
    elif written:
        click.echo("next: read the policy and mend what is wrong in it, then `runcrew-lint`")
    else:
        click.echo("nothing was written; `--yes` writes all of it without asking")
