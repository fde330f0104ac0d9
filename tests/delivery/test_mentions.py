"""A script that mentions a check is read: what is not read is taken for one that comes to nothing."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery import programs
from runcrew_lint.domains.mentions import mentions


@pytest.mark.parametrize("name", sorted(programs._TESTS | programs._LINTS))
def test_every_program_that_tests_is_heard(name: str) -> None:
    assert mentions(f"{name} src").leads_on


def test_what_delivers_nothing_is_not() -> None:
    assert not mentions("echo 'the blackest flakes' && ls -l").leads_on
