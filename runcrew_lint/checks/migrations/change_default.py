"""change-default: the code of two releases gets two values from one INSERT."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.migrations._standing import altered, is_known, is_made_here
from runcrew_lint.checks.migrations._told import told
from runcrew_lint.domains.migrations.facts import UNREAD, Kind
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_CAST = lazily(r"::[\w .\"]+(?:\([\d, ]*\))?(?:\[\])*\Z")
_NOW = frozenset({"now()", "current_timestamp", "transaction_timestamp()", "current_timestamp()"})


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each SET DEFAULT that gives an older column another default than it had."""
    for step, before, after in altered(repository, policy, Kind.SET_DEFAULT):
        if before is None or is_made_here(step, before) or not is_known(before, "default"):
            continue
        was = step.lineage.before(step.migration.revision).column(step.operation.table, after.column.name)
        old = was.column.default if was is not None else before.column.default
        new = after.column.default
        if old is None or new is None or UNREAD in (old, new) or _plain(old) == _plain(new):
            continue
        name = f"{step.operation.table}.{after.column.name}"
        yield told(
            step, f"{name} defaults to {_short(new)} from now on, and running code counts on {_short(old)}"
        )


def _plain(default: str) -> str:
    """A default without casts, parentheses and quotes: '0' and 0 are one value."""
    text = default.strip()
    while True:
        shorter = _CAST.sub("", text)
        if shorter[:1] == "(" and shorter[-1:] == ")":
            shorter = shorter[1:-1].strip()
        if shorter == text:
            break
        text = shorter
    if text.lower() in _NOW:
        return "now()"
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text.lower()


def _short(default: str) -> str:
    text = " ".join(default.split())
    return text if len(text) <= 40 else f"{text[:39]}…"
