"""What is said of a wrong address, how grave it is, and whether --fix may set it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runcrew_lint.checks.eas.eas_api_url_mismatch import check
from runcrew_lint.model.finding import Severity
from runcrew_lint.policy.model import Environment, Policy
from tests.eas.test_resolve import config

POLICY = Policy(
    "test",
    named=True,
    environments=(
        Environment("development", "development", api_url="http://localhost:8000/v1"),
        Environment("staging", "staging", api_url="https://staging.example.org/v1"),
        Environment("production", "production", api_url="https://api.example.org/v1"),
    ),
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("http://localhost:8000/v1", "the phone itself"),
        ("http://10.0.2.2:8000/v1", "the phone itself"),
        ("http://192.168.0.7:8000/v1", "one private network"),
        ("http://staging.example.org/v1", "refuse plain http"),
        ("https://staging.example.org/v2", "miss their routes"),
        ("https://api.example.org/v1", "the server of production"),
        ("https://example.com/v1", "not this environment's"),
        ("$API_URL", "hands it on as it is written"),
        ("", "hands it on as it is written"),
    ],
)
def test_what_it_leads_to(value: str, said: str) -> None:
    (fault,) = check(config(f"{{build: {{staging: {{env: {{API_BASE_URL: '{value}'}}}}}}}}"), POLICY)
    assert said in fault.message
    assert fault.severity is None and fault.mend is not None


@pytest.mark.parametrize(
    ("profile", "severity", "mended"),
    [
        ("{}", None, True),
        ("{environment: 'preview'}", Severity.INFO, False),
        ("{environment: 'preview', env: {API_BASE_URL: 'https://api.example.org/v1'}}", None, True),
        ("{env: {API_BASE_URL: null}}", None, True),
    ],
)
def test_what_is_not_set(profile: str, severity: Severity | None, mended: bool) -> None:
    (fault,) = check(config(f"{{build: {{staging: {profile}}}}}"), POLICY)
    assert (fault.severity, fault.mend is not None) == (severity, mended)


def test_no_secret_is_repeated() -> None:
    url = "https://me:hushed@staging.example.org/v1?key=hushed"
    (fault,) = check(config(f"{{build: {{staging: {{env: {{API_BASE_URL: '{url}'}}}}}}}}"), POLICY)
    assert "hushed" not in fault.message


def test_each_variable_that_is_set_and_one_where_none_is() -> None:
    both = "{build: {staging: {env: {A: 'http://a.b', B: 'http://a.b'}}, production: {}}}"
    found = [fault.message.split("`")[1] for fault in check(config(both), POLICY, variables=("A", "B"))]
    assert found == ["A", "B", "A"]


def test_a_policy_that_nobody_named_asks_for_no_address() -> None:
    eas = config("{build: {production: {env: {API_BASE_URL: 'http://elsewhere.example.org'}}}}")
    assert list(check(eas, POLICY))
    assert not list(check(eas, replace(POLICY, named=False)))
