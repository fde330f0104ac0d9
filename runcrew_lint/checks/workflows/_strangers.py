"""Whether a condition keeps out what comes from another repository, or was never merged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from runcrew_lint.domains.lattice import Plain, Value, known, one_of, unknown
from runcrew_lint.domains.workflows.evaluate import condition, truth_of
from runcrew_lint.patterns import lazily

# A repository as expressions name it, and a name that no condition holds.
_REPOSITORY = lazily(r"'([\w.-]+/[\w.-]+)'")
_OWNER = lazily(r"'([\w.-]+)'")
_HERE, _THERE = "here/this", "elsewhere/fork"
_HEADS = (
    ("pull_request", "head", "repo"),
    ("workflow_run", "head_repository"),
)
# https://docs.github.com/en/webhooks/webhook-events-and-payloads, of a fork's pull request that is open.
_OF_A_FORK: dict[tuple[str, ...], Plain] = {
    **{(*head, "full_name"): _THERE for head in _HEADS},
    **{(*head, "owner", "login"): _THERE.partition("/")[0] for head in _HEADS},
    **{(*head, "fork"): True for head in _HEADS},
    ("pull_request", "merged"): False,
    ("workflow_run", "event"): "pull_request",
}


def keeps_strangers_out(asked: str, events: Sequence[str]) -> bool:
    """Whether an `if:` is false for a fork's open pull request, whichever of the events it comes by."""
    # What the repository itself is called is nobody's to say: it may be any that the condition names.
    names = (_HERE, *_REPOSITORY.findall(asked))
    owners = (*(each.partition("/")[0] for each in names), *_OWNER.findall(asked))
    here: dict[tuple[str, ...], Value] = {
        ("repository",): one_of(names),
        ("event", "repository", "full_name"): one_of(names),
        ("event", "pull_request", "base", "repo", "full_name"): one_of(names),
        ("repository_owner",): one_of(owners),
        **{("event", *path): known(value) for path, value in _OF_A_FORK.items()},
    }
    return all(
        truth_of(condition(asked, partial(_look, {**here, ("event_name",): known(event)}))[0]) is False
        for event in events
    )


def _look(known_here: dict[tuple[str, ...], Value], path: tuple[str, ...]) -> Value:
    found = known_here.get(path[1:]) if path[0] == "github" else None
    return found if found is not None else unknown("it is known only as it runs")
