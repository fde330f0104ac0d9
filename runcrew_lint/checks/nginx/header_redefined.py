"""header-redefined: a location whose own add_header takes the server's security headers away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_SECURITY = frozenset(
    {
        "strict-transport-security",
        "content-security-policy",
        "x-frame-options",
        "x-content-type-options",
        "referrer-policy",
        "permissions-policy",
    }
)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at the first add_header of each block that loses a security header.

    A block that only returns a word or a redirect is left alone. Silent where `add_header_inherit` says
    otherwise (nginx 1.29.3) and where an include is left unread.
    """
    found: dict[Place, Fault] = {}
    for config in repository.facts(NginxConfig):
        for server in config.servers:
            for fault in _faults(server.directives, ()):
                found.setdefault(fault.place, fault)
    yield from found.values()


def _faults(directives: Iterable[Directive], above: tuple[Directive, ...]) -> Iterator[Fault]:
    directives = tuple(directives)
    if any(each.name in ("add_header_inherit", "include") for each in directives):
        return
    own = tuple(each for each in directives if each.name == "add_header" and each.arguments)
    names = {each.arguments[0].lower() for each in own}
    lost = [each for each in above if each.arguments[0].lower() in _SECURITY - names]
    if own and lost and not any(each.name == "return" for each in directives):
        shown = ", ".join(dict.fromkeys(each.arguments[0] for each in lost))
        yield Fault(
            own[0].place,
            f"a block with an add_header of its own takes none from above, so answers here go "
            f"without {shown}",
            related=(Related(lost[0].place, "set here for the rest"),),
        )
    for each in directives:
        if each.name in ("location", "if"):
            yield from _faults(each.block, own or above)
