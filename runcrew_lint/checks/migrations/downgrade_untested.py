"""downgrade-untested: nobody takes a migration back before it has to be."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.migrations.facts import Migration, Rehearsal
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.rehearsal import DOWN
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a repository, at the youngest revision of its largest history that has a way back.

    Without a workflow and without a test nobody can say where the repository is tried: nothing is said.
    """
    del policy
    lineages = [each for each in repository.derive(history_of).lineages if any(map(_goes_back, each.order))]
    if not lineages:
        return
    rehearsals = repository.facts(Rehearsal)
    if not all(each.names for each in rehearsals):
        return
    workflows = repository.facts(Workflow)
    if not (workflows or _has_tests(repository)) or _is_tried(rehearsals, workflows):
        return
    largest = max(lineages, key=lambda each: len(each.migrations))
    youngest = next(filter(_goes_back, reversed(largest.order)))
    where = "no workflow and no test" if workflows else "no test"
    yield Fault(
        Place(
            youngest.path, youngest.downgrade_span if youngest.downgrade_span.end else youngest.revision_span
        ),
        f"{where} here runs a downgrade, so the first one is the rollback of a deploy that went wrong",
    )


def _goes_back(migration: Migration) -> bool:
    """Whether its tool knows a way back, and it has one that says something and does not refuse."""
    return not (migration.one_way or migration.downgrade_empty or migration.downgrade_raises.end)


def _has_tests(repository: Repository) -> bool:
    return any(path.rpartition("/")[2].startswith("test_") for path in repository.worktree.paths)


def _is_tried(rehearsals: tuple[Rehearsal, ...], workflows: tuple[Workflow, ...]) -> bool:
    """Whether a step of a workflow goes back itself, or runs something that does."""
    said = [
        text
        for workflow in workflows
        for job in workflow.jobs
        for step in job.steps
        for text in (step.run.script if step.run else "", step.uses.value if step.uses else "")
    ]
    named = {name for each in rehearsals for name in each.names}
    return any(DOWN.search(text) or any(name in text for name in named) for text in said)
