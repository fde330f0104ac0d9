"""`runcrew-lint baseline`: sets aside the findings that are there today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from runcrew_lint.cli import options, output
from runcrew_lint.model.errors import SetupError

if TYPE_CHECKING:
    from runcrew_lint.engine.keep import Books

ACTIONS = ("create", "update", "prune")


@click.command("baseline", short_help="Set aside the findings of today.")
@click.argument("action", type=click.Choice(ACTIONS))
@options.path
@options.policy
@options.plugins
@options.cache
def command(action: str, path: str, policy: str | None, plugins: tuple[str, ...], cache: Path | None) -> None:
    """Keep the findings of the repository around PATH in a file, so that a run reports new ones alone.

    `create` writes the file and refuses where there is one; `update` makes it what is found now; `prune`
    only takes out what is found no more, and adds nothing. An entry is a rule, a file and a digest of the
    words that the finding stands on: lines may move, and no value of a secret is kept.
    """
    from runcrew_lint.engine.keep import books
    from runcrew_lint.engine.run import Request, root_of

    root = root_of((path,))
    kept = books(Request(root, policy=policy, plugins=plugins, cache=cache))
    if action == "create" and kept.exists:
        raise SetupError(f"there is a baseline already: {kept.path}", help="`update` makes it anew")
    if action == "prune" and not kept.exists:
        raise SetupError(f"there is no baseline {kept.path}", help="`create` makes one")
    kept.write(kept.pruned if action == "prune" else kept.now)
    output.say(_said(action, kept))


def _said(action: str, kept: Books) -> str:
    gone = _count(sum(kept.stale.values()))
    if action == "prune":
        return f"{kept.path}: {gone} taken out, {_count(sum(kept.pruned.values()))} left"
    if not kept.exists:
        return f"{kept.path}: {_count(sum(kept.now.values()))}, none of which a run reports again"
    return f"{kept.path}: {_count(sum(kept.new.values()))} added, {gone} taken out"


def _count(number: int) -> str:
    return f"{number:,} finding{'' if number == 1 else 's'}"
