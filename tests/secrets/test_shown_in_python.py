"""What OpenAPI shows as an example in a module is read as one."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.secrets.facts import Context
from tests.secrets.reading import fact_of

VALUE = "9f2c47d0b1e8a356" + "c4d7e09a1b82f653"


@pytest.mark.parametrize(
    ("before", "behind", "context"),
    [
        ('{"example": ', "}", Context.EXAMPLE),
        ('{"content": {"examples": [', "]}}", Context.EXAMPLE),
        ('{"example": 1, "content": ', "}", Context.PRODUCTION),
        ("Body(example=", ")", Context.EXAMPLE),
        ("Body(content=", ")", Context.PRODUCTION),
        ('{"tests": ', "}", Context.PRODUCTION),
        ('{**other, "content": ', "}", Context.PRODUCTION),
    ],
)
def test_where_it_is_shown(before: str, behind: str, context: Context) -> None:
    fact = fact_of("app/routes.py", f'shown = {before}{{"client_secret": "{VALUE}"}}{behind}\n')
    assert fact is not None
    assert [each.context for each in fact.uses] == [context]
