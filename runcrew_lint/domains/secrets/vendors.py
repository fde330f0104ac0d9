"""What the makers of credentials let one check without asking them: headers, payloads, checksums."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from typing import Any

from runcrew_lint.domains.secrets.shape import entropy, is_development, is_placeholder, is_sequence, is_words
from runcrew_lint.domains.secrets.table import FORMATS
from runcrew_lint.patterns import lazily

_MAPBOX = lazily(
    r"(pk|sk|tk)\.([\w-]{20,})\.[\w-]{20,}\Z"
)  # https://docs.mapbox.com/help/dive-deeper/access-tokens/
_JWT = lazily(r"(eyJ[\w-]{8,})\.([\w-]*)(?:\.([\w-]*))?\Z")  # RFC 7519
# RFC 7518, section 3.1: the length of a signature in base64url characters.
_SIGNATURES = {
    "HS256": 43, "HS384": 64, "HS512": 86, "ES256": 86, "ES256K": 86, "ES384": 128, "ES512": 176, "EdDSA": 86,
}  # fmt: skip
_OF_RSA = 342  # of a key of 2,048 bits, the shortest that RFC 7518 allows
_AWS = ("AKIA", "ASIA", "ABIA", "ACCA")
_HEADS = tuple(head for each in FORMATS for head in each.begins)
_OF_SLACK = tuple(head for head in _HEADS if head.startswith("xox"))
_SHORTEST_PART = 16  # characters that are judged by themselves
_BEGINS = tuple(head for head in _HEADS if head != "eyJ")
_LONG_AGO = 1_735_689_600  # 2025-01-01, in seconds; a date of today's would make answers that change
_HOUR = 3600
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MADE_UP = lazily(r"john ?doe|1234567890|test|example|demo|mock|fake|dummy|localhost", re.IGNORECASE)
# Keys that their makers publish (PostHog projects, Stripe, Supabase), and values known from documentation:
# reCAPTCHA's test keys, Slack's sample verification token, the base32 of "Hello!", the account key of Azure's
# own storage emulator, the secret key of every local Supabase, whoever jwt.io's token speaks of, the ten
# accounts that Hardhat and Anvil begin with (m/44'/60'/0'/0/0 to 9 of the mnemonic "test test ... junk"), and
# what Google's command line for Gemini and the voices of Microsoft's browser are known by, which each copy of
# them holds.
_PUBLISHED = lazily(
    r"phc_\w+\Z|pk_(?:live|test)_\w+\Z|sb_publishable_\w+\Z"
    r"|sb_secret_N7UND0Ugj|6LeIxAcTAAAAA|Jhj5dZrVaK7ZwHHjRyZWjbDl|JBSWY3DPEHPK3PXP|Eby8vdM02xNOcqFlqUwJ"
    r"|(?:0x)?(?:ac0974bec39a|59c6995e998f|5de4111afa1a|7c852118294e|47e179ec1974|8b3a350cf5c3|92db14e403b8"
    r"|4bbbf85ce337|dbda1821b805|2a871d0798f9)[0-9a-f]{52}\Z"
    r"|GOCSPX-4uHgMPm-1o7Sk|(?i:6A5AA1D4EAFF4E9FB37E23D68491D6F4)\Z|eyJ[\w-]{8,400}\.eyJzdWIiOiIxMjM0NTY3ODkwI"
)
_DSN = lazily(r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.-]+/(?:\w+/)*\d+\Z")

# A Google API key is public by design where a Firebase client's configuration stands around it.
# So is one that a browser or an app sends by itself to show a map.
_FIREBASE = lazily(
    r"firebase|google-?services|GoogleService-Info|messagingSenderId|mobilesdk_app_id|maps/api/js|GMSServices"
    r"|android\.geo\.API_KEY|googleMapsApiKey|\"googleMaps\"|NEXT_PUBLIC_|EXPO_PUBLIC_|VITE_|REACT_APP_",
    re.IGNORECASE,
)


def vendor_of(value: str, around: str) -> str:
    """Whose credential a whole value is, or ""; `around` is the path and text that it stands in."""
    mapbox = _MAPBOX.match(value)
    if mapbox:
        return "a secret Mapbox token" if mapbox[1] != "pk" and isinstance(_decoded(mapbox[2]), dict) else ""
    for each in FORMATS if value.startswith(_BEGINS) else ():
        if each.begins[:1] != ("eyJ",) and value.startswith(each.begins) and each.form.fullmatch(value):
            public = value.startswith("AIza") and _FIREBASE.search(around)
            return each.name if not public and could_be_issued(value) else ""
    return ""


def could_be_issued(value: str) -> bool:
    """Whether chance could have made a token, and not a person who needed one to show."""
    head = max((each for each in _HEADS if value.startswith(each)), key=len, default="")
    body = value[len(head) :]
    if head in _OF_SLACK and len(last := body.rpartition("-")[2]) >= _SHORTEST_PART:
        body = last  # the numbers before it are a team's and a bot's, which people do mask
    if is_sequence(body) or is_development(body) or is_placeholder(body):
        return False
    # Sixteen capitals that chance has thrown read as words too often to be cleared for it.
    if is_words(body) and not (head in _AWS and len(set(body)) >= 10):
        return False
    said = sum(len(word) for word in _MADE_UP.findall(body))  # a long one holds short words by chance
    return len(set(body)) >= 8 and entropy(body) >= 3.0 and said * 5 < len(body)


def has_checksum(value: str) -> bool:
    """Whether a classic GitHub token ends in the CRC-32 of its body, as all that GitHub has issued do.

    https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
    """
    body, digits = value[4:-6], ""
    check = zlib.crc32(body.encode())
    while check:
        check, digit = divmod(check, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0") == value[-6:]


def is_public(value: str, around: str) -> bool:
    """Whether its maker publishes it: a Mapbox `pk.` token, a Supabase anon key, a Firebase web key."""
    mapbox = _MAPBOX.match(value)
    if mapbox:
        return mapbox[1] == "pk"
    if value.startswith("AIza"):
        return _FIREBASE.search(around) is not None
    jwt = _JWT.match(value)
    if jwt:
        claims = _decoded(jwt[2])
        return isinstance(claims, dict) and (
            claims.get("role") == "anon" or claims.get("iss") == "supabase-demo"
        )
    return _PUBLISHED.match(value) is not None


def is_jwt(value: str) -> bool:
    """Whether it begins as a JSON Web Token does: with a header that reads."""
    found = _JWT.match(value)
    return found is not None and isinstance(_decoded(found[1]), dict)


def is_signed_jwt(value: str, *, dated: bool = True) -> bool:
    """Whether a JSON Web Token could be in force: a signature of the right length, claims of no test.

    `dated` asks for a claim that says when it was issued or ends, but for the tokens of Kubernetes' service
    accounts, of which the older ones never end.
    """
    found = _JWT.match(value)
    header = _decoded(found[1]) if found else None
    claims = _decoded(found[2]) if found else None
    if not found or not isinstance(header, dict) or not isinstance(claims, dict):
        return False
    if dated and not {"exp", "iat"} & claims.keys() and claims.get("iss") != "kubernetes/serviceaccount":
        return False
    return has_signature(value) and not _MADE_UP.search(json.dumps(claims))


def has_signature(value: str) -> bool:
    """Whether a JSON Web Token's signature is as long as its algorithm makes one: no other is ever taken."""
    found = _JWT.match(value)
    header = _decoded(found[1]) if found else None
    if not found or not isinstance(header, dict):
        return False
    length, expected = len(found[3] or ""), _SIGNATURES.get(str(header.get("alg")))
    return length == expected if expected else length >= _OF_RSA


