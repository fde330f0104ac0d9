"""compose-secret-literal: the file decides what a value is, and one rule speaks of it."""

from __future__ import annotations

import pytest

from runcrew_lint.checks.compose.compose_secret_literal import check
from runcrew_lint.checks.secrets import password_in_url, secret_in_code
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from tests.secrets.reading import fact_of

MADE_UP = "JWT_SECRET: dev-secret-key"
RANDOM = "JWT_SECRET: " + "9f2c47d0b1e8a356" + "c4d7e09a1b82f653"
REFERENCE = "JWT_SECRET: ${JWT_SECRET:?}"
URL = "UPSTREAM: https://runcrew:" + "Xk29vQ7pLm4r" + "@hooks.runcrew.app/x"
COMPOSE, CODE, IN_URL = "compose-secret-literal", "secret-in-code", "password-in-url"


class _Worktree:
    is_git = False
    base = None
    paths: tuple[str, ...] = ()

    def is_tracked(self, path: str) -> bool:
        return True

    def ignored(self, paths: object) -> frozenset[str]:
        return frozenset()


@pytest.mark.parametrize(
    ("path", "line", "speakers"),
    [
        ("compose.prod.yml", MADE_UP, [COMPOSE]),
        ("compose.yml", MADE_UP, []),
        ("compose.test.yml", MADE_UP, []),
        ("compose.prod.yml", RANDOM, [COMPOSE]),
        ("compose.yml", RANDOM, [COMPOSE]),
        ("deploy/Docker-Compose.yaml", RANDOM, [COMPOSE]),
        ("deploy/values.yml", RANDOM, [CODE]),
        ("compose.prod.yml", REFERENCE, []),
        ("compose.prod.yml", URL, [IN_URL]),
    ],
)
def test_one_rule_speaks_of_a_value(path: str, line: str, speakers: list[str]) -> None:
    text = f"services:\n  app:\n    image: runcrew/api:1\n    environment:\n      {line}\n"
    policy = Policy("test")
    fact = fact_of(path, text)
    facts = [fact] if fact else []
    told = {
        COMPOSE: list(check(Repository(_Worktree(), policy, facts, ["secrets", "compose"]), policy)),
        CODE: [fault for each in facts for fault in secret_in_code.check(each, policy)],
        IN_URL: [fault for each in facts for fault in password_in_url.check(each, policy)],
    }
    assert [rule for rule, faults in told.items() for _ in faults] == speakers
    for fault in (fault for faults in told.values() for fault in faults):
        assert fault.veiled == (fault.place,)
