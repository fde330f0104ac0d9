"""What the rules about timeouts have in common."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.runs import Statement
from runcrew_lint.domains.migrations.schema import Setting
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy

_TIME = lazily(r"'?\s*(?P<value>(?P<number>[1-9]\d*)\s?(?P<unit>ms|s|min)?)\s*'?")
_MILLISECONDS = {"": 1, "ms": 1, "s": 1000, "min": 60_000}
_LONGEST = 60_000  # who waits longer for a lock says so of the one revision


def is_off(setting: Setting | None) -> bool:
    """Whether a timeout is not in force: never set, or set to zero ("0", "0ms")."""
    return setting is None or not setting.value.strip("'\" ").rstrip("msinh").strip(" 0")


def is_known(statement: Statement) -> bool:
    """Whether the env.py that opens the connection is in the repository: it may set timeouts for all."""
    return any(each.path.endswith(".py") for each in statement.lineage.setups)


def called(table: Relation, statement: Statement) -> str:
    """What a statement locks: of an index whose table is not known, the table that it is on."""
    first = statement.first
    is_index = first.kind is Kind.DROP_INDEX and table.name == first.name
    return f"the table of {table}" if is_index else str(table)


def unguarded(
    function: tuple[Statement, ...], timeout: str, policy: Policy
) -> Iterator[tuple[Statement, Relation, LockMode]]:
    """The statements whose lock makes others wait while a timeout is not in force, with that lock."""
    for statement in function:
        if is_off(statement.setting(timeout)):
            felt = statement.felt(policy)
            if felt:
                table, mode = max(felt.items(), key=lambda each: each[1])
                yield statement, table, mode


def by_habit(statement: Statement, timeout: str) -> str:
    """What this revision, or else the last one before it, sets a timeout to; "" where none does."""
    lineage = statement.lineage
    key = ("by habit", timeout)
    if key not in lineage.derived:
        lineage.derived[key] = tuple(_set(lineage, timeout))
    at = lineage.ranks[statement.migration.revision]
    return next((value for rank, value in reversed(lineage.derived[key]) if rank <= at), "")


def _set(lineage: Lineage, timeout: str) -> Iterator[tuple[int, str]]:
    """What the revisions set a timeout to, with the place of each."""
    for at, migration in enumerate(lineage.order):
        for operation in (*migration.downgrade, *migration.upgrade):
            if operation.kind is Kind.SET:
                said = _TIME.fullmatch(operation.option(timeout))
                if said and int(said["number"]) * _MILLISECONDS[said["unit"] or ""] <= _LONGEST:
                    yield at, said["value"]
