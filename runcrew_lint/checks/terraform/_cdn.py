"""What the rules on CloudFront share."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.terraform.modules import Module, Resource, modules_of
from runcrew_lint.repository import Repository


def distributions(repository: Repository) -> Iterator[tuple[Module, Resource]]:
    """Every distribution with its module."""
    for module in repository.derive(modules_of):
        for each in module.of("aws_cloudfront_distribution"):
            yield module, each
