"""What values look like. None of these opens anything; what looks random is counted out, not typed."""

from __future__ import annotations

import random as chance
import string

import pytest

from runcrew_lint.domains.secrets import shape


@pytest.mark.parametrize(
    "value",
    [
        "${X}",
        "$(cat f)",
        "$TOKEN",
        "{{ x }}",
        "process.env.X",
        "os.environ['X']",
        "settings.JWT",
        "arn:aws:secretsmanager:x",
        "var.password",
        "<%= x %>",
        "%(pw)s",
        "{password}",
        "get_secret()",
        "vault:secret/x",
        "prefix-${X}",
    ],
)
def test_references(value: str) -> None:
    assert shape.is_reference(value)


@pytest.mark.parametrize("value", ["dev-secret", "p@ss$word1", "a{b", "envelope", "secretive", "self-signed"])
def test_no_references(value: str) -> None:
    assert not shape.is_reference(value)


@pytest.mark.parametrize(
    ("value", "default"),
    [
        ("${X:-lit}", "lit"),
        ("${X-lit}", "lit"),
        ("${X:-}", ""),
        ("${X:?need}", None),
        ("${X}", None),
        ("lit", None),
    ],
)
def test_defaults(value: str, default: str | None) -> None:
    assert shape.defaulted(value) == default


@pytest.mark.parametrize(
    "value",
    [
        "",
        "true",
        "12345",
        "Mot de passe",
        "비밀번호",
        "/run/secrets/jwt",
        "./key.pem",
        "keys/app.pem",
        "https://a.b/c",
        "#fff",
        "me@runcrew.app",
        "urn:ietf:params:oauth",
        "$2b$12$abcdefghijklmnopqrstuv",
        "sha256:abc",
        "f(x)",
        "a || b",
    ],
)
def test_text(value: str) -> None:
    assert shape.is_text(value)


@pytest.mark.parametrize(
    "value",
    [
        "your-secret",
        "<secret>",
        "xxxxxxxx",
        "changeme",
        "CHANGE_ME_NOW",
        "AKIAIOSFODNN7EXAMPLE",
        "********",
        "...",
        "여기에-입력",
        "시크릿-생성",
        "발급받은-키",
        "replace-with-real",
        "To set for Google SSO",
        "to-be-defined",
    ],
)
def test_placeholders(value: str) -> None:
    assert shape.is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "runcrew_dev",
        "dev-secret-key-do-not-use-in-production",
        "hunter8pass",
        "supplement",
        "Tomato set",
        "into-settings",
    ],
)
def test_no_placeholders(value: str) -> None:
    assert not shape.is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "runcrew_dev",
        "test-secret",
        "postgres",
        "minioadmin",
        "P@ssw0rd!",
        "S3cret!P@ss#w0rd",
        "password123",
        "myTestSecret",
        "dev-secret-key-do-not-use-in-production",
        "s0m3l0ngr4nd0mstr1ng-w1th-m0r3",
        "senha123",
        "MinhaSenha",
        "motdepasse",
    ],
)
def test_development(value: str) -> None:
    assert shape.is_development(value)


def _drawn(alphabet: str, length: int, seed: int) -> str:
    return "".join(chance.Random(seed).choices(alphabet, k=length))


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize(
    ("alphabet", "length"),
    [
        (string.hexdigits[:16], 32),
        (string.hexdigits[:16], 64),
        (string.ascii_letters + string.digits, 24),
        (string.ascii_letters + string.digits + "+/", 44),
    ],
)
def test_randomness_is_seen(alphabet: str, length: int, seed: int) -> None:
    value = _drawn(alphabet, length, seed)
    assert shape.random(value)
    assert shape.opaque(value)
    assert not shape.is_development(value)


@pytest.mark.parametrize(
    "value",
    [
        "resetPasswordScreen",
        "access_token_expires_in",
        "auth_token_12345",
        "abcdefghijklmnopqrstuvwxyz",
        "1234567890123456",
        "correct-horse-battery-staple",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "mcp-http-session-owner",
        "com.runcrew.app.token",
    ],
)
def test_words_and_sequences_are_not_random(value: str) -> None:
    assert not shape.opaque(value)
    assert not shape.random(value)


def test_an_id_is_opaque_but_may_be_anything() -> None:
    value = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
    assert shape.opaque(value)
    assert not shape.random(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("abcdefgh", True),
        ("aBcDeFgHiJkLmNoPqRsTuVw", True),
        ("a1b2c3d4e5f6a7b8c9d0e1f2", True),
        ("4f3a2b1c9d8e7f6a5b4c3d2e1f0a9b8c", True),
        ("a1x9c3k4e0f6q7p8", False),
        ("a7b2c9d4e1f6g3h8", False),
        ("", False),
    ],
)
def test_what_counts(value: str, expected: bool) -> None:
    assert shape.is_sequence(value) is expected
