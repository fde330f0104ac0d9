"""`runcrew-lint --add-ignores`: writes a promise for each finding, and says what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from runcrew_lint.model.errors import SetupError

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome, Request

_APART = ("staged", "fix", "diff", "stdin_filename", "watch")


def check(asked: dict[str, Any]) -> None:
    """Refuses what does not go together.

    Errors:
        SetupError for options that mean nothing beside each other, and for no reason.
    """
    if not asked["add_ignores"]:
        if asked["reason"] or asked["until"]:
            raise SetupError("--reason and --until do nothing alone", help="add --add-ignores")
        return
    for other in _APART:
        if asked[other]:
            said = f"--add-ignores does not go with --{other.replace('_', '-')}"
            raise SetupError(said, help="run one, then the other")
    if not asked["reason"].strip():
        raise SetupError("--add-ignores writes promises, and each has a reason", help='add --reason "..."')


def excuse(request: Request, asked: dict[str, Any]) -> Outcome:
    """Writes promises, and says what was left alone; then the report is of what is still found."""
    from runcrew_lint.engine import fix, ignores
    from runcrew_lint.engine.run import run

    added = ignores.add_ignores(request, asked["reason"], asked["until"])
    unwritten = fix.write(request.root, added.mended)
    for line in ignores.said(added):
        click.echo(line, err=True)
    for path, reason in unwritten:
        click.echo(f"left {path!r} alone: {reason}", err=True)
    return run(request) if unwritten else added.mended.outcome
