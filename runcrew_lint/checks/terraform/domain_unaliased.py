"""domain-unaliased: a name for which no record leads to the distribution, or that it does not answer to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.hcl import Kind
from runcrew_lint.domains.terraform.modules import Module, Resource, is_true, modules_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """Faults at a distribution with a certificate of its own and no aliases, and at aliases without a record.

    The second only where the folder keeps records of Route 53 and all of them are known to lead elsewhere.
    """
    for module in repository.derive(modules_of):
        for resource in module.of("aws_cloudfront_distribution"):
            yield from _judge(module, resource)


def _judge(module: Module, resource: Resource) -> Iterator[Fault]:
    aliases = resource.block.attribute("aliases")
    own = [
        each for each in resource.block.inner("viewer_certificate") if each.attribute("acm_certificate_arn")
    ]
    default = any(
        is_true(module.said(each, "cloudfront_default_certificate"))
        for each in resource.block.inner("viewer_certificate")
    )
    if (
        own
        and not default
        and (aliases is None or (aliases.value.kind is Kind.LIST and not aliases.value.items))
    ):
        yield Fault(
            resource.place,
            f"{resource.name} has a certificate of its own and no aliases, so it refuses the name that the "
            "certificate is for",
        )
    elif aliases is not None:
        records = list(module.of("aws_route53_record"))
        led = any(True for _ in module.refers(resource, "aws_route53_record"))
        if records and not led and not _is_handed_out(module, resource):
            yield Fault(
                resource.at(aliases),
                f"no aws_route53_record leads to {resource.name}, so its names reach something else, "
                "or nothing",
            )


def _is_handed_out(module: Module, resource: Resource) -> bool:
    """Whether an output or a local gives the distribution to others, who may make the record."""
    name = f"{resource.type}.{resource.name}."
    return any(
        name in attribute.value.text
        for file in module.files
        for block in file.blocks
        if block.kind in ("output", "locals", "module")
        for attribute in block.attributes
    )
