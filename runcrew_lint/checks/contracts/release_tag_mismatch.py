"""release-tag-mismatch: a workflow that releases starts on other tags than the policy's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.map import DeliveryMap, Edge, delivery_map_of
from runcrew_lint.domains.delivery.names import Reach
from runcrew_lint.domains.delivery.reach import touches
from runcrew_lint.domains.delivery.refs import examples_of
from runcrew_lint.domains.workflows.facts import Filter, Workflow
from runcrew_lint.domains.workflows.globs import matches
from runcrew_lint.domains.workflows.occasion import RefKind
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_RELEASES = lazily(r"releas|deploy|production|prod\b|store|submit|출시|배포", re.IGNORECASE)
_OF_PART = lazily(r"!|[\w@./-]+[-/@]v")  # cli-v1.0.0: a part with releases of its own
_OUT = frozenset((Action.BUILD, Action.SUBMIT, Action.STORE, Action.DEPLOY, Action.PUBLISH, Action.UPDATE))


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a filter that no release tag passes, and one that another tag passes all the way out."""
    if not policy.release_tags:
        return
    for workflow in repository.facts(Workflow):
        push = workflow.trigger("push")
        said = push.filter("tags") if push else None
        if push is None or said is None:
            continue
        patterns = [each.value for each in said.patterns]
        tags = [tag for each in policy.release_tags for tag in examples_of(each)]
        later = [tag.replace("1", "97", 1) for tag in tags]  # a filter may shut old ones out
        if not any(matches(patterns, tag) for tag in (*tags, *later)):
            alone = push.filter("branches") is None and len(workflow.triggers) <= 2
            alone = alone and not all(_OF_PART.match(each) for each in patterns)
            if alone and _says(workflow):
                yield _unmatched(workflow, said, tags, policy)
            continue
        yield from _too_wide(workflow, said, repository.derive(delivery_map_of), policy)


def _says(workflow: Workflow) -> bool:
    named = f"{workflow.path} {workflow.name.value if workflow.name else ''}"
    return bool(_RELEASES.search(" ".join((named, *(job.id for job in workflow.jobs)))))


def _unmatched(workflow: Workflow, said: Filter, tags: list[str], policy: Policy) -> Fault:
    listed, wanted = ", ".join(each.value for each in said.patterns), ", ".join(policy.release_tags)
    return Fault(
        Place(workflow.path, said.span),
        f"it starts on tags like {listed}, and the policy's releases are {wanted}: the tag {tags[0]} "
        "starts nothing here, and nobody is told",
        help=f"`tags: [{', '.join(repr(each) for each in policy.release_tags)}]`",
    )


def _too_wide(workflow: Workflow, said: Filter, found: DeliveryMap, policy: Policy) -> Iterator[Fault]:
    """A tag that is no release and comes all the way out."""
    for edge in found.edges:
        if (
            edge.workflow == workflow.path
            and _is_out(edge)
            and touches(edge, policy) in (Reach.PRODUCTION, Reach.UNSAID)
            and not matches(policy.release_tags, edge.occasion.name)
        ):
            wanted = ", ".join(policy.release_tags)
            yield Fault(
                Place(workflow.path, said.span),
                f"the tag {edge.occasion.name} starts it as a release does, which the policy writes "
                f"{wanted}: `{edge.command[:60]}` goes out for a tag that nobody meant so",
                (Related(edge.at, "this goes out"),),
                help=f"`tags: [{', '.join(repr(each) for each in policy.release_tags)}]`",
            )
            return


def _is_out(edge: Edge) -> bool:
    occasion = edge.occasion
    return occasion.kind is RefKind.TAG and occasion.event == "push" and edge.action in _OUT and edge.sure
