"""The judgement of one value: what clears it, what convicts it, and as what."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode

import pytest

from runcrew_lint.domains.secrets.facts import Kind
from runcrew_lint.domains.secrets.said import fault_of
from runcrew_lint.model.finding import Severity
from tests.generated import filled
from tests.secrets.reading import Under, policy, uses_of

PROD, DEV, TEST = "deploy/compose.yml", "compose.dev.yml", "tests/a.yml"

UNSIGNED = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyLTE3IiwiaWF0IjoxNzYwMDAwMDAwfQ"
OF_RSA = f"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{UNSIGNED.partition('.')[2]}"
# The secret key of no local Supabase: one letter is another than in the one that all of them have.
ANOTHER = "_".join(("sb", "secret", "N8UND0UgjKTVK-Uodkm0Hg", "xSvEMPvz"))
# Text (with markers for generated values), path, and the kinds of what is found.
CASES = [
    # vendors' formats, in a test under a generic name too
    ("MIRROR_TOKEN: @@GENERATED:github-token@@", TEST, [Kind.VENDOR]),
    ("MIRROR_TOKEN: @@GENERATED:aws-access-key-id@@", TEST, [Kind.VENDOR]),
    ("MIRROR_TOKEN: @@GENERATED:mapbox-secret-token@@", TEST, [Kind.VENDOR]),
    ("MIRROR_TOKEN: @@GENERATED:mapbox-public-token@@", PROD, []),
    ("MAPBOX_SECRET_TOKEN: @@GENERATED:mapbox-public-token@@", PROD, []),
    ("AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE", DEV, []),
    ("OPENAI_API_KEY: sk-this-is-not-a-key-but-some-words-in-a-row-you-see", PROD, []),
    # JSON Web Tokens
    ("SESSION_TOKEN: @@GENERATED:jwt@@", TEST, [Kind.VENDOR]),
    ("SESSION_TOKEN: @@GENERATED:jwt@@", PROD, [Kind.VENDOR]),
    (f"SESSION_TOKEN: {UNSIGNED}.INVALID", PROD, []),
    (f"SESSION_TOKEN: {OF_RSA}.{'Zm9v' * 10}Zm9", PROD, []),
    (f"SESSION_TOKEN: {OF_RSA}.{'Zm9v' * 85}Zm", PROD, [Kind.VENDOR]),
    ("TRUSTED_TOKEN: 6A5AA1D4EAFF4E9FB37E23D68491D6F4", PROD, []),
    (f"SESSION_TOKEN: {UNSIGNED}.{'Zm9v' * 10}Zm9", PROD, [Kind.VENDOR]),
    # what a tool has encrypted may be committed
    (f"API_SECRET: encrypted:{'Bq8Z/x+T' * 16}==", PROD, []),
    (f"API_SECRET: encrypted:{'Bq8Z/x+T' * 4}", PROD, [Kind.OPAQUE]),
    ("API_SECRET: ENC[AES256_GCM,data:Tr7oXs9QpLmZ2vB8,iv:1RVuPq8mZr2t,tag:Kj8sd==,type:str]", PROD, []),
    ("DB_PASSWORD: ENC(G6N718UuyPE5bHyWKyuLQSm02auQPUtm)", PROD, []),
    ("DB_PASSWORD: '{cipher}682bc583f4641835fa2db009355293665d2647dade3375c0ee201de2'", PROD, []),
    ("DB_PASSWORD: vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==", PROD, []),
    ("SUPABASE_SECRET_KEY: sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz", PROD, []),
    (f"SUPABASE_SECRET_KEY: {ANOTHER}", PROD, [Kind.VENDOR]),
    # the policy's own kinds
    ("SENTRY_DSN: @@GENERATED:sentry-dsn@@", DEV, [Kind.SENTRY_DSN]),
    ("SENTRY_DSN: https://your-key@sentry.io/1", PROD, []),
    ("ANY_URL: @@GENERATED:sentry-dsn@@", PROD, [Kind.SENTRY_DSN]),
    ("KAKAO_CLIENT_ID: @@GENERATED:kakao-key@@", DEV, [Kind.OPAQUE]),
    ("APPLE_KEY_ID: @@GENERATED:apple-key-id@@", PROD, [Kind.OPAQUE]),
    ("APPLE_KEY_ID: @@GENERATED:apple-key-id@@", DEV, []),
    # development values
    ("JWT_SECRET: dev-secret", PROD, [Kind.DEVELOPMENT]),
    ("JWT_SECRET: secret", PROD, [Kind.DEVELOPMENT]),
    ("JWT_SECRET: dev-secret", DEV, []),
    ("POSTGRES_PASSWORD: runcrew_dev", PROD, [Kind.DEVELOPMENT]),
    ("POSTGRES_PASSWORD: runcrew_dev", "src/config.ts", []),
    ("TLS_SECRET: test-tls", PROD, []),
    ("DEVELOPMENT_DATABASE_URL: postgres://crew:crew@localhost/crew", "src/settings.ts", []),
    ("DATABASE_URL: postgres://crew:crew@localhost/crew", "src/settings.ts", [Kind.DEVELOPMENT]),
    ("DEVICE_DATABASE_URL: postgres://crew:crew@localhost/crew", "src/settings.ts", [Kind.DEVELOPMENT]),
    ("DEV_PROD_DATABASE_URL: postgres://crew:crew@localhost/crew", "src/settings.ts", [Kind.DEVELOPMENT]),
    ("DEV_JWT_SECRET: @@GENERATED:hex-secret@@", "src/settings.ts", [Kind.OPAQUE]),
    ("DEV_JWT_SECRET: dev-secret", PROD, [Kind.DEVELOPMENT]),
    ("JWT_SECRET: changeme", PROD, [Kind.PLACEHOLDER]),
    ("JWT_SECRET: changeme", DEV, []),
    ("REDIS_PASSWORD: changeme", PROD, []),
    # names as values
    ("JWT_SECRET: JWT_SECRET", PROD, []),
    ("APP_JWT_SECRET: jwt-secret", PROD, []),
    ("JWT_SECRET: GoogleClientId", PROD, []),
    ("JWT_SECRET: auth.jwtSecret", PROD, []),
    ("JWT_SECRET: harbour-pelican-7", PROD, [Kind.OPAQUE]),
    ("OnePassword: @@GENERATED:hex-secret@@", PROD, []),
    ("RegistryPassword: @@GENERATED:hex-secret@@", PROD, [Kind.OPAQUE]),
    ("jwtSecret: secret", PROD, [Kind.DEVELOPMENT]),
    # defaults within references
    ("JWT_SECRET: ${JWT_SECRET:-dev-secret}", PROD, [Kind.DEVELOPMENT]),
    ("JWT_SECRET: ${JWT_SECRET:dev-secret}", PROD, [Kind.DEVELOPMENT]),
    ("JWT_SECRET: ${JWT_SECRET:?say it}", PROD, []),
    # URLs under a name of the policy
    ("DATABASE_URL: postgresql+asyncpg://runcrew:runcrew_dev@db:5432/runcrew", PROD, [Kind.DEVELOPMENT]),
    ("DATABASE_URL: postgresql+asyncpg://runcrew:runcrew_dev@db:5432/runcrew", DEV, []),
    ("DATABASE_URL: postgres://harbour:harbour@db/x", PROD, [Kind.DEVELOPMENT]),
    ("DATABASE_URL: postgres://a:@@GENERATED:password@@@db/x", DEV, [Kind.URL_PASSWORD]),
    ("DATABASE_URL: postgres://a:@@GENERATED:password@@@localhost/x", DEV, []),
    ("DATABASE_URL: postgres://a:${PW}@db/x", PROD, []),
    ("DATABASE_URL: postgres://a:<password>@db/x", PROD, [Kind.PLACEHOLDER]),
    ("DATABASE_URL: postgres://db/x", PROD, []),
    ("DATABASE_URL: sqlite:///x.db", PROD, []),
    # URLs by their form
    ("broker: amqp://a:@@GENERATED:password@@@mq/x", DEV, [Kind.URL_PASSWORD]),
    ("broker: amqp://a:P%40ssword%21%24%25%5E%26z8@mq/x", DEV, []),
    ("broker: amqp://harbour:harbour@mq/x", PROD, [Kind.DEVELOPMENT]),
    ("broker: amqp://harbour:pelican8@mq/x", PROD, [Kind.URL_PASSWORD]),
    ("broker: amqp://user:password@localhost/x", PROD, []),
    ("broker: https://runcrew.app:8443/@you", PROD, []),
    ("broker: amqp://a:pw@", PROD, []),
    ("broker: twilio://AccountSid:AuthToken@PhoneNo", PROD, []),
    ("broker: twilio://AccountSid:HarbourPelican@PhoneNo", PROD, [Kind.URL_PASSWORD]),
    ("broker: amqp://app:PERSONAL_WORD@mq.harbour.net/x", "deploy/usage.sh", []),
    ("DATABASE_URL: postgres://app:PERSONAL_WORD@mq.harbour.net/x", PROD, [Kind.URL_PASSWORD]),
    ("broker: amqp://app:PERSONALWORD@mq.harbour.net/x", "deploy/usage.sh", [Kind.URL_PASSWORD]),
    # the accounts that every chain of a developer begins with
    ("KEY: 0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d", "app/a.py", []),
    ("SIGNER_PRIVATE_KEY: 2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6", PROD, []),
    ("SIGNER_PRIVATE_KEY: @@GENERATED:hex-secret@@", PROD, [Kind.OPAQUE]),
    # where even randomness is nobody's secret
    ("REDIS_PASSWORD: @@GENERATED:hex-secret@@", "docs/setup.yaml", []),
    ("JWT_SECRET: @@GENERATED:hex-secret@@", "docs/setup.yaml", [Kind.OPAQUE]),
    ("REDIS_PASSWORD: @@GENERATED:hex-secret@@", "tests/fixtures/a.yml", []),
    ("JWT_SECRET: @@GENERATED:hex-secret@@", "tests/fixtures/a.yml", [Kind.OPAQUE]),
    ("FAKE_TOKEN: @@GENERATED:hex-secret@@", TEST, []),
    ("PUSH_TOKEN: @@GENERATED:hex-secret@@", TEST, [Kind.OPAQUE]),
    ("JWT_SECRET: 여기에-입력", "src/locales/ko.ts", []),
    ("password: @@GENERATED:hex-secret@@", "src/locales/ko.yaml", []),
    ("JWT_SECRET: @@GENERATED:hex-secret@@", ".env.example", [Kind.OPAQUE]),
    ("admin_password: $2b$12$abcdefghijklmnopqrstuv0123456789ABCDEFGHIJ", PROD, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "kinds"), CASES)
def test_the_kind(text: str, path: str, kinds: list[Kind]) -> None:
    written = filled(text.encode()).decode()
    if path.endswith(".ts"):
        name, _, value = written.partition(": ")
        written = f"const {name} = '{value}'"
    assert [use.kind for use in uses_of(path, f"{written}\n")] == kinds


@pytest.mark.parametrize(
    ("value", "path", "severity"),
    [
        ("jwt", TEST, Severity.INFO),
        ("jwt", "docs/setup.yaml", Severity.INFO),
        ("jwt", PROD, None),
        ("jwt", DEV, None),
        ("aws-access-key-id", TEST, Severity.INFO),
        ("github-token", TEST, None),
    ],
)
def test_what_a_test_signs_or_no_secret_goes_with_weighs_little(
    value: str, path: str, severity: Severity | None
) -> None:
    (use,) = uses_of(path, f"{filled(f'SESSION_TOKEN: @@GENERATED:{value}@@'.encode()).decode()}\n")
    assert fault_of(path, use).severity is severity


def _jwt(claims: dict[str, object], algorithm: str = "HS256") -> str:
    parts = (json.dumps({"alg": algorithm}), json.dumps(claims))
    signature = random.Random("jwt").randbytes(32)
    encoded = [*(part.encode() for part in parts), signature]
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in encoded)


@pytest.mark.parametrize(
    ("claims", "path", "found"),
    [
        ({"sub": "8f2c", "exp": 1893456000}, TEST, True),
        ({"sub": "8f2c"}, TEST, False),
        ({"sub": "1234567890", "name": "John Doe", "iat": 1516239022}, TEST, False),
        ({"sub": "8f2c"}, PROD, True),
        ({"role": "anon", "iss": "supabase", "exp": 1893456000}, PROD, False),
        ({"role": "service_role", "iss": "supabase", "exp": 1893456000}, TEST, True),
    ],
)
def test_json_web_tokens(claims: dict[str, object], path: str, found: bool) -> None:
    assert bool(uses_of(path, f"PUSH_TOKEN: {_jwt(claims)}\n")) is found


def test_what_is_made_of_an_example_token_is_none() -> None:
    head, _, end = _jwt({}).split(".")
    for claims, found in ((b'{"sub":"1234567890"}', False), (b'{"sub":"8f2c7d01e4"}', True)):
        value = f"{head}.{urlsafe_b64encode(claims).decode()}{end[:9]}+/=!@#$%"
        assert bool(uses_of("Tests/KeyTests.swift", f'let oddToken = "{value}"\n')) is found


def test_a_google_key_is_public_where_firebase_stands_around_it() -> None:
    key = "AIza" + filled(b"@@GENERATED:password@@").decode()[:15] + "Xb4Lq9Tz7Wc2Vr8Yn5Pm"
    assert uses_of("src/firebase.ts", f"const c = {{ apiKey: '{key}', messagingSenderId: '1' }}\n") == ()
    assert len(uses_of("src/maps.ts", f"const c = {{ apiKey: '{key}' }}\n")) == 1


def test_facts_alone_know_no_name_of_the_policy() -> None:
    text = filled(
        b"KAKAO_CLIENT_ID: @@GENERATED:kakao-key@@\nREDIS_PASSWORD: @@GENERATED:password@@\n"
    ).decode()
    assert [use.name for use in uses_of(PROD, text)] == ["KAKAO_CLIENT_ID", "REDIS_PASSWORD"]
    assert [use.name for use in uses_of(PROD, text, Under(policy("recommended")))] == ["REDIS_PASSWORD"]


def test_a_service_key_weighs_in_a_test_what_it_weighs_anywhere() -> None:
    claims: dict[str, object] = {"role": "service_role", "iss": "supabase", "exp": 1893456000}
    for name in ("SESSION_TOKEN", "note"):
        (use,) = uses_of(TEST, f"{name}: {_jwt(claims)}\n")
        assert fault_of(TEST, use).severity is None, name


@pytest.mark.parametrize(
    ("path", "reader"),
    [
        ("deploy/compose.yml", "production"),
        ("compose.staging.yml", "staging"),
        ("stage/compose.yml", "staging"),
    ],
)
def test_it_is_said_which_environment_reads_it(path: str, reader: str) -> None:
    for written in ("JWT_SECRET: dev-secret", "JWT_SECRET: changeme", "db: postgres://u:dev_pw@db/x"):
        (use,) = uses_of(path, f"{written}\n")
        fault = fault_of(path, use)
        assert f"{reader} reads" in fault.message or f"{reader} uses" in fault.message
        assert not fault.help or fault.help.startswith(f"let {reader} give")


def test_nothing_is_said_of_a_place_that_says_nothing_of_itself() -> None:
    said = {}
    for path in ("config/values.yml", "config/dev/values.yml", "tests/values.yml"):
        (use,) = uses_of(path, filled(b"MIRROR_TOKEN: @@GENERATED:password@@").decode())
        said[path] = fault_of(path, use).message
    assert "in development" not in said["config/values.yml"]
    assert "in development, where" in said["config/dev/values.yml"]
    assert "in a test, where" in said["tests/values.yml"]
