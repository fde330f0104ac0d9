"""What looks like a secret and was none where it stands: by its company, its time, or what its image says."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha1

import pytest

from runcrew_lint.domains.secrets.facts import Context, Kind
from tests.secrets.reading import uses_of

DIGESTS = [sha1(bytes([each])).hexdigest() for each in range(12)]
OTHERS = ("Staking", "Oracle", "Mock", "Stake")


def _listed(names: list[str], digests: list[str] = DIGESTS) -> str:
    rows = [f'    "{name}": "{digest}"' for name, digest in zip(names, digests, strict=False)]
    return '{\n  "contracts": {\n' + ",\n".join(rows) + "\n  }\n}\n"


@pytest.mark.parametrize("at", [0, 2, 4])
def test_a_digest_among_digests(at: int) -> None:
    names = [*OTHERS[:at], "AuthToken", *OTHERS[at:]]
    assert not uses_of("build/contracts.json", _listed(names))
    assert uses_of("build/contracts.json", _listed(["AuthToken"], DIGESTS[at:]))


def test_an_id_and_its_secret_are_no_list() -> None:
    assert len(uses_of("settings.json", _listed(["ClientId", "AuthToken", "TenantId", "AppId"]))) == 1
    mostly = ["Mock", "AuthToken", "Oracle", "ApiKey", "Stake", "AccessToken"]
    assert len(uses_of("settings.json", _listed(mostly))) == 3
    many = [*OTHERS, *(f"{word}Token" for word in ("Access", "Auth", "Bot", "Chat", "Deploy", "User"))]
    assert len(uses_of("settings.json", _listed(many))) == 6
    longer = [digest + "00" if at != 1 else digest for at, digest in enumerate(DIGESTS)]
    assert len(uses_of("settings.json", _listed(["a", "AuthToken", *OTHERS], longer))) == 1


def _token(**claims: object) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "99fb2bc2", **claims})
    head, body = (urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts)
    return f"{head}.{body}.{'a8Zk3Qw9_b' * 4}xYz"


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"iat": 1778860686, "exp": 1778861586}, False),
        ({"iat": 1778860686, "exp": 1778864286}, False),
        ({"iat": 1778860686, "exp": 1778864287}, True),
        ({"iat": 1778860686}, True),
        ({"exp": 1778861586}, True),
        ({"iat": 1778860686, "exp": 1778860000}, True),
    ],
)
@pytest.mark.parametrize("row", ['{"label": "%s"}', '{"auth_token": "%s"}'])
def test_a_token_that_ended_within_an_hour(row: str, claims: dict[str, object], told: bool) -> None:
    found = uses_of("reports/soak/manifest.json", row % _token(**claims))
    assert [each.kind for each in found] == [Kind.VENDOR] * told
    assert len(uses_of("deploy/production.json", row % _token(**claims))) == 1


@pytest.mark.parametrize(
    ("env", "contexts"),
    [
        ("ENV APP_ENV=local", []),
        ("ENV ENVIRONMENT local", []),
        ("ENV A=b \\\n    GYF_ENV='local' \\\n    C=d", []),
        ("ENV APP_ENV=localhost", [Context.PRODUCTION]),
        ("ENV APP_ENV=production", [Context.PRODUCTION]),
        ("# ENV APP_ENV=local", [Context.PRODUCTION]),
        ("RUN APP_ENV=local make", [Context.PRODUCTION]),
    ],
)
def test_an_image_that_says_it_is_local(env: str, contexts: list[Context]) -> None:
    text = f"FROM a:1\nENV DATABASE_URL=postgresql://postgres:postgres@postgres:5432/app\n{env}\n"
    assert [each.context for each in uses_of("api/Dockerfile", text)] == contexts
