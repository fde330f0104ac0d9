"""Passwords that stand in URLs: `scheme://user:password@host`."""

from __future__ import annotations

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

# RFC 3986, section 3.2.1; a driver may follow the scheme (postgresql+asyncpg).
_AUTHORITY = lazily(
    r"://(?P<user>[^\s/:@\"'`<>\\,;()\[\]|]{0,128}):(?P<password>[^\s/@\"'`\\|]{1,256})@(?P<host>[^\s/:\"'`<>\\?#,;)]*)"
)
_SCHEME = lazily(r"[A-Za-z][A-Za-z0-9+.-]*\Z")
_LOCAL = lazily(r"(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal)")


class Credentials(NamedTuple):
    """A URL's user information; `start` and `end` are the password's."""

    scheme: str
    user: str
    password: str
    host: str
    start: int
    end: int

    @property
    def is_local(self) -> bool:
        """Whether the host is the machine itself."""
        return _LOCAL.match(self.host) is not None


def credentials(text: str, at: int) -> Credentials | None:
    """The user and password of the URL whose `://` stands at `at`, or None where it has none."""
    found = _AUTHORITY.match(text, at)
    if not found:
        return None
    scheme = _SCHEME.search(text[max(0, at - 40) : at])
    if not scheme or found["host"] == "":
        return None
    return Credentials(
        scheme.group(), found["user"], found["password"], found["host"], *found.span("password")
    )
