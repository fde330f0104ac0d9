"""Which names are secrets', in any case style and behind any prefix."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.secrets.facts import Basis
from runcrew_lint.domains.secrets.names import Named, Names, names_of, snake
from runcrew_lint.domains.secrets.scan import scan
from runcrew_lint.policy.model import Secrets

POLICY = Secrets(names=("JWT_SECRET", "DATABASE_URL", "KAKAO_CLIENT_ID"), public=("MAPBOX_ACCESS_TOKEN",))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kakaoClientId", "KAKAO_CLIENT_ID"),
        ("spring.datasource.password", "SPRING_DATASOURCE_PASSWORD"),
        ("AWSSecretKey", "AWS_SECRET_KEY"),
        ("jwt-secret", "JWT_SECRET"),
        ("S3_KEY2", "S_3_KEY_2"),
        ("", ""),
    ],
)
def test_snake(name: str, words: str) -> None:
    assert snake(name) == words


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("JWT_SECRET", Named(Basis.POLICY, "JWT_SECRET")),
        ("APP_JWT_SECRET", Named(Basis.POLICY, "JWT_SECRET")),
        ("jwtSecret", Named(Basis.POLICY, "JWT_SECRET")),
        ("databaseurl", Named(Basis.POLICY, "DATABASE_URL")),
        ("JWT_SECRET_PROD", Named(Basis.POLICY, "JWT_SECRET")),
        ("dbPassword", Named(Basis.NAME, "PASSWORD")),
        ("storepassword", Named(Basis.NAME, "PASSWORD")),
        ("STRIPE_API_KEY", Named(Basis.NAME, "API_KEY")),
        ("aws_secret_access_key", Named(Basis.NAME, "ACCESS_KEY")),
        ("JWT_SECRET_NAME", None),
        ("password_hash", None),
        ("tokenizer", None),
        ("EXPO_PUBLIC_MAPBOX_ACCESS_TOKEN", None),
        ("nextPageToken", None),
        ("csrf_token", None),
        ("remember_token", None),
        ("NOPASSWD", None),
        ("share-auth-token", None),
        ("ENCRYPTED_PASSWORD", None),
        ("REGEX_PASSWORD", None),
        ("CLIENT_ID", None),
        ("a GitLab token", None),
        ("비밀", None),
    ],
)
def test_named(name: str, named: Named | None) -> None:
    assert Names(POLICY).named(name) == named


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("self.dbPassword = 1", ["self.dbPassword"]),
        ("tokens, token_type, password_hash", []),
        ("--api-key x", ["api-key"]),
        ("JWT_SECRET_STAGING=", ["JWT_SECRET_STAGING"]),
        ("JWT_SECRET_KEY_ID=", []),
        ("secret-name: x", []),
        ("password, passwd.", ["password", "passwd"]),
        ("AWS_SECRET_ACCESS_KEY", ["AWS_SECRET_ACCESS_KEY"]),
        ("비밀password를", ["password"]),
    ],
)
def test_where_names_stand(text: str, names: list[str]) -> None:
    assert [hit.name for hit in scan(text, POLICY).hits] == names
    assert all(text[hit.start : hit.end] == hit.name for hit in scan(text, POLICY).hits)


def test_no_policy_name_no_policy_half() -> None:
    assert names_of(Secrets()).named("KAKAO_CLIENT_ID") is None
