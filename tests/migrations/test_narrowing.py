"""Which changes of a type have no room for every value, and what becomes of those that do not fit."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations.narrowing import missing_labels, narrowing
from runcrew_lint.domains.migrations.schema import Schema
from tests.migrations.lock_truth import statements

STAMP, ZONED = "timestamp without time zone", "timestamp with time zone"


@pytest.fixture(scope="module")
def types() -> Schema:
    schema = Schema()
    for sql in (
        "CREATE TYPE state AS ENUM ('new', 'run', 'done')",
        "CREATE TYPE wider AS ENUM ('new', 'run', 'done', 'lost')",
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
        "CREATE DOMAIN said AS character varying(10)",
    ):
        for statement in statements(sql):
            for operation in statement:
                schema = schema.after(operation, "r0")
    return schema


@pytest.mark.parametrize(
    ("old", "casts", "new", "lost"),
    [
        ("integer", (), "bigint", ""),
        ("bigint", (), "integer", "beyond integer"),
        ("bigint", (), "numeric", ""),
        ("integer", (), "numeric(12,2)", ""),
        ("integer", (), "numeric(10,2)", "more than 8 digits"),
        ("integer", (), "real", "keeps 6"),
        ("integer", (), "double precision", ""),
        ("bigint", (), "double precision", "keeps 15"),
        ("integer", ("boolean",), "boolean", "becomes true"),
        ("numeric(8,2)", (), "numeric(12,2)", ""),
        ("numeric(8,2)", (), "numeric(8,1)", "rounded to 1"),
        ("numeric(8,2)", (), "numeric(7,2)", "more than 5 digits"),
        ("numeric", (), "numeric(8,2)", "rounded to 2"),
        ("numeric(9,0)", (), "integer", ""),
        ("numeric(8,2)", (), "integer", "fractions"),
        ("double precision", (), "numeric", ""),
        ("double precision", (), "real", "sixth"),
        ("character varying(20)", (), "character varying(30)", ""),
        ("character varying(20)", (), "text", ""),
        ("text", (), "character varying(20)", "longer than 20"),
        ("character varying(20)", (), "character varying(10)", "longer than 10"),
        ("said", (), "character varying(10)", ""),
        ("said", (), "character varying(9)", "longer than 9"),
        ("text[]", (), "character varying(9)[]", "longer than 9"),
        ("text", ("integer",), "integer", "no integer"),
        ("text", ("uuid",), "uuid", "no uuid"),
        ("text", (), "tsvector", ""),
        ("uuid", (), "character varying(36)", ""),
        ("uuid", (), "character varying(32)", "more than 32"),
        (ZONED, (), STAMP, ""),
        (STAMP, (), "date", "time of day"),
        (STAMP, (), "timestamp(0) without time zone", "0 digits"),
        ("date", (), STAMP, ""),
        ("json", ("jsonb",), "jsonb", ""),
        ("state", ("text",), "wider", ""),
        ("wider", ("text",), "state", "'lost'"),
        ("text", ("state",), "state", "no label"),
        ("wider", (), "character varying(4)", ""),
        ("wider", (), "character varying(3)", "longer than 3"),
        ("integer", (), "positive", "does not allow"),
        ("never_made", (), "elsewhere", ""),
    ],
)
def test_what_becomes_of_values(old: str, casts: tuple[str, ...], new: str, lost: str, types: Schema) -> None:
    found = narrowing(old, casts, new, types)
    assert (lost in found) if lost else not found


def test_the_labels_that_are_missing(types: Schema) -> None:
    assert missing_labels("wider", ("text", "state"), "state", types) == ("lost",)
    assert missing_labels("wider", ("integer",), "state", types) == ()
