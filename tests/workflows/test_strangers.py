"""Conditions under which a stranger's code never comes to a job with secrets."""

from __future__ import annotations

import pytest

from runcrew_lint.checks.workflows._strangers import keeps_strangers_out

TARGET, AFTER = "pull_request_target", "workflow_run"
OWN = "github.event.pull_request.head.repo.full_name == github.repository"


@pytest.mark.parametrize(
    ("asked", "event"),
    [
        (OWN, TARGET),
        ("${{ " + OWN + " }}", TARGET),
        ("github.repository == github.event.pull_request.head.repo.full_name", TARGET),
        (f"github.event_name != 'pull_request_target' || {OWN}", TARGET),
        (f"{OWN} && (github.actor == 'octocat' || github.base_ref == 'main')", TARGET),
        (f"always() && {OWN}", TARGET),
        ("github.event_name == 'push'", TARGET),
        ("github.event.pull_request.head.repo.full_name == 'team/app'", TARGET),
        ("github.event.pull_request.head.repo.owner.login == github.repository_owner", TARGET),
        ("github.event.pull_request.head.repo.full_name == github.event.repository.full_name", TARGET),
        (
            "github.event.pull_request.head.repo.full_name == github.event.pull_request.base.repo.full_name",
            TARGET,
        ),
        ("github.event.pull_request.head.repo.fork == false", TARGET),
        ("!github.event.pull_request.head.repo.fork", TARGET),
        ("github.event.pull_request.merged", TARGET),
        ("github.event.workflow_run.head_repository.full_name == github.repository", AFTER),
        ("github.event.workflow_run.event == 'push'", AFTER),
        ("github.event.workflow_run.event != 'pull_request'", AFTER),
    ],
)
def test_it_is_false_for_a_fork(asked: str, event: str) -> None:
    assert keeps_strangers_out(asked, [event])


@pytest.mark.parametrize(
    ("asked", "event"),
    [
        ("github.repository == 'team/app'", TARGET),
        ("github.repository_owner == 'team'", TARGET),
        (f"github.actor == 'octocat' || {OWN}", TARGET),
        (f"github.event_name == 'pull_request_target' || {OWN}", TARGET),
        (f"!({OWN})", TARGET),
        ("github.event.pull_request.head.repo.fork", TARGET),
        ("github.event.pull_request.merged == false", TARGET),
        ("contains(github.event.pull_request.labels.*.name, 'safe')", TARGET),
        ("github.event.workflow_run.event == 'pull_request'", AFTER),
        ("github.event.workflow_run.conclusion == 'success'", AFTER),
        ("${{", TARGET),
    ],
)
def test_it_may_be_true_for_one(asked: str, event: str) -> None:
    assert not keeps_strangers_out(asked, [event])


def test_each_event_has_to_be_kept_out() -> None:
    asked = f"github.event_name != 'pull_request_target' || {OWN}"
    assert keeps_strangers_out(asked, [TARGET])
    assert not keeps_strangers_out(asked, [TARGET, "issue_comment"])
