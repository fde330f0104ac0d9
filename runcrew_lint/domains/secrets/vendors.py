"""Formats of credentials that their makers document, each with the public page it was written from."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, NamedTuple

from runcrew_lint.domains.secrets.shape import is_development, is_sequence, is_words


class Vendor(NamedTuple):
    """One format: the whole value must match."""

    name: str
    form: re.Pattern[str]
    source: str


def _vendor(name: str, form: str, source: str) -> Vendor:
    return Vendor(name, re.compile(rf"(?:{form})\Z"), source)


VENDORS = (
    _vendor(
        "an AWS access key id",
        r"(?:AKIA|ASIA)[A-Z2-7]{16}",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    _vendor(
        "a GitHub token",
        r"gh[opusr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    _vendor("a GitLab token", r"glpat-[\w.-]{20,300}", "https://docs.gitlab.com/security/tokens/"),
    _vendor(
        "a Slack token", r"xox[abeoprs]-[A-Za-z0-9-]{20,250}", "https://api.slack.com/concepts/token-types"
    ),
    _vendor("a Stripe key", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}", "https://docs.stripe.com/keys"),
    _vendor("a Google API key", r"AIza[\w-]{35}", "https://cloud.google.com/docs/authentication/api-keys"),
    _vendor("an npm token", r"npm_[A-Za-z0-9]{36}", "https://docs.npmjs.com/about-access-tokens"),
    _vendor("a PyPI token", r"pypi-[\w-]{80,500}", "https://pypi.org/help/#apitoken"),
    _vendor(
        "a SendGrid key",
        r"SG\.[\w-]{22}\.[\w-]{43}",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    ),
    _vendor("an Anthropic key", r"sk-ant-[\w-]{32,250}", "https://docs.anthropic.com/en/api/overview"),
    _vendor("an OpenAI key", r"sk-(?:proj-)?[\w-]{40,250}", "https://platform.openai.com/docs/api-reference"),
    _vendor("a Sentry token", r"sntry[su]_[\w=+/-]{40,500}", "https://docs.sentry.io/api/auth/"),
    _vendor(
        "a Supabase secret key", r"sb_secret_[\w-]{20,100}", "https://supabase.com/docs/guides/api/api-keys"
    ),
)
_MAPBOX = re.compile(
    r"(pk|sk|tk)\.([\w-]{20,})\.[\w-]{20,}\Z"
)  # https://docs.mapbox.com/help/dive-deeper/access-tokens/
_JWT = re.compile(r"(eyJ[\w-]{8,})\.([\w-]*)(?:\.([\w-]*))?\Z")  # RFC 7519
# RFC 7518, section 3.1: the length of a signature in base64url characters.
_SIGNATURES = {"HS256": 43, "HS384": 64, "HS512": 86, "ES256": 86, "ES384": 128, "EdDSA": 86}
_MADE_UP = re.compile(r"john ?doe|1234567890|test|example|demo|mock|fake|dummy|localhost", re.IGNORECASE)
# Keys that their makers publish (PostHog projects, Stripe, Supabase), and values known from documentation:
# reCAPTCHA's test keys, Slack's sample verification token, the base32 of "Hello!", Hardhat's first account.
_PUBLISHED = re.compile(
    r"phc_\w+\Z|pk_(?:live|test)_\w+\Z|sb_publishable_\w+\Z"
    r"|6LeIxAcTAAAAA|Jhj5dZrVaK7ZwHHjRyZWjbDl|JBSWY3DPEHPK3PXP|0xac0974bec39a17e36ba4"
)
_DSN = re.compile(r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.-]+/(?:\w+/)*\d+\Z")

# A Google API key is public by design where a Firebase client's configuration stands around it.
_FIREBASE = re.compile(
    r"firebase|google-services|GoogleService-Info|messagingSenderId|mobilesdk_app_id", re.IGNORECASE
)


def vendor_of(value: str, around: str) -> str:
    """Whose credential a value is, or ""; `around` is the path and text that it stands in."""
    mapbox = _MAPBOX.match(value)
    if mapbox and mapbox[1] != "pk" and isinstance(_decoded(mapbox[2]), dict):
        return "a secret Mapbox token"
    for vendor in VENDORS:
        if vendor.form.match(value) and not (
            is_words(value) or is_sequence(value[4:]) or is_development(value)
        ):
            public = value.startswith("AIza") and _FIREBASE.search(around)
            return "" if public else vendor.name
    return ""


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
        return isinstance(claims, dict) and claims.get("role") == "anon"
    return _PUBLISHED.match(value) is not None


def is_jwt(value: str) -> bool:
    """Whether it begins as a JSON Web Token does: with a header that reads."""
    found = _JWT.match(value)
    return found is not None and isinstance(_decoded(found[1]), dict)


def is_signed_jwt(value: str) -> bool:
    """Whether a JSON Web Token could be in force: a signature of the right length, claims of no test."""
    found = _JWT.match(value)
    header = _decoded(found[1]) if found else None
    claims = _decoded(found[2]) if found else None
    if not found or not isinstance(header, dict) or not isinstance(claims, dict):
        return False
    if not {"exp", "iat"} & claims.keys():
        return False
    length = len(found[3] or "")
    expected = _SIGNATURES.get(str(header.get("alg")), 342)
    return (length == expected or (expected == 342 and length > 342)) and not _MADE_UP.search(
        json.dumps(claims)
    )


def is_sentry_dsn(value: str) -> bool:
    """Whether it is a Sentry DSN: https://docs.sentry.io/concepts/key-terms/dsn-explainer/."""
    return _DSN.match(value) is not None


def _decoded(part: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error):
        return None
