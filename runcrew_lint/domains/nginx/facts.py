"""An nginx configuration as plain values, with the files that it includes read in."""

from __future__ import annotations

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple


@frozen
class Directive:
    """One directive of a server, with what an include puts in its place already there.

    `block` is empty for a directive without one; an include that can't be followed stays as it is.
    """

    name: str
    arguments: tuple[str, ...]
    place: Place
    block: tuple[Directive, ...] = ()


class Listen(NamedTuple):
    """Where a server listens.

    Arguments:
        address: "" or "*" and "[::]" for every address.
        port: None for a socket, or where a variable hides it.
        tls: whether connections are encrypted.
        default: whether it answers for every name that no server has.
    """

    address: str
    port: int | None
    tls: bool
    default: bool
    place: Place

    @property
    def is_public(self) -> bool:
        """Whether others than this machine can connect."""
        return not self.address.startswith(("127.", "localhost", "unix:", "[::1]"))


@frozen
class Server:
    """One `server` block of the http context; without a `listen` it listens on port 80.

    `above` is what the `http` block around it says beside its servers: nothing, where the file is one that
    others include.
    """

    place: Place
    listens: tuple[Listen, ...]
    names: tuple[str, ...]
    directives: tuple[Directive, ...]
    above: tuple[Directive, ...] = ()


@frozen
class NginxConfig:
    """One file: its servers, those of the files that it includes by name, and the patterns of others.

    `http` is what its `http` block says beside servers, `whole` whether it has one.
    """

    path: str
    servers: tuple[Server, ...]
    includes: tuple[str, ...]
    http: tuple[Directive, ...] = ()
    whole: bool = False
