"""The judgement of one value under one name: first what clears it, then what convicts it."""

from __future__ import annotations

import re
from urllib.parse import unquote

from runcrew_lint.domains.secrets import shape, vendors
from runcrew_lint.domains.secrets.context import Setting, is_developers, is_made_up
from runcrew_lint.domains.secrets.facts import Basis, Context, Kind
from runcrew_lint.domains.secrets.names import Named, Names, snake
from runcrew_lint.domains.secrets.packed import is_key_store, is_private_key, unpacked
from runcrew_lint.domains.secrets.urls import Credentials, credentials
from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_LENIENT = frozenset({Context.DEVELOPMENT, Context.TEST, Context.DOCS, Context.EXAMPLE})
_MANY = 4.2  # bits a character: of 40 thrown from 64, all but one in thousands have as many
_SHORTEST_DER = 60  # characters that a private key has at the least, or a document that holds one
_SHORTEST = 8  # characters that count as a value under a name of the policy


_VALUES = frozenset({"PASSWORD", "PASSWD", "PASSPHRASE", "ACCESS_KEY", "PASS", "PWD", "SALT"})
# Which words stand for the value itself where a process is given them; elsewhere they name one as often.
_GIVEN = _VALUES | {"SECRET", "SECRET_KEY", "TOKEN", "API_KEY"}
_SERVICE_ACCOUNT = lazily(r"\"type\"\s{0,20}:\s{0,20}\"service_account\"")
_AWS_SECRET = lazily(r"[A-Za-z0-9+/]{40}\Z")
_IN_FORCE = lazily(r"(?:example|change-?me)\Z", re.IGNORECASE)
# Of a contract on Starknet, which its chain shows to everyone; Ethereum's, shorter, are known by their form.
_CONTRACT = lazily(r"0x[0-9a-fA-F]{60,64}\Z")
_CAPITALS = lazily(r"[A-Z]+(?:_[A-Z]+)+")
_SERVICE = lazily(r"[a-z][a-z0-9-]*\Z")  # what compose and a cluster call a server; no page shows a bare word
# What a comment or a page writes for whoever and wherever: `user:pass@host`.
_A_USER, _A_HOST = ("user", "username", "usr"), ("host", "hostname", "server", "db-host", "db_host")
_IDENTIFIER = lazily(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


class Verdict(NamedTuple):
    """How a value was judged, and what of it led there."""

    kind: Kind
    evidence: str


def is_prose(value: str) -> bool:
    """Whether words with a space between them are plainly nothing else, which `weigh` says at more cost."""
    return len(value) < _SHORTEST_DER and " " in value.strip() and "$" not in value and "://" not in value


def judge(
    value: str, name: str, named: Named, setting: Setting, names: Names, around: str = ""
) -> Verdict | None:
    """Whether `value`, under a secret's name, should not stand in this setting; arguments as for `weigh`."""
    verdict = weigh(value, name, named, setting, names, around)
    return None if verdict.kind is Kind.CLEAN else verdict


def weigh(value: str, name: str, named: Named, setting: Setting, names: Names, around: str = "") -> Verdict:
    """The judgement with its reason, also where the value is clean.

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
    if (
        setting.context is Context.PRODUCTION
        and not (setting.deployed or setting.given)
        and is_developers(name)
    ):
        setting = setting._replace(context=Context.DEVELOPMENT)
    if shape.is_reference(value):
        return _clean("a reference")
    if shape.is_ciphertext(value):
        return _clean("encrypted, to be committed")
    value = unpacked(value)
    if is_private_key(value):
        return Verdict(Kind.PRIVATE_KEY, "a private key, DER in base64")
    if is_key_store(value):
        return Verdict(Kind.PRIVATE_KEY, "a PKCS#12 store in base64")
    if _SERVICE_ACCOUNT.search(value) and "PRIVATE KEY" in value:
        return Verdict(Kind.SERVICE_ACCOUNT, "a service account's key file")
    listed = named.basis is Basis.POLICY
    if "://" in value:
        return _address(value, listed, setting, names)
    if named.rule_name.endswith(("_URL", "_DSN", "_URI")):
        return _clean("no address, where the name asks for one")
    if listed and _is_real(setting) and names.is_placeholder(value) and " " not in value:
        return Verdict(Kind.PLACEHOLDER, "a placeholder")
    if named.rule_name == "AWS_SECRET_ACCESS_KEY" and _AWS_SECRET.match(value):
        # Slashes make no path of it, nor do a few letters that happen to read.
        if not names.is_placeholder(value) and shape.entropy(value) > _MANY and not shape.is_sequence(value):
            return Verdict(Kind.OPAQUE, "40 characters, as AWS's secret keys have")
    if named.rule_name == "TOKEN" and _CONTRACT.match(value):
        return _clean("the address of a token's contract")
    if shape.is_text(value):
        return _clean("empty, or text, a path or code and no value")
    # What a process is handed under a password's name is the password, whatever it reads like.
    if not (setting.given and named.rule_name in _VALUES) and _is_name(value, name, names):
        return _clean("a name itself")
    if listed and value.startswith("AIza"):
        around = ""  # the policy's own word goes before what its maker says
    if vendors.is_public(value, around):
        return _clean("a key that its maker publishes")
    if names.is_placeholder(value):
        if setting.given and named.rule_name in _VALUES and " " not in value:
            return Verdict(Kind.PLACEHOLDER, "a placeholder")
        return _clean("a placeholder")
    if vendor := vendors.vendor_of(value, around):
        return Verdict(Kind.VENDOR, vendor)
    if vendors.is_jwt(value):
        if vendors.is_brief(value):
            return _clean("a JSON Web Token that ended within an hour")
        # What a test signs, the test's own key signs, unless it could be in force.
        if setting.context in _LENIENT and not vendors.is_signed_jwt(value):
            return _clean("a JSON Web Token of a test")
        if not vendors.has_signature(value):
            return _clean("a JSON Web Token that nothing has signed")
        return Verdict(Kind.VENDOR, vendors.name_of_jwt(value))
    if setting.context in _LENIENT:
        return _lenient(value, name, listed, setting, names)
    return _in_production(value, named, setting, names)


def _clean(why: str) -> Verdict:
    return Verdict(Kind.CLEAN, why)


def _lenient(value: str, name: str, listed: bool, setting: Setting, names: Names) -> Verdict:
    if not listed and (setting.context is Context.DOCS or is_made_up(name)):
        return _clean("made up for its page or its test")  # what documentation shows is made up for it
    if names.is_development(value):
        return _clean("a development value")
    why = shape.random(value)
    return Verdict(Kind.OPAQUE, why) if why else _clean("not random, so somebody made it up")


def _in_production(value: str, named: Named, setting: Setting, names: Names) -> Verdict:
    listed = named.basis is Basis.POLICY
    given = setting.given and named.rule_name in _GIVEN
    if names.is_development(value) and not shape.random(value):
        # `*_SECRET` and `*_KEY` name a Secret, or a key in one, as often as a value.
        if listed or given or (setting.deployed and named.rule_name in _VALUES):
            return Verdict(Kind.DEVELOPMENT, "a development value")
        return _clean("a development value, or the name of a secret")
    if why := shape.opaque(value):
        return Verdict(Kind.OPAQUE, why)
    if given and (named.rule_name in _VALUES or len(value) >= _SHORTEST):
        return Verdict(Kind.OPAQUE, "words, which the container is given")
    if listed and len(value) >= _SHORTEST:
        return Verdict(Kind.OPAQUE, f"{len(value)} characters")
    return _clean("too short, or words")


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


def _address(value: str, listed: bool, setting: Setting, names: Names) -> Verdict:
    """A URL is secret for the password in it; a Sentry DSN for its key, where the policy lists it."""
    if listed and vendors.is_sentry_dsn(value):
        if names.is_placeholder(value):
            return _clean("a placeholder")
        return Verdict(Kind.SENTRY_DSN, "a Sentry DSN")
    found = credentials(value, value.index("://"))
    if not found:
        return _clean("an address without a password")
    if not listed:
        return _clean("an address, which is judged by its form")  # where the scan meets it
    return weigh_url(found, setting, names, listed=True)


def _is_in_force(found: Credentials, password: str, setting: Setting) -> bool:
    """Whether a running system is handed a placeholder that is a password as good as any: `root:example`."""
    if not setting.deployed or setting.context in _LENIENT or found.is_local:
        return False
    return _IN_FORCE.match(password) is not None and _SERVICE.match(found.host) is not None


def weigh_url(found: Credentials, setting: Setting, names: Names, *, listed: bool) -> Verdict:
    """Whether the password of a URL should not stand in this setting, with its reason."""
    password = unquote(found.password)
    default = shape.defaulted(password)
    if default is not None:
        password = default
    if not password or shape.is_reference(password) or password.startswith(("$", "%", "{", ":")):
        return _clean("an address whose password is a reference")
    if "_" in snake(password) and shape.is_words(password) and names.named(password) is not None:
        return _clean("an address that names what stands in it")
    if not listed and _CAPITALS.fullmatch(password):
        return _clean("an address whose password is named in capitals, as instructions do")
    if found.host.startswith(("{", "$", "%")) and not listed:
        return _clean("a pattern of addresses")
    placeholder = (
        names.is_placeholder(password)
        or shape.is_placeholder(found.host)
        or len(set(password)) == 1
        or (found.user in _A_USER and found.host in _A_HOST)
    )
    if placeholder:
        if listed and _is_real(setting):
            return Verdict(Kind.PLACEHOLDER, "a placeholder as password")
        if _is_in_force(found, password, setting):
            return Verdict(Kind.DEVELOPMENT, "a placeholder as password, which a server takes as any other")
        return _clean("a placeholder as password")
    made_up = names.is_development(password) or password.lower() == found.user.lower() or found.is_local
    if setting.context in _LENIENT:
        why = "" if made_up else (shape.random(password) or shape.opaque(password))
        if not why:
            return _clean("a password in a URL that somebody made up")
        return Verdict(Kind.URL_PASSWORD, "a password in a URL")
    if made_up or len(password) < 6:
        if listed or (setting.deployed and not found.is_local):
            return Verdict(Kind.DEVELOPMENT, "a development password in a URL")
        return _clean("a development password in a URL")
    return Verdict(Kind.URL_PASSWORD, "a password in a URL")
