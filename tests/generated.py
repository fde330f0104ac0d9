"""Values that look like real secrets: made when a test runs, so that none is ever committed.

A fixture or an example says `@@GENERATED:kind@@` where one belongs. The same kind always becomes the
same value, which opens nothing: it is drawn from a seed.
"""

from __future__ import annotations

import json
import random
import re
import string
import uuid
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable

_MARKER = re.compile(rb"@@GENERATED:([a-z0-9-]+)@@")
# PKCS#8 around an Ed25519 seed of 32 bytes (RFC 8410, section 7).
_ED25519 = bytes.fromhex("302e020100300506032b657004220420")


def _private_key(source: random.Random) -> bytes:
    body = b64encode(_ED25519 + source.randbytes(32))
    begin, end = (b"-----%s PRIVATE KEY-----" % word for word in (b"BEGIN", b"END"))
    return begin + b"\n" + body + b"\n" + end


def _drawn(alphabet: str, length: int, prefix: str = "") -> Callable[[random.Random], bytes]:
    """A maker of values of `length` characters behind a prefix, each class of the alphabet among them."""
    classes = [set(string.ascii_lowercase), set(string.ascii_uppercase), set(string.digits)]

    def draw(source: random.Random) -> bytes:
        while True:
            value = "".join(source.choices(alphabet, k=length))
            if all(not each & set(alphabet) or each & set(value) for each in classes):
                return (prefix + value).encode()

    return draw


def _mapbox(kind: str) -> Callable[[random.Random], bytes]:
    """A Mapbox token: kind, a JSON payload in base64url, a signature."""

    def draw(source: random.Random) -> bytes:
        payload = urlsafe_b64encode(b'{"u":"runcrew","a":"%s"}' % source.randbytes(12).hex().encode()).rstrip(
            b"="
        )
        return b".".join([kind.encode(), payload, _drawn(_LETTERS, 22)(source)])

    return draw


def _jwt(source: random.Random) -> bytes:
    """A token signed with HS256, for a user of no one's."""
    claims = b'{"sub":"%s","exp":1893456000}' % source.randbytes(8).hex().encode()
    parts = (b'{"alg":"HS256","typ":"JWT"}', claims, source.randbytes(32))
    return b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def _checked(prefix: str) -> Callable[[random.Random], bytes]:
    """A classic GitHub token: 30 random characters and the CRC-32 of them in base 62."""
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase

    def draw(source: random.Random) -> bytes:
        body = _drawn(_LETTERS, 30)(source)
        check, written = zlib.crc32(body), ""
        while check:
            check, digit = divmod(check, 62)
            written = digits[digit] + written
        return prefix.encode() + body + written.rjust(6, "0").encode()

    return draw


def _account(source: random.Random) -> bytes:
    """What a service account's file holds, in one line."""
    key = _private_key(source).decode()
    return json.dumps(
        {"type": "service_account", "project_id": "runcrew-test", "private_key": key + "\n"}
    ).encode()


def _role(role: str) -> Callable[[random.Random], bytes]:
    """A Supabase key of the older kind: a JWT whose claims name a role."""

    def draw(source: random.Random) -> bytes:
        claims = json.dumps({"iss": "supabase", "ref": source.randbytes(8).hex(), "role": role, "iat": 1})
        parts = (b'{"alg":"HS256","typ":"JWT"}', claims.encode(), source.randbytes(32))
        return b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)

    return draw


_LETTERS = string.ascii_letters + string.digits
KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "private-key": _private_key,
    "escaped-private-key": lambda source: _private_key(source).replace(b"\n", rb"\n"),
    "encoded-private-key": lambda source: b64encode(_private_key(source)),
    "hex-secret": _drawn("0123456789abcdef", 40),
    "kakao-key": _drawn("0123456789abcdef", 32),
    "password": _drawn(_LETTERS, 20),
    "aws-access-key-id": _drawn("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, "AKIA"),
    "aws-secret-access-key": _drawn(_LETTERS + "+/", 40),
    "github-token": _checked("ghp_"),
    "split-github-token": lambda source: _checked('ghp_" "')(source),
    "gitlab-token": _drawn(_LETTERS, 20, "glpat-"),
    "slack-token": lambda source: (
        b"xoxb-%d-%d-" % (source.randrange(10**11, 10**12), source.randrange(10**12, 10**13))
        + _drawn(_LETTERS, 24)(source)
    ),
    "slack-webhook": lambda source: (
        b"https://hooks.slack.com/services/T"
        + _drawn(string.ascii_uppercase + string.digits, 8)(source)
        + b"/B"
        + _drawn(string.ascii_uppercase + string.digits, 10)(source)
        + b"/"
        + _drawn(_LETTERS, 24)(source)
    ),
    "stripe-key": _drawn(_LETTERS, 24, "sk_live_"),
    "google-key": _drawn(_LETTERS, 35, "AIza"),
    "npm-token": _drawn(_LETTERS, 36, "npm_"),
    "sendgrid-key": lambda source: (
        b"SG." + _drawn(_LETTERS, 22)(source) + b"." + _drawn(_LETTERS, 43)(source)
    ),
    "anthropic-key": _drawn(_LETTERS, 95, "sk-ant-api03-"),
    "openai-key": _drawn(_LETTERS, 74, "sk-proj-"),
    "sentry-token": _drawn(_LETTERS, 64, "sntrys_"),
    "supabase-key": _drawn(_LETTERS, 32, "sb_secret_"),
    "supabase-service-role": _role("service_role"),
    "supabase-anon": _role("anon"),
    "twilio-key": _drawn("0123456789abcdef", 32, "SK"),
    "acme-key": _drawn(string.ascii_lowercase + string.digits, 24, "acme_live_"),
    "service-account": _account,
    "encoded-service-account": lambda source: b64encode(_account(source)),
    "bare-private-key": lambda source: b64encode(_ED25519 + source.randbytes(32)),
    "twice-encoded-private-key": lambda source: b64encode(b64encode(_private_key(source))),
    "uuid": lambda source: str(uuid.UUID(int=source.getrandbits(128), version=4)).encode(),
    "apple-key-id": _drawn(string.ascii_uppercase + string.digits, 10),
    "sentry-dsn": lambda source: (
        b"https://%s@o4505.ingest.sentry.io/4506" % source.randbytes(16).hex().encode()
    ),
    "mapbox-secret-token": _mapbox("sk"),
    "mapbox-public-token": _mapbox("pk"),
    "jwt": _jwt,
}


def filled(text: bytes) -> bytes:
    """The text with a value in place of each marker.

    Raises KeyError for a kind that no one can make.
    """

    def value(marker: re.Match[bytes]) -> bytes:
        kind = marker[1].decode()
        return KINDS[kind](random.Random(kind))

    return _MARKER.sub(value, text)
