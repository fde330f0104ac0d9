"""cdn-origin-open: a bucket behind CloudFront that everyone can go around it to."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.terraform._cdn import distributions
from runcrew_lint.documents.hcl import Block
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_BUCKET = lazily(r"bucket_(?:regional_)?domain_name|\.s3[.-]|website_endpoint|bucket_website")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each origin that is a bucket and that no origin access control or identity guards."""
    for _, resource in distributions(repository):
        for origin in resource.block.inner("origin"):
            domain = origin.attribute("domain_name")
            if domain and _BUCKET.search(domain.value.text) and not _is_guarded(origin):
                yield Fault(
                    Place(resource.path, domain.span),
                    "CloudFront asks this bucket as anyone would, so the bucket is open to all, past the "
                    "distribution's certificate, headers and logs",
                )


def _is_guarded(origin: Block) -> bool:
    if origin.attribute("origin_access_control_id"):
        return True
    return any(each.attribute("origin_access_identity") for each in origin.inner("s3_origin_config"))
