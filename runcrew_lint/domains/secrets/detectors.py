"""Credentials that their format gives away: looked for at a literal, never in a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from runcrew_lint.domains.secrets import shape, vendors
from runcrew_lint.domains.secrets.context import (
    Setting,
    is_generated,
    is_made_up_file,
    is_test_data,
)
from runcrew_lint.domains.secrets.facts import Context
from runcrew_lint.domains.secrets.table import FORMATS, Format
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Secrets
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

REACH = 200  # characters between a value and the word that stands near it
_AROUND = 1500  # characters on either side that tell whose configuration a key stands in
_IN_TOKEN = lazily(r"[A-Za-z0-9_-]")
_RUN = lazily(r"[\w./+=:-]{0,600}+")
# Two quotes with nothing but a joint between them: 'ghp_' + 'abc', "ghp_" \ "abc".
_JOINT = lazily(r"[\"'`][\s+.\\]{0,80}+[fbr]?[\"'`]")
_MOST_JOINTS = 40
# A signed URL names the key that signed it, to anyone who has the URL: it is no secret there.
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
_SIGNED = lazily(
    r"(?:AWSAccessKeyId|SubscriptionId|X-Amz-Credential)(?:=|%3D|&#61;|\\u003[dD])\Z", re.IGNORECASE
)
_SHOWN = lazily(r"\bplaceholder[\"']?\s*[:=]\s*[{(]?[\"'`]\Z")
_HOOKS = ("hooks.slack.com/", "discord", "webhook.office.com/")
_LENIENT = frozenset({Context.TEST, Context.DOCS, Context.EXAMPLE})


class Detected(NamedTuple):
    """A credential: its characters (joints between pieces included in the span), and what it is.

    `cleared` says why it can't be in force, or is meant for everyone; "" where it could be.
    """

    name: str
    value: str
    span: Span
    cleared: str = ""


class Detectors:
    """The formats that one policy knows of: the makers', and its own."""

    def __init__(self, policy: Secrets) -> None:
        self._at: dict[str, list[Format]] = {}
        self._own = frozenset(each.name for each in policy.detectors)
        own = (
            Format(each.name, (), re.compile(each.pattern), "the policy", each.near)
            for each in policy.detectors
        )
        for form in (*FORMATS, *own):
            for literal in form.begins or form.beside:
                self._at.setdefault(literal, []).append(form)
        self.literals = frozenset(self._at)
        self.begins = frozenset(literal for form in FORMATS for literal in form.begins)
        self._beside = self.literals - self.begins

    def at(self, path: str, text: str, at: int, literal: str, setting: Setting) -> Iterator[Detected]:
        """The credentials whose literal stands at `at`."""
        for form in self._at.get(literal, ()):
            for found in _near(form, text, at) if form.beside else _begun(form, text, at):
                if form.name in self._own:
                    yield found
                    continue
                name = vendors.name_of_jwt(found.value) if found.value.startswith("eyJ") else found.name
                yield found._replace(name=name, cleared=_cleared(found, path, text, setting))

    def spread(self, forms: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
        """The places without those of a word that stands close before and behind: what is near one of these
        is near another one that is left.
        """
        if not any(literal in self._beside for _, literal in forms):
            return forms
        behind: dict[str, int] = {}
        following = []
        for at, literal in reversed(forms):
            following.append(behind.get(literal, at + REACH))
            behind[literal] = at
        before: dict[str, int] = {}
        left = []
        for (at, literal), after in zip(forms, reversed(following), strict=True):
            close = at - before.get(literal, at - REACH) < REACH // 2 and after - at <= REACH // 2
            if not close or literal not in self._beside:
                before[literal] = at
                left.append((at, literal))
        return left


@cache
def detectors_of(policy: Secrets) -> Detectors:
    """The detectors of a policy, made once."""
    return Detectors(policy)


def _begun(form: Format, text: str, at: int) -> Iterator[Detected]:
    if at and _IN_TOKEN.match(text, at - 1):
        return  # in the middle of something else
    if found := form.form.match(text, at):
        yield Detected(form.name, found.group(), Span(*found.span()))
    elif joined := _joined(form, text, at):
        yield joined


def _joined(form: Format, text: str, at: int) -> Detected | None:
    """A value in pieces, as long as nothing but quotes and joints part them."""
    here = at
    pieces: list[tuple[int, str]] = []
    while len(pieces) < _MOST_JOINTS:
        run = _RUN.match(text, here)
        end = run.end() if run else here
        pieces.append((here, text[here:end]))
        joint = _JOINT.match(text, end)
        if not joint:
            break
        here = joint.end()
    if len(pieces) == 1:
        return None
    whole = "".join(piece for _, piece in pieces)
    found = form.form.match(whole)
    if not found:
        return None
    left = found.end()
    for start, piece in pieces:
        if left <= len(piece):
            return Detected(form.name, found.group(), Span(at, start + left))
        left -= len(piece)
    return None


def _near(form: Format, text: str, at: int) -> Iterator[Detected]:
    for found in form.form.finditer(text, max(0, at - REACH), at + REACH):
        group = 1 if form.form.groups and found[1] else 0
        yield Detected(form.name, found[group], Span(*found.span(group)))


def _cleared(found: Detected, path: str, text: str, setting: Setting) -> str:
    """Why it could not be in force, or is no secret: decoded where the format lets us; else ""."""
    value, (start, end) = found.value, found.span
    if value.startswith("eyJ"):
        return _cleared_jwt(value, path, setting)
    if value.startswith(("sk.", "tk.")):
        return "" if vendors.vendor_of(value, "") else "its payload does not read"
    if value.startswith("AIza"):
        around = f"{path}\n{text[max(0, start - _AROUND) : end + _AROUND]}"
        if is_generated(path) or vendors.is_public(value, around):
            return "a key that its maker publishes"
    if "/" in value and value.startswith(_HOOKS):
        issued = vendors.could_be_issued(value.rpartition("/")[2]) and not shape.is_placeholder(value)
        return "" if issued else "a placeholder"
    if vendors.is_public(value, ""):
        return "a key that its maker publishes"
    if not vendors.could_be_issued(value):
        return "made up by hand"
    if _SIGNED.search(text, max(0, start - 40), start):
        return "the key id in a signed URL, which names no secret"
    if _SHOWN.search(text, max(0, start - 40), start):
        return "what a field shows until something is typed"
    if setting.context is Context.TEST and is_made_up_file(path):
        return "made up, by its file's name"
    checked = value.startswith(("ghp_", "gho_", "ghu_", "ghr_")) and len(value) == 40
    # What fails the check was never in force: an example may show it.
    failed = checked and setting.context in _LENIENT and not vendors.has_checksum(value)
    return "its checksum says that GitHub never issued it" if failed else ""


def _cleared_jwt(value: str, path: str, setting: Setting) -> str:
    if is_generated(path) or is_test_data(path):
        return "recorded or made by a tool"
    if vendors.is_public(value, ""):
        return "a key that its maker publishes"
    if setting.context is not Context.PRODUCTION and vendors.is_brief(value):
        return "it ended within an hour"
    if setting.context in _LENIENT and vendors.is_past(value):
        return "it ran out years ago"
    if vendors.is_service_role(value) or vendors.is_signed_jwt(
        value, dated=setting.context is not Context.PRODUCTION
    ):
        return ""
    return "no signature that could be in force, or claims of a test"
