"""Which values of an event somebody from outside writes.

Source: docs.github.com, "Secure use reference" (script injections) and "Webhook events and payloads".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum

from runcrew_lint.patterns import lazily

_COMMENTED = ("issue_comment", "pull_request_review_comment", "discussion_comment", "commit_comment")
_PULLED = (
    "pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment",
)  # fmt: skip
_AUTHOR = r"(?:message|(?:author|committer)\.(?:name|email))"
# What somebody from outside writes, and the events that bring it; a whole object holds it, too.
_WRITTEN: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"github\.(?:{pattern})\Z"), events)
    for pattern, events in (
        (r"event\.issue(?:\.(?:title|body))?", ("issues", "issue_comment")),
        (
            r"event\.pull_request(?:\.(?:title|body|head(?:\.(?:ref|label|repo(?:\.(?:default_branch"
            r"|description|homepage))?))?))?|head_ref",
            _PULLED,
        ),
        (r"event\.discussion(?:\.(?:title|body))?", ("discussion", "discussion_comment")),
        (r"event\.comment(?:\.body)?", _COMMENTED),
        (r"event\.review(?:\.body)?", ("pull_request_review",)),
        (r"event\.review_comment\.body", ("pull_request_review_comment",)),
        (r"event\.changes\.(?:title|body)\.from", ("issues", "pull_request_target", "discussion")),
        (r"event\.pages\.\*\.page_name", ("gollum",)),
        (rf"event\.(?:commits(?:\.(?:\*|\d+)(?:\.{_AUTHOR})?)?|head_commit(?:\.{_AUTHOR})?)", ("push",)),
        (
            r"event\.workflow_run(?:\.(?:head_branch|display_title|head_commit(?:\."
            rf"{_AUTHOR})?|head_repository\.description|pull_requests\.(?:\*|\d+)\.head\.ref))?",
            ("workflow_run",),
        ),
    )
)
_WHOLE = lazily(r"github(?:\.event)?\Z")
_GIVEN = lazily(r"(?:(?:github\.event\.)?inputs\.([\w-]+|\*)|github\.event\.client_payload(?:\..*)?)\Z")
# Runs of these have no secrets and a reading token where they come from a fork; a push is a member's.
_HELD = frozenset(
    ("pull_request", "pull_request_review", "pull_request_review_comment", "push", "merge_group",
     "workflow_dispatch", "schedule", "release", "create", "delete", "repository_dispatch", "deployment")
)  # fmt: skip


class Taint(IntEnum):
    """How far a value is in the hands of others."""

    NONE = 0
    GIVEN = 1  # by whoever starts or calls it
    HELD = 2  # by anybody, where the run can do little or a member has let it in
    OPEN = 3  # by anybody, with this repository's rights


def taint(name: str, events: Iterable[str], bounded: Iterable[str] = ()) -> Taint:
    """How far the value of a name is in the hands of others.

    Arguments:
        name: such as `github.event.issue.title`.
        events: what starts the workflow; with workflow_call, or none, it may be anything.
        bounded: inputs that are no free text.
    """
    given = _GIVEN.match(name)
    if given:
        return Taint.NONE if given[1] in bounded else Taint.GIVEN
    started = set(events)
    for pattern, brought in _WRITTEN:
        if pattern.match(name):
            return _by(brought, started)
    if _WHOLE.match(name):
        return _by([each for _, events in _WRITTEN for each in events], started)
    return Taint.NONE


def _by(brought: Iterable[str], started: set[str]) -> Taint:
    if not started or "workflow_call" in started:
        return Taint.HELD  # the caller decides what starts it
    able = started.intersection(brought)
    if not able:
        return Taint.NONE
    return Taint.HELD if able <= _HELD else Taint.OPEN
