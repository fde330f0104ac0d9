"""Column types that a repository declares, and those of packages: what PostgreSQL is told, if known."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from runcrew_lint.domains.migrations import alembic
from runcrew_lint.domains.migrations.types import from_sql
from tests.consulting import Consulting
from tests.migrations.reading import read, source_of

TYPES = """
import datetime
import uuid

import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import CHAR, TypeDecorator


class Slug(TypeDecorator):
    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value and value.lower()


class Short(Slug):
    pass


class Name(TypeDecorator):
    impl = sa.String(80)


class Moment(types.TypeDecorator):
    impl = sa.DateTime(timezone=True)


class Key(TypeDecorator):
    impl = CHAR

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID())
        return dialect.type_descriptor(CHAR(32))


class Document(TypeDecorator):
    impl = sa.JSON

    def load_dialect_impl(self, dialect):
        if dialect.name == "mysql":
            return dialect.type_descriptor(sa.Text())
        return dialect.type_descriptor(self.impl)


class Padded(TypeDecorator):
    impl = sa.String

    def __init__(self, length, **options):
        super().__init__(length + 2, **options)


class Listed(TypeDecorator):
    impl = sa.Text

    def __init__(self, separator=","):
        super().__init__()
        self.separator = separator


class Sized(TypeDecorator):
    impl = sa.Text

    def __init__(self, length):
        super().__init__()
        self.impl = sa.String(length)


class Point(types.UserDefinedType):
    def get_col_spec(self, **options):
        return "POINT"


class Vector(types.UserDefinedType):
    def __init__(self, size):
        self.size = size

    def get_col_spec(self, **options):
        return f"vector({self.size})"


class Mood(TypeDecorator):
    impl = sa.Enum("sad", "ok", name="mood")


class Nested(TypeDecorator):
    impl = Name


class Loud(sa.String):
    pass
"""
SPACE: dict[str, Any] = {}
exec(TYPES, SPACE)

KNOWN = [
    *("Slug", "Slug()", "Slug(40)", "Slug(length=40)", "Short(40)", "Name()", "Moment", "Moment()", "Key()"),
    *(
        "Document",
        "Document()",
        "Listed()",
        "Listed(';')",
        "Sized(7)",
        "Point()",
        "sa.ARRAY(Key())",
        "Nested()",
    ),
    *("Slug(40).with_variant(Key(), 'postgresql')", "Slug(40).with_variant(Key(), 'mysql')"),
]
UNKNOWN = ["Padded(4)", "Vector(3)", "Mood()", "Loud(4)", "Gone()"]


def _type_of(written: str) -> str:
    names = [name for name in (*SPACE, "Gone") if f"{name}" in written and name not in ("sa", "types")]
    head = f"from app.kinds import {', '.join(names)}" if names else "import app"
    source = source_of(f"op.add_column('runs', sa.Column('a', {written}))", before=head)
    migration = alembic.read(source, Consulting({"app/__init__.py": "", "app/kinds.py": TYPES}))
    assert migration is not None
    (operation,) = migration.upgrade
    (column,) = operation.columns
    assert bool(column.type) is ("type" not in column.unknown)
    return column.type


@pytest.mark.parametrize("written", KNOWN)
def test_sqlalchemy_renders_it_so(written: str) -> None:
    made = eval(f"sa.types.to_instance({written})", SPACE)
    dialect: Any = postgresql.dialect
    assert _type_of(written) == from_sql(made.compile(dialect=dialect()))


@pytest.mark.parametrize("written", UNKNOWN)
def test_what_is_not_certain_stays_unknown(written: str) -> None:
    assert _type_of(written) == ""


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("sqlalchemy_utils.UUIDType(binary=False)", "uuid"),
        ("sqlalchemy_utils.types.uuid.UUIDType()", "uuid"),
        ("sqlalchemy_utils.UUIDType(native=False)", ""),
        ("sqlalchemy_utils.ArrowType(timezone=True)", "timestamp with time zone"),
        ("sqlalchemy_utils.types.arrow.ArrowType()", "timestamp without time zone"),
        ("sqlalchemy_utils.StringEncryptedType(sa.Unicode, 'key')", "character varying"),
        ("sqlalchemy_utils.TSVectorType('a', 'b')", "tsvector"),
        ("sqlalchemy_utils.ChoiceType([('a', 'b')])", ""),
        ("fastapi_users_db_sqlalchemy.generics.GUID()", "uuid"),
    ],
)
def test_the_types_of_packages(written: str, type_: str) -> None:
    source = source_of(
        f"op.add_column('runs', sa.Column('a', {written}))",
        before="import fastapi_users_db_sqlalchemy.generics\nimport sqlalchemy_utils",
    )
    assert read(source).upgrade[0].columns[0].type == type_
