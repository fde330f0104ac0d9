"""port-open: a security group that lets the whole internet at a shell, a database or a cache."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.hcl import Block, Value
from runcrew_lint.domains.terraform.modules import Module, Resource, modules_of, number, texts_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_PORTS = {
    22: "SSH",
    3389: "RDP",
    5432: "PostgreSQL",
    6379: "Redis",
    3306: "MySQL",
    27017: "MongoDB",
    9200: "Elasticsearch",
    11211: "Memcached",
    2375: "Docker",
    2376: "Docker",
    2379: "etcd",
    10250: "the kubelet",
}
_EVERYONE = {"0.0.0.0/0", "::/0"}
_RANGES = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")


class _Rule(NamedTuple):
    block: Block
    path: str
    place: Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a rule, at its range of addresses."""
    for module in repository.derive(modules_of):
        for rule in _rules(module):
            yield from _judge(module, rule)


def _rules(module: Module) -> Iterator[_Rule]:
    for resource in module.of("aws_security_group", "aws_default_security_group"):
        for inner in resource.block.inner("ingress"):
            yield _made(resource, inner)
    for resource in module.of("aws_security_group_rule"):
        if texts_of(module.said(resource.block, "type")) == ["ingress"]:
            yield _made(resource, resource.block)
    for resource in module.of("aws_vpc_security_group_ingress_rule"):
        yield _made(resource, resource.block)


def _made(resource: Resource, block: Block) -> _Rule:
    return _Rule(block, resource.path, Place(resource.path, block.head))


def _judge(module: Module, rule: _Rule) -> Iterator[Fault]:
    ranges = [each for name in _RANGES if (each := rule.block.attribute(name))]
    opened = next((each for each in ranges if _EVERYONE & _addresses(module, each.value)), None)
    if opened is None:
        return
    protocol = texts_of(module.said(rule.block, "protocol") or module.said(rule.block, "ip_protocol"))
    first, last = (number(module.said(rule.block, name)) for name in ("from_port", "to_port"))
    if protocol in (["-1"], ["all"]) or (first == last == -1):
        what = "every port"
    elif first is None or last is None or protocol in (["icmp"], ["icmpv6"]):
        return
    else:
        met = [f"{name} ({port})" for port, name in _PORTS.items() if first <= port <= last]
        if not met:
            return
        what = ", ".join(met[:3])
    yield Fault(
        Place(rule.path, opened.span),
        f"{what} answers the whole internet, so every scanner tries its passwords and its known holes",
    )


def _addresses(module: Module, written: Value) -> set[str]:
    """The addresses of a list, or of one value, each as far as the folder tells."""
    value = module.value(written)
    items = value.items if value and value.items else (value,)
    return {text for item in items for text in texts_of(module.value(item))}
