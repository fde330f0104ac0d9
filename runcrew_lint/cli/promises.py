"""`runcrew-lint promises`: what is excused, and until when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from runcrew_lint.cli import options, output
from runcrew_lint.reporters.document import document

if TYPE_CHECKING:
    from runcrew_lint.engine.pledges import Pledge


@click.command("promises", short_help="List what is excused, and until when.")
@options.paths
@options.form("text", "json", help="How the list is written.")
@options.policy
@options.cache
def command(paths: tuple[str, ...], form: str, policy: str | None, cache: Path | None) -> None:
    """List the comments in PATHS and the excuses of the policy that hold findings back, soonest end first."""
    from runcrew_lint.engine.discover import targets_in
    from runcrew_lint.engine.pledges import pledges
    from runcrew_lint.engine.run import Request, root_of

    root = root_of(paths)
    found = pledges(Request(root, targets_in(root, paths), policy, cache=cache))
    if form == "json":
        output.show(document([each._asdict() for each in found], ascii_only=True), for_people=False)
        return
    output.show("".join(f"{_line(each)}\n" for each in found) or "nothing is excused\n")


def _line(pledge: Pledge) -> str:
    from runcrew_lint.reporters.look import visible

    covers = f" in {', '.join(pledge.covers)}" if pledge.covers else ""
    flaw = f" ({pledge.flaw}, so it excuses nothing)" if pledge.flaw else ""
    said = f"{pledge.where}  {', '.join(pledge.rules)}{covers}: {pledge.reason or 'no reason'}{flaw}"
    return f"{_when(pledge):22}  {visible(said)}"


def _when(pledge: Pledge) -> str:
    if pledge.days is None:
        return "no day"
    count = abs(pledge.days)
    days = "1 day" if count == 1 else f"{count:,} days"
    left = "today" if not count else f"in {days}" if pledge.days > 0 else f"{days} ago"
    return f"{pledge.until} {left}"
