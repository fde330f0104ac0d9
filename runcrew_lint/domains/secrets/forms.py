"""Secrets that their own form gives away, whatever they are called: private keys, passwords in URLs."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

from runcrew_lint.domains.secrets import shape
from runcrew_lint.domains.secrets.context import Setting, is_key_of_tests
from runcrew_lint.domains.secrets.facts import Context, Kind
from runcrew_lint.domains.secrets.judge import Verdict, judge_url
from runcrew_lint.domains.secrets.scan import PEM, URL
from runcrew_lint.domains.secrets.urls import credentials
from runcrew_lint.text import Span

_LONGEST_KEY = 16_384  # characters; a 4096-bit RSA key has 3,243
_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")  # RFC 7468, section 10
_HEADER = re.compile(r"(?:Proc-Type|DEK-Info|Version|Comment):[^\n\\]{0,80}")
_NOISE = re.compile(r"\\[nrt\\]|[\"']\s{0,200}\+\s{0,200}[\"']|[\s\"',\\#*|]+")
_BODY = re.compile(r"[A-Za-z0-9+/=_-]{64,}\Z")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{64,32768}+={0,2}")
_IN_BASE64 = re.compile(r"[A-Za-z0-9+/]")
_OPENSSH = "b3BlbnNzaC1rZXktdjE"  # "openssh-key-v1", which is no DER


class Form(NamedTuple):
    """A value that was found by its form, and its verdict."""

    value: str
    span: Span
    verdict: Verdict


def form_at(path: str, text: str, at: int, literal: str, setting: Setting) -> Form | None:
    """The secret whose telling literal stands at `at`, or None where there is none.

    A private key in a test's source is one; a key file among a test's data is that test's own.
    """
    if literal != URL:
        if setting.context is Context.TEST and is_key_of_tests(path):
            return None
        return _pem(text, at) if literal == PEM else _encoded(text, at)
    found = credentials(text, at)
    if not found:
        return None
    verdict = judge_url(found, setting, listed=False)
    return Form(found.password, Span(found.start, found.end), verdict) if verdict else None


def _pem(text: str, at: int) -> Form | None:
    begin = _BEGIN.match(text, at)
    if not begin:
        return None
    end = text.find("-----END", begin.end(), begin.end() + _LONGEST_KEY)
    if end < 0:
        return None
    body = _NOISE.sub("", _HEADER.sub("", text[begin.end() : end]))
    if not _is_key(body):
        return None
    close = text.find("-----", end + 8, end + 60)
    span = Span(at, close + 5 if close >= 0 else end)
    return Form(body, span, Verdict(Kind.PRIVATE_KEY, "a private key in PEM"))


def _is_key(body: str) -> bool:
    """Whether a PEM body is one, and not the sketch of one: DER begins with a SEQUENCE (X.690, 8.9)."""
    if not _BODY.match(body) or shape.is_placeholder(body) or len(set(body)) < 20:
        return False
    return body.startswith((_OPENSSH, "MI", "MC", "MH", "MG", "lQ", "lI", "xc", "xV")) or "=" in body[-8:]


def _encoded(text: str, at: int) -> Form | None:
    if at and _IN_BASE64.match(text, at - 1):
        return None  # in the middle of something else
    found = _ENCODED.match(text, at)
    if not found:
        return None
    try:
        decoded = base64.b64decode(found.group() + "=" * (-len(found.group()) % 4)).decode("latin-1")
    except (ValueError, binascii.Error):
        return None
    inner = _pem(decoded, 0)
    if not inner:
        return None
    return Form(inner.value, Span(*found.span()), Verdict(Kind.PRIVATE_KEY, "a private key, PEM in base64"))
