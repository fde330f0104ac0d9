"""`runcrew-lint init`: a first policy, hook and workflow of what the repository says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from runcrew_lint.cli import options, output

if TYPE_CHECKING:
    from runcrew_lint.engine.start.drafts import Draft, Kept

_SHOWN = 60  # lines of one file's diff; a baseline may have thousands


@click.command("init", short_help="Begin a policy, a hook and a workflow.")
@options.path
@click.option("--baseline", "aside", is_flag=True, help="Set the findings of today aside, too.")
@click.option("--yes", is_flag=True, help="Write every file without asking.")
@options.cache
def command(path: str, aside: bool, yes: bool, cache: Path | None) -> None:
    """Write a policy for the repository around PATH from what it says, a pre-commit entry and a workflow.

    Each file is shown before anybody is asked, and none is overwritten: an entry is added behind the hooks
    that are there. Without a terminal, nothing is written but with --yes.
    """
    from runcrew_lint.engine.run import root_of
    from runcrew_lint.engine.start import drafts
    from runcrew_lint.engine.start.found import find

    root = root_of((path,))
    found = find(root, cache)
    settled = [_settle(root, each, yes) for each in drafts.drafts(root, found)]
    if aside:
        settled.append(_settle(root, drafts.baseline(root, cache), yes))
    for line in found.unknown:
        output.say(f"could not tell {line}")
    _say_what_next(settled)


def _settle(root: Path, proposed: Draft | Kept, yes: bool) -> bool | None:
    """Shows a file, asks where somebody can answer, and writes what is wanted.

    Returns whether it was written; None where nothing was proposed.
    """
    from runcrew_lint.engine.start.drafts import Kept, write

    if isinstance(proposed, Kept):
        output.say(f"{proposed.path} stays as it is: {proposed.reason}")
        click.echo()
        return None
    lines = proposed.diff().splitlines(keepends=True)
    more = len(lines) - _SHOWN
    output.show("".join(lines[:_SHOWN]) + (f"... and {more:,} lines more\n\n" if more > 0 else "\n"))
    if not yes and not (sys.stdin.isatty() and click.confirm(f"write {proposed.path}?", default=True)):
        return False
    reason = write(root, proposed)
    said = f"left {proposed.path} alone: {reason}" if reason else f"wrote {proposed.path}"
    output.say(said, err=bool(reason))
    click.echo(err=bool(reason))
    return not reason


def _say_what_next(settled: list[bool | None]) -> None:
    if True in settled:
        click.echo("next: read the policy and mend what is wrong in it, then `runcrew-lint`")
    elif False in settled:
        click.echo("nothing was written; `--yes` writes all of it without asking")
    else:
        click.echo("everything is there already: `runcrew-lint` judges by it")
