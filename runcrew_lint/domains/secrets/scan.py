"""The one pass over a file: where secret names and telling forms stand."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from runcrew_lint.domains.secrets.detectors import detectors_of
from runcrew_lint.domains.secrets.matcher import Matcher, matcher
from runcrew_lint.domains.secrets.names import Named, names_of
from runcrew_lint.policy.model import Secrets

URL = "://"
PEM = "-----BEGIN "
# The base64 of PEM's first ten characters, and the base64 of that.
ENCODED_PEM = ("LS0tLS1CRUdJTi", "TFMwdExTMUNSVWRKVG")
# How private keys begin that have lost their PEM lines: PKCS#8 of P-256, P-384, Ed25519 and RSA; PKCS#1,
# PKCS#12.
DER = (
    "MIGHAgEAMBMGByqGSM49",
    "MIGTAgEAMBMGByqGSM49",
    "MIG2AgEAMBAGByqGSM49",
    "MC4CAQAwBQYDK2VwBCIEI",
    "IBADANBgkqhkiG9w0BAQEFAASC",
    "IBAAKCAQEA",
    "IBAAKCAgEA",
    "IBAzCC",
)
SERVICE_ACCOUNT = "service_account"
# The same in base64, as it begins in the files that Google hands out and in one line.
ENCODED_ACCOUNT = (
    "ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudC",
    "eyJ0eXBlIjogInNlcnZpY2VfYWNjb3VudC",
    "eyJ0eXBlIjoic2VydmljZV9hY2NvdW50",
)
KAKAO = ("kakao", "KAKAO", "Kakao")
_FORMS = frozenset({URL, PEM, *ENCODED_PEM, *DER, SERVICE_ACCOUNT, *ENCODED_ACCOUNT, *KAKAO})

_LONGEST_PREFIX = 80  # characters of a name before what makes it a secret's
_IN_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_IN_TOKEN = _LETTERS | {"-"}
_BLANK = re.compile(r"\s")
_GOES_ON = re.compile(r"[.-][A-Za-z_]")
_LONGEST_AUTHORITY = 400  # characters of a URL before the @ that tells of a password
_WHERE_USED = re.compile(
    r"[_-]?(?:prod|production|staging|stg|dev|development|test|local|ci)(?![A-Za-z0-9_])", re.IGNORECASE
)


class Hit(NamedTuple):
    """A secret's name in the text."""

    start: int
    end: int
    name: str
    named: Named


class Sightings(NamedTuple):
    """What one pass saw: names, and the offsets of forms by their literal."""

    hits: tuple[Hit, ...]
    forms: tuple[tuple[int, str], ...]


@cache
def _matcher(policy: Secrets) -> Matcher:
    return matcher(names_of(policy).literals | _FORMS | detectors_of(policy).literals)


def _may_begin(text: str, start: int, end: int, literal: str, begins: frozenset[str]) -> bool:
    """Whether a form is worth a look: most URLs have no user, most `sk-` are the end of `task-`."""
    if literal == URL:
        # A DSN's key is at most 65 characters; a password has no white space before its @.
        at = text.find("@", end, end + _LONGEST_AUTHORITY)
        return at >= 0 and _BLANK.search(text, end, at) is None
    return literal not in begins or start == 0 or text[start - 1] not in _IN_TOKEN


def scan(text: str, policy: Secrets) -> Sightings:
    """The secret names that end where a name may end, and the forms, in order of place."""
    names, detectors = names_of(policy), detectors_of(policy)
    known, begins = _FORMS | detectors.literals, detectors.begins
    hits: dict[int, Hit] = {}
    forms: list[tuple[int, str]] = []
    for start, end in _matcher(policy)(text):
        literal = text[start:end]
        if literal in known:
            if _may_begin(text, start, end, literal, begins):
                forms.append((start, literal))
            if literal not in names.literals:
                continue
        behind = text[end : end + 1]
        if behind and (behind in _LETTERS or (behind in ".-" and _GOES_ON.match(text, end))):
            tail = _WHERE_USED.match(text, end)
            if not tail:
                continue
            end = tail.end()
        if end in hits:
            continue
        before = text[max(0, start - _LONGEST_PREFIX) : start]
        begin = start - (len(before) - len(before.rstrip(_IN_NAME)))
        name = text[begin:end].lstrip(".-")
        named = names.named(name)
        if named:
            hits[end] = Hit(end - len(name), end, name, named)
    return Sightings(tuple(hits.values()), tuple(forms))
