"""The summary of a GitHub job: the findings, and what the change does beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from runcrew_lint.domains.migrations.overview import RevisionView
from runcrew_lint.engine.affected import Affected, Delivery
from runcrew_lint.model.report import Report
from runcrew_lint.reporters.markdown import blocks, code, escaped

MOST = 40  # rows of one table


def render(report: Report, affected: Affected | None) -> str:
    """A section of Markdown, ending in a newline."""
    parts = ["## runcrew-lint", *blocks(report)]
    if affected:
        parts += _revisions(affected)
        parts += _deliveries("What this change makes happen", affected.begins)
        parts += _deliveries("What happens no more", affected.ends)
    return "\n\n".join(parts) + "\n"


def _revisions(affected: Affected) -> Iterator[str]:
    if affected.revisions:
        yield f"### Locks of this change's migrations, PostgreSQL {affected.postgres}"
        rows = (_revision(each) for each in affected.revisions)
        yield _table(("revision", "locks", "rewritten", "read"), rows)


def _revision(view: RevisionView) -> tuple[str, ...]:
    unread = f" ({view.unresolved:,} of {view.operations:,} operations not read)" if view.unresolved else ""
    locks = [f"{mode} on {_names(names)}: {mode.waiting}" for mode, names in view.locks]
    return (
        code(view.migration.revision or view.migration.path),
        f"{'<br>'.join(locks) or 'none'}{unread}",
        _names(view.rewrites),
        _names(view.scans),
    )


def _deliveries(title: str, deliveries: Sequence[Delivery]) -> Iterator[str]:
    if deliveries:
        yield f"### {title}"
        rows = (
            (
                escaped(each.when),
                code(f"{each.workflow.rpartition('/')[2]}: {each.job}"),
                code(each.command),
                "" if each.sure else "may",
            )
            for each in deliveries
        )
        yield _table(("on", "job", "command", ""), rows)


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(code, names))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    every = list(rows)
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in every[:MOST]]
    if len(every) > MOST:
        lines += ["", f"and {len(every) - MOST:,} more"]
    return "\n".join(lines)
