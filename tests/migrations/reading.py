"""Reads a revision from a few lines, and says its operations in a line each."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent, indent

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.facts import (
    NOWHERE,
    Column,
    Constraint,
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Transaction,
)
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source

HEAD = "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n"
IDENTIFIERS = 'revision = "r2"\ndown_revision = "r1"\n'


class NoReading:
    """A reading that has no other files."""

    policy = Policy("test")

    def consult(self, path: str) -> Source | None:
        """No file is there."""
        del path
        return None


def source_of(upgrade: str, before: str = "", *, head: str = HEAD, path: str = "versions/r2.py") -> Source:
    """A revision whose upgrade() has these lines, after module-level lines."""
    body = indent(dedent(upgrade).strip() or "pass", "    ")
    return Source(path, f"{head}{IDENTIFIERS}\n{dedent(before)}\n\ndef upgrade():\n{body}\n")


def read(source: Source) -> Migration:
    """The revision in a source."""
    found = alembic.read(source, NoReading())
    assert found is not None
    return found


_WITH_TEXT = (Kind.ALTER_TYPE, Kind.CREATE_VIEW, Kind.ATTACH_PARTITION, Kind.CREATE_TRIGGER)


def said(operation: Operation) -> str:
    """An operation in one line: what a person would ask for first."""
    parts = [operation.kind.value]
    if operation.table.name or operation.table.schema:
        parts.append(str(operation.table) if operation.table.name else f"{operation.table.schema}.")
    if operation.name:
        parts.append(f"={operation.name}")
    if operation.words:
        parts.append(f"<{operation.words}>")
    if operation.kind is Kind.COMMENT_TABLE:
        parts.append(f"#{operation.text}")
    if operation.target is not None:
        parts.append(f"->{operation.target}")
    if operation.others:
        parts.append(f"<-{','.join(map(str, operation.others))}")
    parts += [f"like {each.table} {'+'.join(each.including)}".rstrip() for each in operation.likes]
    parts += [_column(each) for each in operation.columns]
    if operation.values:
        parts.append(f"[{','.join(operation.values)}]")
    if operation.options:
        parts.append(f"{{{', '.join(f'{name}={value}' for name, value in operation.options)}}}")
    if operation.kind in _WITH_TEXT and operation.text:
        parts.append(f"~{operation.text}")
    if operation.index is not None:
        index = operation.index
        unique = "unique " if index.unique else ""
        parts.append(f"({unique}{','.join(index.keys)})" + (f" where {index.where}" if index.where else ""))
    parts += [_constraint(each) for each in operation.constraints]
    flags = [
        *("concurrently", "if_exists", "cascade", "whole", "partitioned", "temporary", "repeats", "helper"),
        *("unlogged", "materialized", "replaces", "local", "only", "unsure"),
    ]
    parts += [f"+{flag}" for flag in flags if getattr(operation, flag)]
    if operation.transaction is not Transaction.MIGRATION:
        parts.append(f"@{operation.transaction.value}")
    if operation.form is Form.INLINE:
        parts.append("inline")
    parts += [f"if {condition}" for condition in operation.conditions]
    return " ".join(parts)


def _column(column: Column) -> str:
    text = f"{column.name}:{column.type}" if column.type else column.name
    text += "" if column.nullable else "!"
    text += f"={column.default}" if column.default is not None else ""
    text += f"#{column.comment}" if column.comment is not None else ""
    flags = ("identity", "serial", "primary_key", "unique", "index", "python_default")
    text += "".join(f"+{flag}" for flag in flags if getattr(column, flag))
    text += f"+collate({column.collation})" if column.collation else ""
    text += "+virtual" if column.virtual else ""
    text += f"+generated({column.generated})" if column.generated is not None else ""
    return text + "".join(f"?{name}" for name in column.unknown)


def _constraint(constraint: Constraint) -> str:
    text = f"{constraint.kind.value}({','.join(constraint.columns)}{constraint.expression})"
    if constraint.references is not None:
        text += f"->{constraint.references}({','.join(constraint.referred)})"
    return text + ("" if constraint.valid else " not valid")


def operations(upgrade: str, before: str = "", *, head: str = HEAD) -> list[str]:
    """What upgrade() does, a line an operation, then what of it can't be known."""
    migration = read(source_of(upgrade, before, head=head))
    gaps = [
        f"? {each.what}: {each.why}" for each in migration.unresolved if each.direction is Direction.UPGRADE
    ]
    return [*map(said, migration.upgrade), *gaps]


def bare(operation: Operation) -> Operation:
    """The operation without its place and the way it was written."""
    return replace(
        operation,
        span=NOWHERE,
        call=NOWHERE,
        form=Form.CALL,
        conditions=(),
        repeats=False,
        helper=False,
        columns=tuple(replace(each, span=NOWHERE) for each in operation.columns),
    )