def is_past(value: str) -> bool:
    """Whether a JSON Web Token says that it ended before 2025: by then nobody takes it."""
    found = _JWT.match(value)
    claims = _decoded(found[2]) if found else None
    end = claims.get("exp") if isinstance(claims, dict) else None
    return isinstance(end, int) and end < _LONG_AGO


def is_brief(value: str) -> bool:
    """Whether a JSON Web Token says that it ended within an hour: before anybody read it here."""
    found = _JWT.match(value)
    claims = _decoded(found[2]) if found else None
    begin, end = (claims.get("iat"), claims.get("exp")) if isinstance(claims, dict) else (None, None)
    return isinstance(begin, int) and isinstance(end, int) and 0 < end - begin <= _HOUR


def is_sentry_dsn(value: str) -> bool:
    """Whether it is a Sentry DSN: https://docs.sentry.io/concepts/key-terms/dsn-explainer/."""
    return _DSN.match(value) is not None


def name_of_jwt(value: str) -> str:
    """What a JSON Web Token is called: one that passes Supabase's row-level security is no test's."""
    return "a Supabase service key" if is_service_role(value) else "a JSON Web Token"


def is_service_role(value: str) -> bool:
    """Whether it is a Supabase key that passes row-level security; the one of the local stack is known.

    https://supabase.com/docs/guides/api/api-keys
    """
    found = _JWT.match(value)
    claims = _decoded(found[2]) if found else None
    return (
        isinstance(claims, dict)
        and claims.get("role") == "service_role"
        and claims.get("iss") != "supabase-demo"
    )


def _decoded(part: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return None
