"""The lock table as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.locks.rows import FIRST_MAJOR, LAST_MAJOR, Majors, Role, Row
from runcrew_lint.domains.migrations.locks.table import SECTIONS

_INTRODUCTION = f"""\
# Locks

What PostgreSQL {FIRST_MAJOR} to {LAST_MAJOR} locks, rewrites and reads for each form of statement. Findings
about migrations take their words from this table. It is generated from
`runcrew_lint/domains/migrations/locks/table.py` by `python docs/generate.py`.

A lock is held until its transaction ends. A statement may have several forms: adding a column that
REFERENCES a table is *add column* and *add foreign key*, and each relation gets the strongest lock of all.
Which forms a statement has depends on the schema that the history built just before it: the old type of a
column, a CHECK that is valid, the partitions and heirs, the foreign keys from and to a table, the views that
read it, the session's time zone.

| lock | reads wait | writes wait |
| --- | --- | --- |
"""

_EXPLAINED = """
*Partitions and heirs* are those of the named relation, unless ONLY leaves them out. The *other side* is what
a foreign key points at, the parent or the partition that is attached or detached, or what a query reads.
*Goes with it* is what is dropped, moved or remade along: views, owned sequences. *Reads* names those whose
rows are all read where they have any; *rewrites* writes every row anew, with every index, and reads them all
for it.

The table was measured: one session runs the statement in a transaction, another reads `pg_locks` before it
ends. `tests/migrations/test_lock_truth.py` holds it to those measurements on nine majors, and
`tests/migrations/test_locks_on_a_server.py` to live servers of 16 and 18, with schemas and statements made at
random. Forms that neither reaches are written after the manual and the server's source.
"""


def page() -> str:
    """docs/locks.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION + "\n".join(
        f"| {mode} | {_yes(mode.blocks_reads)} | {_yes(mode.blocks_writes)} |" for mode in LockMode
    )
    yield _EXPLAINED.rstrip()
    for title, rows in SECTIONS.items():
        yield f"\n## {title}\n"
        yield "| form | for example | locks | work |"
        yield "| --- | --- | --- | --- |"
        for row in rows:
            yield f"| {row.form} | {_code(row.example)} | {_locks(row)} | {_work(row)} |"


def _yes(given: bool) -> str:
    return "yes" if given else ""


def _code(text: str) -> str:
    return text.replace("|", "\\|")


def _locks(row: Row) -> str:
    parts = []
    for role, grades in row.locks.items():
        modes = [
            f"{grade.mode or 'none'}{'' if grade.since == FIRST_MAJOR else f' from {grade.since}'}"
            for grade in grades
        ]
        parts.append(f"{role.value}: {', '.join(modes)}")
    return "<br>".join(parts)


def _work(row: Row) -> str:
    parts = []
    if row.scans:
        parts.append(f"reads {_roles(row.scans)}")
    for role, majors in row.rewrites.items():
        parts.append(f"rewrites {role.value}{_span(majors)}")
    if row.empties:
        parts.append(f"new empty files for {_roles(row.empties)}")
    if row.moves:
        parts.append(f"copies the files of {_roles(row.moves)}")
    if row.rebuilds:
        parts.append(f"builds {_roles(row.rebuilds)}")
    if row.autocommit is not None:
        parts.append(f"not in a transaction{_span(row.autocommit)}")
    return "<br>".join(parts)


def _roles(roles: frozenset[Role]) -> str:
    return " and ".join(role.value for role in Role if role in roles)


def _span(majors: Majors) -> str:
    if majors.first > FIRST_MAJOR:
        return f" from {majors.first}"
    return f" up to {majors.last}" if majors.last <= LAST_MAJOR else ""
