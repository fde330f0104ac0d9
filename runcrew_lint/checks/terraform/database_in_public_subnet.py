"""database-in-public-subnet: a database's subnets are ones that have a way to the internet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.terraform.modules import Module, is_true, modules_of, texts
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

_TYPES = ("aws_db_subnet_group", "aws_elasticache_subnet_group", "aws_docdb_subnet_group")
_SUBNET = lazily(r"aws_subnet\.([\w-]+)")
_PUBLIC = lazily(r"(?:module\.[\w-]+|var|local|data\.[\w.-]+|aws_subnet)\.[\w-]*public[\w-]*", re.IGNORECASE)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the subnets of each group of which one is public: by its own word, or by its name."""
    for module in repository.derive(modules_of):
        for group in module.of(*_TYPES):
            subnets = group.block.attribute("subnet_ids")
            named = _public(module, " ".join(texts(group.block))) if subnets else ""
            if subnets and named:
                yield Fault(
                    group.at(subnets),
                    f"the database stands in {named}, which has a way to the internet: one rule of a "
                    "security group "
                    "is then all that keeps it apart",
                )


def _public(module: Module, written: str) -> str:
    for name in _SUBNET.findall(written):
        subnets = (each for each in module.of("aws_subnet") if each.name == name)
        if any(is_true(module.said(each.block, "map_public_ip_on_launch")) for each in subnets):
            return f"aws_subnet.{name}"
    match = _PUBLIC.search(written)
    return match[0] if match else ""
