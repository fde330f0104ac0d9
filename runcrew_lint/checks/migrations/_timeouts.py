"""What the rules about timeouts have in common."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Kind, Relation
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.runs import Statement
from runcrew_lint.domains.migrations.schema import Setting
from runcrew_lint.policy.model import Policy


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
