"""The revision up to which a history is taken as it is."""

from __future__ import annotations

from runcrew_lint.domains.migrations.history import History


def head_of(history: History) -> tuple[str, str]:
    """The newest revision and its file; "" and the reason where it can't be one revision.

    A policy names one: with several histories or heads, it would settle one of them and not the others.
    """
    lineages = [each for each in history.lineages if each.migrations]
    if not lineages:
        return "", ""
    if len(lineages) > 1:
        names = ", ".join(each.name for each in lineages[:4])
        more = ", ..." if len(lineages) > 4 else ""
        return "", f"there are {len(lineages)} histories ({names}{more}), and the policy names one revision"
    (lineage,) = lineages
    if lineage.unread:
        return "", f"{lineage.unread[0]} can't be read"
    if not lineage.is_whole:
        return "", f"a revision of {lineage.name} has a parent that is not told by its text"
    if len(lineage.heads) != 1:
        return "", f"{lineage.name} has {len(lineage.heads)} heads: merge them first"
    (head,) = lineage.heads
    if len(lineage.up_to(head.revision)) < len(lineage.by_revision):
        return "", f"not every revision of {lineage.name} comes before its head {head.revision}"
    return head.revision, head.path
