"""The judgement of one value under one name: first what clears it, then what convicts it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from runcrew_lint.domains.secrets import shape, vendors
from runcrew_lint.domains.secrets.context import Setting, is_made_up
from runcrew_lint.domains.secrets.facts import Basis, Context, Kind
from runcrew_lint.domains.secrets.names import Named, Names, snake
from runcrew_lint.domains.secrets.urls import Credentials, credentials

_LENIENT = frozenset({Context.DEVELOPMENT, Context.TEST, Context.DOCS, Context.EXAMPLE})
_SHORTEST = 8  # characters that count as a value under a name of the policy


_VALUES = frozenset({"PASSWORD", "PASSWD", "PASSPHRASE", "ACCESS_KEY"})
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


class Verdict(NamedTuple):
    """How a value was judged, and what of it led there."""

    kind: Kind
    evidence: str


def judge(
    value: str, name: str, named: Named, setting: Setting, names: Names, around: str = ""
) -> Verdict | None:
    """Whether `value`, under a secret's name, should not stand in this setting.

    Arguments:
        value: as the program that reads the file would have it.
        name: the name as written.
        named: why that name is a secret's.
        setting: where the file or the part of it is used.
        names: the policy's, since a value that is itself such a name is a reference.
        around: the path and text around it, which can make a vendor's key a public one.
    """
    value = value.strip()
    default = shape.defaulted(value)
    if default is not None:
        value = default.strip()
    if shape.is_reference(value):
        return None
    listed = named.basis is Basis.POLICY
    if "://" in value:
        return _address(value, listed, setting)
    if named.rule_name.endswith(("_URL", "_DSN", "_URI")):
        return None
    if listed and _is_real(setting) and shape.is_placeholder(value) and " " not in value:
        return Verdict(Kind.PLACEHOLDER, "a placeholder")
    if shape.is_text(value):
        return None
    if _is_name(value, name, names) or vendors.is_public(value, around):
        return None
    if shape.is_placeholder(value):
        return None
    if vendor := vendors.vendor_of(value, around):
        return Verdict(Kind.VENDOR, vendor)
    if vendors.is_jwt(value):
        # What a test signs, the test's own key signs, unless it could be in force.
        real = setting.context not in _LENIENT or vendors.is_signed_jwt(value)
        return Verdict(Kind.VENDOR, "a JSON Web Token") if real else None
    if setting.context in _LENIENT:
        if not listed and (setting.context is Context.DOCS or is_made_up(name)):
            return None  # what a page of documentation shows is made up for it
        why = "" if shape.is_development(value) else shape.random(value)
        return Verdict(Kind.OPAQUE, why) if why else None
    return _in_production(value, named, setting)


def _in_production(value: str, named: Named, setting: Setting) -> Verdict | None:
    listed = named.basis is Basis.POLICY
    if shape.is_development(value) and not shape.random(value):
        # `*_SECRET` and `*_KEY` name a Secret, or a key in one, as often as a value.
        if listed or (setting.deployed and named.rule_name in _VALUES):
            return Verdict(Kind.DEVELOPMENT, "a development value")
        return None
    if why := shape.opaque(value):
        return Verdict(Kind.OPAQUE, why)
    if listed and len(value) >= _SHORTEST:
        return Verdict(Kind.OPAQUE, f"{len(value)} characters")
    return None


def _is_name(value: str, name: str, names: Names) -> bool:
    """Whether the value is a name itself: `JWT_SECRET = "JWT_SECRET"`, `jwtSecret: jwt-secret`."""
    if not _IDENTIFIER.match(value):
        return False
    own, given = snake(value), snake(name)
    if own == given or ("_" in own and given.endswith(f"_{own}")):
        return True
    if "." in value and names.named(value.rpartition(".")[2]) is not None and shape.is_words(value):
        return True
    return (value.isupper() and names.named(value) is not None) or own.endswith(
        ("_ID", "_NAME", "_URL", "_HEADER")
    )


def _is_real(setting: Setting) -> bool:
    return setting.context is Context.PRODUCTION


def _address(value: str, listed: bool, setting: Setting) -> Verdict | None:
    """A URL is secret for the password in it; a Sentry DSN for its key, where the policy lists it."""
    if listed and vendors.is_sentry_dsn(value):
        return None if shape.is_placeholder(value) else Verdict(Kind.OPAQUE, "a Sentry DSN")
    found = credentials(value, value.index("://"))
    if not found or not listed:
        return None  # the form alone is judged where the scan meets it
    return judge_url(found, setting, listed=True)


def judge_url(found: Credentials, setting: Setting, *, listed: bool) -> Verdict | None:
    """Whether the password of a URL should not stand in this setting."""
    password = unquote(found.password)
    default = shape.defaulted(password)
    if default is not None:
        password = default
    if not password or shape.is_reference(password) or password.startswith(("$", "%", "{", ":")):
        return None
    if found.host.startswith(("{", "$", "%")) and not listed:
        return None
    placeholder = (
        shape.is_placeholder(password) or shape.is_placeholder(found.host) or len(set(password)) == 1
    )
    if placeholder:
        real = listed and _is_real(setting)
        return Verdict(Kind.PLACEHOLDER, "a placeholder as password") if real else None
    made_up = shape.is_development(password) or password.lower() == found.user.lower() or found.is_local
    if setting.context in _LENIENT:
        why = "" if made_up else (shape.random(password) or shape.opaque(password))
        return Verdict(Kind.URL_PASSWORD, "a password in a URL") if why else None
    if made_up or len(password) < 6:
        if listed or (setting.deployed and not found.is_local):
            return Verdict(Kind.DEVELOPMENT, "a development password in a URL")
        return None
    return Verdict(Kind.URL_PASSWORD, "a password in a URL")
