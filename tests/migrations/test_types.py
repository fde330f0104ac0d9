"""PostgreSQL's own spelling of a type, whatever a script calls it."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.migrations.types import from_sql


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ('"uuid"', "uuid"),
        ('"text"[]', "text[]"),
        ('"int4"', "integer"),
        ('"pg_catalog"."int8"', "bigint"),
        ("pg_catalog.bool", "boolean"),
        ('"varchar"(20)', "character varying(20)"),
        ('"timestamptz"', "timestamp with time zone"),
        ('"timestamp"', "timestamp without time zone"),
        ('"char"', '"char"'),
        ('"Text"', '"Text"'),
        ('"mood"', '"mood"'),
        ('"app"."uuid"', '"app"."uuid"'),
    ],
)
def test_a_quoted_name_of_the_servers_own_is_that_type(written: str, spelled: str) -> None:
    assert from_sql(written) == spelled
