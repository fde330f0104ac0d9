"""database-password-literal: the password of a database, written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from runcrew_lint.documents.hcl import Attribute, Block, Kind
from runcrew_lint.domains.secrets.division import faults_of
from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.domains.terraform.facts import TerraformFile
from runcrew_lint.domains.terraform.modules import Module, modules_of
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_NAMES = ("password", "master_password", "master_user_password", "administrator_login_password", "auth_token")
_TYPES = lazily(
    r"aws_(?:db|rds|docdb|neptune|redshift|elasticache|memorydb|dms)_\w+|(?:azurerm|google)_\w*sql\w*"
    r"|postgresql_role|mysql_user"
)
_FROM = lazily(r"var\.([\w-]+)")
_NAME = lazily(r"[A-Z]+(?:_[A-Z]+)+\Z|arn:|projects/")  # of a secret that is kept elsewhere: BACKUP_KEY
_VARIABLE = lazily(r".*(?:password|passwd|secret|auth_token)", re.IGNORECASE)


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at literals, and at what the search for secrets has found under such names.

    A default of a variable that is called a password is one for whoever gives no other.
    """
    passwords = {
        file.path: names
        for module in repository.derive(modules_of)
        for names in (_variables(module),)
        for file in module.files
    }
    told: set[Place] = set()
    for file in repository.facts(TerraformFile):
        for block in file.blocks if file.path in passwords else ():
            attribute = _literal(block, passwords[file.path])
            if attribute is not None:
                place = Place(file.path, attribute.value.span)
                told.update((place, Place(place.path, Span(place.span.start + 1, place.span.end - 1))))
                yield Fault(
                    place,
                    f"{'.'.join(block.labels)} has its password written out: everyone who can read the "
                    "repository has it, and it stands in the state as well",
                    severity=Severity.WARNING if block.kind == "variable" else None,
                    veiled=(place,),
                )
    for uses in repository.facts(SecretUses):
        for fault in faults_of("database-password-literal", uses, policy):
            if fault.place not in told:
                yield fault


def _variables(module: Module) -> set[str]:
    """The variables that a database of the folder has its password from."""
    return {
        found[1]
        for resource in module.resources
        if _TYPES.fullmatch(resource.type)
        for name in _NAMES
        if (attribute := resource.block.attribute(name)) and (found := _FROM.fullmatch(attribute.value.text))
    }


def _literal(block: Block, passwords: AbstractSet[str]) -> Attribute | None:
    if block.kind == "variable" and block.labels:
        if block.labels[0] not in passwords and not _VARIABLE.fullmatch(block.labels[0]):
            return None
        names: tuple[str, ...] = ("default",)
    elif block.kind == "resource" and block.labels and _TYPES.fullmatch(block.labels[0]):
        names = _NAMES
    else:
        return None
    for name in names:
        attribute = block.attribute(name)
        text = attribute.value.text.strip() if attribute and attribute.value.kind is Kind.TEXT else ""
        if text and not (block.kind == "variable" and _NAME.match(text)):
            return attribute
    return None
