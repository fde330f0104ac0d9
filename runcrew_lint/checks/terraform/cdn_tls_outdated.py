"""cdn-tls-outdated: a CloudFront distribution that still speaks TLS before 1.2."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.terraform._cdn import distributions
from runcrew_lint.domains.terraform.modules import is_true, texts_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_OLD = ("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the version that a distribution with its own certificate names, or where it names none."""
    for module, resource in distributions(repository):
        for certificate in resource.block.inner("viewer_certificate"):
            if is_true(module.said(certificate, "cloudfront_default_certificate")):
                continue
            said = certificate.attribute("minimum_protocol_version")
            version = texts_of(module.value(said.value)) if said else ["TLSv1"]
            if version and version[0] in _OLD:
                place = Place(resource.path, said.span if said else certificate.head)
                yield Fault(
                    place,
                    f"{version[0]} is "
                    f"{'the least' if said else 'what is taken where nothing is said,'} and can be "
                    "broken or forced on a visitor by whoever is in between",
                )
