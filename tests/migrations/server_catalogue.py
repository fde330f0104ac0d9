"""What a server's catalogue says of a schema, as facts that can be held against another database's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg

from runcrew_lint.domains.migrations.schema import Schema
from tests.migrations.rendered import statements

Fact = tuple[str, ...]

# One statement, which looks the columns up once for all that is said of them.
_FACTS = r"""
WITH own AS MATERIALIZED (
    SELECT c.oid, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, n.nspname,
           n.nspname || '.' || c.relname AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    AND c.relname NOT LIKE 'alembic\_version%'
), columns AS MATERIALIZED (
    SELECT own.name || '.' || a.attname AS name, a.attname, a.attnotnull,
           format_type(a.atttypid, a.atttypmod) AS type,
           coalesce(pg_get_expr(e.adbin, e.adrelid), '')
           || (a.attidentity <> '')::text || a.attgenerated::text AS value
    FROM own JOIN pg_attribute a ON a.attrelid = own.oid
    LEFT JOIN pg_attrdef e ON e.adrelid = own.oid AND e.adnum = a.attnum
    WHERE own.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
)
SELECT 'table', name, relkind::text || relpersistence::text || relrowsecurity || relforcerowsecurity
FROM own WHERE relkind IN ('r', 'p', 'v', 'm')
UNION ALL SELECT 'column', name, attname::text FROM columns
UNION ALL SELECT 'type', name, type FROM columns
UNION ALL SELECT 'nullability', name, attnotnull::text FROM columns
UNION ALL SELECT 'default', name, value FROM columns
UNION ALL
SELECT 'index', own.nspname || '.' || i.relname, pg_get_indexdef(i.oid) || x.indisvalid::text
FROM own JOIN pg_index x ON x.indrelid = own.oid JOIN pg_class i ON i.oid = x.indexrelid
WHERE own.relkind IN ('r', 'p', 'm')
UNION ALL
-- Without a key's own parts, one for each partition that it refers to: their numbers depend on the order.
SELECT 'constraint', own.name || '.' || k.conname, pg_get_constraintdef(k.oid)
FROM own JOIN pg_constraint k ON k.conrelid = own.oid
WHERE k.contype <> 'n' AND k.contype <> 't'
AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
UNION ALL
SELECT 'enum', n.nspname || '.' || t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
GROUP BY 2
"""
_FUNCTIONS = """
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind IN ('f', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def facts(connection: psycopg.Connection) -> dict[Fact, str]:
    """Every fact by its sort and object: tables, columns, types, defaults, indexes, constraints, enums."""
    return {(sort, name): value for sort, name, value in connection.execute(_FACTS.encode())}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a replayed schema compares; `refused` are the statements that the server did not take."""

    equal: int
    differing: tuple[tuple[Fact, str | None, str | None], ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def total(self) -> int:
        """All facts that either side has."""
        return self.equal + len(self.differing)


def compared(schema: Schema, real: psycopg.Connection, scratch: psycopg.Connection) -> Comparison:
    """Make the replayed schema in an empty database and hold the two catalogues against each other.

    So the server itself says whether two types, defaults or expressions are the same. Extensions and
    functions, which are not compared, are copied.
    """
    extensions = real.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")
    refused = list(
        _run(scratch, ((f'CREATE EXTENSION IF NOT EXISTS "{name}"', name) for (name,) in extensions))
    )
    late = [(sql, "a function") for (sql,) in real.execute(_FUNCTIONS.encode())]
    scratch.execute("SET check_function_bodies = off")
    for _ in _run(scratch, late):
        pass  # it takes a type or table that is not there yet
    refused += _run(scratch, statements(schema), retry=late)
    ours, theirs = facts(scratch), facts(real)
    differing = tuple(
        (fact, theirs.get(fact), ours.get(fact))
        for fact in sorted(ours.keys() | theirs.keys())
        if ours.get(fact) != theirs.get(fact)
    )
    return Comparison(len(ours.keys() | theirs.keys()) - len(differing), differing, tuple(refused))


def _run(
    connection: psycopg.Connection,
    given: Iterable[tuple[str, str]],
    retry: list[tuple[str, str]] | None = None,
) -> list[tuple[str, str]]:
    refused = []
    for sql, _ in given:
        for attempt in (0, 1):
            try:
                connection.execute(sql.encode())
                break
            except psycopg.Error as error:
                if attempt == 0 and retry and isinstance(error, psycopg.errors.UndefinedFunction):
                    _run(connection, retry)
                    continue
                refused.append((sql, str(error).splitlines()[0]))
                break
    return refused
