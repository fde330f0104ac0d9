"""Secrets that their own form gives away, whatever they are called: private keys, passwords in URLs."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets import shape
from runcrew_lint.domains.secrets.context import (
    Setting,
    is_generated,
    is_key_of_tests,
    is_key_of_this_machine,
)
from runcrew_lint.domains.secrets.detectors import detectors_of
from runcrew_lint.domains.secrets.facts import Context, Kind
from runcrew_lint.domains.secrets.judge import Verdict, weigh_url
from runcrew_lint.domains.secrets.names import names_of
from runcrew_lint.domains.secrets.packed import is_key_store, is_private_key, unpacked
from runcrew_lint.domains.secrets.scan import (
    DER,
    ENCODED_ACCOUNT,
    ENCODED_PEM,
    KAKAO,
    PEM,
    SERVICE_ACCOUNT,
    URL,
)
from runcrew_lint.domains.secrets.urls import credentials
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Secrets
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

_LONGEST_KEY = 16_384  # characters; a 4096-bit RSA key has 3,243
_BEGIN = lazily(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")  # RFC 7468, section 10
_HEADER = lazily(r"(?:Proc-Type|DEK-Info|Version|Comment):[^\n\\]{0,80}")
_NOISE = lazily(r"\\[nrt\\]|[\"']\s{0,200}\+\s{0,200}[\"']|[\s\"',\\#*|]+")
_BODY = lazily(r"[A-Za-z0-9+/=_-]{64,}\Z")
_ENCODED = lazily(r"[A-Za-z0-9+/]{64,32768}+={0,2}")
_IN_BASE64 = lazily(r"[A-Za-z0-9+/]")
_BARE = lazily(
    r"[A-Za-z0-9+/]{20,4096}+(?:(?:\\\\[nr]|[\"'\s+\\\\,]){1,80}+[A-Za-z0-9+/]{4,4096}+){0,80}+={0,2}"
)
_DSN = lazily(
    r"[\"'`=( ]?https?://(?P<key>[0-9a-f]{32})(?::[0-9a-f]{32})?@[\w.-]{1,200}/(?:\w{1,40}/){0,4}\d{1,20}(?!\w)"
)
_KAKAO = lazily(r"(?<![0-9A-Za-z])(?:kakao)?([0-9a-f]{32})(?![0-9A-Za-z])")
_TYPED = lazily(r"\\?\"type\\?\"\s{0,20}:\s{0,20}\\?\"service_account\\?\"")
_PRIVATE_KEY = lazily(r"\\?\"private_key\\?\"\s{0,20}:\s{0,20}\\?\"(?=-----BEGIN )")
_OPENSSH = "b3BlbnNzaC1rZXktdjE"  # "openssh-key-v1", which is no DER


class Form(NamedTuple):
    """A value that was found by its form, and its verdict, which may clear it."""

    value: str
    span: Span
    verdict: Verdict


def forms_at(
    path: str, text: str, at: int, literal: str, setting: Setting, policy: Secrets
) -> Iterator[Form]:
    """What has the form of a secret and its telling literal at `at`.

    A private key in a test's source is one; a key file among a test's data is that test's own, and so is one
    that is only shown, or that certifies a developer's own machine.
    """
    if literal == URL:
        yield from _in_url(text, at, setting, policy)
    elif literal in KAKAO:
        yield from _kakao(path, text, at, policy)
    elif literal in (PEM, SERVICE_ACCOUNT, *ENCODED_PEM, *ENCODED_ACCOUNT, *DER):
        if setting.context in (Context.TEST, Context.EXAMPLE) and is_key_of_tests(path):
            return
        if is_key_of_this_machine(path):
            return
        form = _key(text, at, literal)
        if form:
            yield form
    for found in detectors_of(policy).at(path, text, at, literal, setting):
        said = f"{found.name} by its form, but {found.cleared}" if found.cleared else found.name
        yield Form(found.value, found.span, Verdict(Kind.CLEAN if found.cleared else Kind.VENDOR, said))


def _key(text: str, at: int, literal: str) -> Form | None:
    if literal == PEM:
        return _pem(text, at)
    if literal == SERVICE_ACCOUNT:
        return _service_account(text, at)
    return _bare(text, at) if literal in DER else _encoded(text, at)


def _in_url(text: str, at: int, setting: Setting, policy: Secrets) -> Iterator[Form]:
    names = names_of(policy)
    if any(name.endswith("SENTRY_DSN") for name in policy.names) and (found := _DSN.match(text, at - 5)):
        dsn = found.group().lstrip("\"'`=( ")
        start = found.end() - len(dsn)
        if (
            not names.is_placeholder(dsn)
            and not shape.is_sequence(found["key"])
            and len(set(found["key"])) > 7
        ):
            yield Form(dsn, Span(start, found.end()), Verdict(Kind.SENTRY_DSN, "a Sentry DSN"))
        return
    given = credentials(text, at)
    if given:
        verdict = weigh_url(given, setting, names, listed=False)
        yield Form(given.password, Span(given.start, given.end), verdict)


def _kakao(path: str, text: str, at: int, policy: Secrets) -> Iterator[Form]:
    """32 hex digits on the line that speaks of Kakao, or on the next, where the policy lists a key of theirs.

    https://developers.kakao.com/docs/latest/en/getting-started/app-key
    """
    if not any(name.startswith("KAKAO_") for name in policy.names) or is_generated(path):
        return
    found = _KAKAO.search(text, at, at + 160)
    if found and found.start(1) - at <= 128 and text.count("\n", at, found.start(1)) <= 1:
        if len(set(found[1])) > 7 and not shape.is_sequence(found[1]):
            yield Form(
                found[1], Span(*found.span(1)), Verdict(Kind.KAKAO_KEY, "32 hex digits beside Kakao's name")
            )


def _service_account(text: str, at: int) -> Form | None:
    """The private key of a service account's file, by the fields that Google writes around it.

    https://cloud.google.com/iam/docs/keys-create-delete
    """
    if not _TYPED.search(text, max(0, at - 60), at + 17):
        return None
    first, last = max(0, at - _LONGEST_KEY), at + _LONGEST_KEY
    if text.find(PEM, first, last) < 0:
        return None
    key = _PRIVATE_KEY.search(text, first, last)
    form = _pem(text, key.end()) if key else None
    if not form:
        return None
    return Form(form.value, form.span, Verdict(Kind.SERVICE_ACCOUNT, "the private key of a service account"))


def _bare(text: str, at: int) -> Form | None:
    """A private key's DER in base64 without its PEM lines; the literal stands up to four characters in."""
    start = at
    while start > at - 8 and start and _IN_BASE64.match(text, start - 1):
        start -= 1
    if start and _IN_BASE64.match(text, start - 1):
        return None
    found = _BARE.match(text, start)
    body = _NOISE.sub("", found.group()) if found else ""
    if not found or not (is_private_key(body) or is_key_store(body)):
        return None
    said = "a PKCS#12 store in base64" if is_key_store(body) else "a private key, DER in base64"
    return Form(found.group(), Span(*found.span()), Verdict(Kind.PRIVATE_KEY, said))


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
    inner = unpacked(_padded(found.group())) if found else ""
    if not found:
        return None
    if SERVICE_ACCOUNT in inner:
        form, kind = _pem(inner, inner.find(PEM)), Kind.SERVICE_ACCOUNT
        said = "a service account's key file in base64"
    else:
        form, kind = _pem(inner, 0), Kind.PRIVATE_KEY
        said = "a private key, PEM in base64"
    return Form(form.value, Span(*found.span()), Verdict(kind, said)) if form else None


def _padded(body: str) -> str:
    body = body.rstrip("=")
    return body + "=" * (-len(body) % 4)
