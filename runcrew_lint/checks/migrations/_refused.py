"""Indexes and keys that no server builds: the upgrade stops at them.

Asked of PostgreSQL 16 and 18. A function that some arguments make IMMUTABLE counts only where they are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from runcrew_lint.checks.migrations._rows import only_if
from runcrew_lint.domains.migrations.facts import Constraint, ConstraintKind, Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.locks.terms import names_in
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

# Those of which no overload is IMMUTABLE, as far as anybody writes them into an index.
_CALLED = frozenset(
    """
    array_to_json array_to_string clock_timestamp concat concat_ws current_database current_schema
    current_setting format gen_random_uuid json_build_object jsonb_build_object nextval now random
    row_to_json statement_timestamp timeofday to_char to_date to_json to_jsonb to_number
    transaction_timestamp
    """.split()  # noqa: SIM905 - a long list of words reads better so
)
_WORDS = frozenset(
    {
        *("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"),
        *("current_role", "current_user", "session_user"),
    }
)
# The day of a moment with a zone hangs on the session's zone; of one without it does not.
_OF_A_DAY = lazily(
    r"""(?<![\w."'])(?:date\s*\(\s*"?(?P<called>\w+)"?\s*\)"""
    r"""|date_trunc\s*\(\s*'[^']*'\s*,\s*"?(?P<cut>\w+)"?\s*\)"""
    r"""|cast\s*\(\s*"?(?P<cast>\w+)"?\s+as\s+date\s*\)"""
    r"""|"?(?P<marked>\w+)"?\s*::\s*date\b)""",
    re.IGNORECASE,
)
_EXCLUSION_SINCE = 17  # on partitioned tables
_KEYS = (ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE)


def refused_index(step: Step) -> str:
    """Why the server does not build an index, "" where it may."""
    operation = step.operation
    index = operation.index
    if index is None:
        return ""
    columns = step.table.columns if step.table is not None else {}
    for expression in (each for each in (*index.keys, index.where) if each not in columns):
        for token, called in names_in(expression):
            if token.value in (_CALLED if called else _WORDS if token.kind == "word" else ()):
                name = f"{token.value}()" if called else token.value
                return f"{name} is not IMMUTABLE, and an index takes nothing else (42P17)"
        for found in _OF_A_DAY.finditer(expression):
            column = next(name for name in found.groups() if name)
            state = step.schema.column(operation.table, column)
            if state is not None and state.column.type.endswith("with time zone"):
                return (
                    f"{found[0]} hangs on the session's time zone, for {column} has one, and an index takes "
                    "what is IMMUTABLE alone (42P17)"
                )
    if index.unique and step.table is not None and step.table.partitioned:
        beside = _beside(index.keys, step.table.partition_key)
        return f"{operation.table} is {beside}" if beside else ""
    return ""


def refusals(repository: Repository, policy: Policy, kind: ConstraintKind) -> Iterator[Fault]:
    """One fault at each new constraint of this kind that its partitioned table can't have."""
    kinds = (Kind.CREATE_TABLE, Kind.ADD_COLUMN, Kind.ADD_CONSTRAINT)
    for step in judged_steps(repository.derive(history_of), policy, *kinds):
        for constraint in step.operation.constraints:
            why = refused_key(step, constraint) if constraint.kind is kind else ""
            if why:
                columns = f" ({', '.join(constraint.columns)})" if constraint.columns else ""
                yield Fault(
                    step.place,
                    f"{step.operation.table} can't have {kind.value.upper()}{columns}: {why}",
                    notes=only_if(step.operation),
                    help="take the columns of the partitions into the key, or keep the rule by a trigger",
                )


def refused_key(step: Step, constraint: Constraint) -> str:
    """Why a partitioned table can't have a constraint, "" where it may."""
    operation, table = step.operation, step.table
    if constraint.kind not in _KEYS:
        return ""
    if operation.kind is Kind.CREATE_TABLE:
        if table is not None:
            return ""  # there already: IF NOT EXISTS, or another schema
        key = operation.option("partition by")
    else:
        key = table.partition_key if table is not None and table.partitioned else ""
    if not key:
        return ""
    if constraint.using_index:
        return "a partitioned table takes no key USING INDEX (0A000)"
    if constraint.kind is ConstraintKind.EXCLUDE:
        if step.major < _EXCLUSION_SINCE:
            return f"a partitioned table takes no exclusion constraint before {_EXCLUSION_SINCE} (0A000)"
        return ""
    beside = _beside(constraint.columns, key)
    return f"it is {beside}" if beside else ""


def _beside(columns: tuple[str, ...], key: str) -> str:
    """Why a key of these columns can't be had beside the key of the partitions."""
    shape = re.search(r"\((.*)\)\s*\Z", key, re.S)
    if shape is None:
        return ""
    if "(" in shape[1]:
        return f"partitioned by {shape[1].strip()}, and beside an expression no key can be (0A000)"
    parts = [token.value for part in shape[1].split(",") for token, _ in islice(names_in(part), 1)]
    missing = [name for name in parts if name not in columns]
    if not missing:
        return ""
    said, gone = ", ".join(parts), ", ".join(missing)
    return f"partitioned by {said}, and a key of it must hold {gone}, too (0A000)"
