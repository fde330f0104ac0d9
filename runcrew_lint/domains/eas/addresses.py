"""URLs as far as two of them can be told to mean the same server."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_PORTS = {"http": 80, "https": 443}
# Names that a device has for itself, and the Android emulator's for the machine that it runs on
# (Android's documentation, Set up Android Emulator networking).
_SELF = frozenset(("localhost", "127.0.0.1", "::1", "0.0.0.0", "10.0.2.2"))  # noqa: S104
_USER = lazily(r"(?<=//)[^/@]*@")


class Address(NamedTuple):
    """One URL; `host` is in lower case, `path` without its last slash, `rest` is query and fragment."""

    scheme: str
    host: str
    port: int | None
    path: str
    rest: str

    @property
    def is_self(self) -> bool:
        """Whether it names the machine that asks, or the one that an emulator runs on."""
        return self.host in _SELF or self.host.endswith(".localhost")

    @property
    def is_near(self) -> bool:
        """Whether nobody outside one machine or one private network can reach it."""
        try:
            private = ip_address(self.host).is_private
        except ValueError:
            private = self.host.endswith((".local", ".internal"))
        return self.is_self or private


def address(text: str) -> Address | None:
    """The address that a text is; None for what is no URL of http or https."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    rest = f"{parts.username or ''}{parts.query}{parts.fragment}"
    return Address(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], parts.path.rstrip("/"), rest)


def same(one: Address, other: Address) -> bool:
    """Whether two addresses mean one server and path; the names of one's own machine are all one."""
    if one.is_self and other.is_self:
        return one._replace(host="") == other._replace(host="")
    return one == other


def shown(text: str) -> str:
    """A URL without what may be secret in it: the user, and what follows the path."""
    return re.split(r"[?#]", _USER.sub("...@", text))[0]
