"""The one pass over a file: where secret names and telling forms stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from runcrew_lint.domains.secrets.detectors import detectors_of
from runcrew_lint.domains.secrets.matcher import Automaton, Matcher, matcher
from runcrew_lint.domains.secrets.names import Named, Names, names_of
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy, Secrets
from runcrew_lint.tuples import NamedTuple

URL = "://"
_URL = URL.encode()
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
# A DSN's key is at most 65 characters; no white space or quote stands before the @ of a password.
_USER = lazily(r"://[^\s/@\"'`\\|]{1,400}+@")
_USER_IN_BYTES = lazily(rb"://[^\s/@\"'`\\|]{1,1600}+@")
_GOES_ON = lazily(r"[.-][A-Za-z_]")
_TAIL = r"[_-]?(?:prod|production|staging|stg|dev|development|test|local|ci)(?![A-Za-z0-9_])"
_WHERE_USED = lazily(_TAIL, re.IGNORECASE)
_GOES_ON_IN_BYTES = lazily(rb"(?!(?i:" + _TAIL.encode() + rb"))[A-Za-z0-9_]")


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


class _Wanted(NamedTuple):
    """What one policy looks for."""

    find: Matcher
    names: Names
    forms: frozenset[str]
    begins: frozenset[str]  # of the forms, what stands at a token's first character


@cache
def _wanted(policy: Secrets) -> _Wanted:
    names, detectors = names_of(policy), detectors_of(policy)
    forms = _FORMS | detectors.literals
    return _Wanted(matcher(names.literals | forms), names, forms, detectors.begins)


def sieve(policy: Policy) -> Callable[[bytes], bool]:
    """Whether anything in a file's bytes is worth a look: most files are not even decoded."""
    find, _, known, _ = _wanted(policy.secrets)
    if not isinstance(find, Automaton):
        return lambda _content: True
    forms = frozenset(each.encode() for each in known)

    def may_hold(content: bytes) -> bool:
        for start, end in find.in_bytes(content):
            literal = content[start:end]
            if literal == _URL:
                if _USER_IN_BYTES.match(content, start):
                    return True
            elif literal in forms or not _GOES_ON_IN_BYTES.match(content, end):
                return True
        return False

    return may_hold


def scan(text: str, policy: Secrets) -> Sightings:
    """The secret names that end where a name may end, and the forms, in order of place.

    Most addresses have no user, and most `sk-` are the end of `task-`: they are not worth a look.
    """
    find, names, known, begins = _wanted(policy)
    hits: dict[int, Hit] = {}
    forms: list[tuple[int, str]] = []
    for start, end in find(text):
        literal = text[start:end]
        if literal == URL:
            if _USER.match(text, start):
                forms.append((start, literal))
            continue
        if literal in known:
            if literal not in begins or start == 0 or text[start - 1] not in _IN_TOKEN:
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
