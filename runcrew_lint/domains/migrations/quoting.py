"""Names as SQL writes them: in quotes where PostgreSQL would fold them or take them for a keyword.

The keywords are those that appendix C of the manual ("SQL Key Words") calls reserved in PostgreSQL.
"""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Relation
from runcrew_lint.patterns import lazily

_PLAIN = lazily(r"[a-z_][a-z0-9_$]*\Z")
_RESERVED = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
    collation column concurrently constraint create cross current_catalog current_date current_role
    current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
    except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into
    is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on
    only or order outer overlaps placing primary references returning right select session_user similar some
    symmetric system_user table tablesample then to trailing true union unique user using variadic verbose
    when where window with
    """.split()  # noqa: SIM905 - a long list of words reads better so
)


def quoted(name: str) -> str:
    """A name as SQL reads it back."""
    if _PLAIN.match(name) and name not in _RESERVED:
        return name
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def qualified(name: Relation) -> str:
    """A relation with its schema, where it has one."""
    return f"{quoted(name.schema)}.{quoted(name.name)}" if name.schema else quoted(name.name)
