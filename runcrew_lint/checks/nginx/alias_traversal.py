"""alias-traversal: a location without a slash at its end whose alias has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.domains.nginx.facts import Directive, NginxConfig
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault at each such location, once however many files include it; a pattern is no prefix."""
    found: dict[Place, Fault] = {}
    for config in repository.facts(NginxConfig):
        for server in config.servers:
            for fault in _faults(server.directives):
                found.setdefault(fault.place, fault)
    yield from found.values()


def _faults(directives: Iterable[Directive]) -> Iterator[Fault]:
    for each in directives:
        yield from _faults(each.block)
        alias = next((one for one in each.block if one.name == "alias" and one.arguments), None)
        if each.name != "location" or alias is None or each.arguments[:-1] not in ((), ("^~",)):
            continue
        prefix = each.arguments[-1] if each.arguments else ""
        if not prefix.startswith("/") or prefix.endswith("/") or not alias.arguments[0].endswith("/"):
            continue
        written = " ".join(("location", *each.arguments))
        told = (("title", "ends the location with a slash"), ("text", f"{written}/"), ("was", written))
        yield Fault(
            each.place,
            f"a request for {prefix}../x comes to {alias.arguments[0]}../x, so everyone can read the files "
            "beside the folder that is meant",
            related=(Related(alias.place, "what follows the prefix is put behind this"),),
            mend=MendRequest("text.replace", each.place, (*told, ("safety", "safe"))),
        )
