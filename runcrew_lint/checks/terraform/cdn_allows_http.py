"""cdn-allows-http: a CloudFront distribution that serves content in the clear."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.terraform._cdn import distributions
from runcrew_lint.domains.terraform.modules import texts_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each `viewer_protocol_policy` that is allow-all."""
    for module, resource in distributions(repository):
        for kind in ("default_cache_behavior", "ordered_cache_behavior"):
            for behavior in resource.block.inner(kind):
                said = behavior.attribute("viewer_protocol_policy")
                if said is None or texts_of(module.value(said.value)) != ["allow-all"]:
                    continue
                place = Place(resource.path, said.value.span)
                told = (
                    ("title", "sends visitors to https"),
                    ("text", '"redirect-to-https"'),
                    ("was", '"allow-all"'),
                )
                yield Fault(
                    place,
                    "visitors who come by http:// are served in the clear, so whoever is in between "
                    "reads and "
                    "changes the pages, and the code in them",
                    mend=MendRequest("text.replace", place, (*told, ("safety", "safe"))),
                )
