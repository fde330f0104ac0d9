"""lint-not-required: nothing makes a change pass runcrew-lint."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.contracts.commands import CiCommand, ci_commands_of
from runcrew_lint.domains.contracts.facts import Hook, Pins
from runcrew_lint.domains.review.facts import BranchRules
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_NAME, _HOOKS, _POLICY = "runcrew-lint", ".pre-commit-config.yaml", ".runcrew-lint.yaml"
_PINNED = lazily(r"runcrew-lint(?:\[[^\]]*\])?(?:==|@)v?(\d+(?:\.\d+)+)\Z")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a repository in which neither a hook nor a workflow runs it, one where they differ."""
    hooks = [
        (config, hook)
        for config in repository.facts(Pins)
        for hook in config.hooks
        if _NAME in hook.repository or any(_NAME in each for each in (*hook.ids, *hook.entries))
    ]
    workflows = repository.facts(Workflow)
    used = [
        Place(each.path, step.uses.span)
        for each in workflows
        for job in each.jobs
        for step in job.steps
        if step.uses and _NAME in step.uses.value
    ]
    commands = [
        each for each in repository.derive(ci_commands_of) if any(_NAME in (t or "") for t in each.texts)
    ]
    runs_hooks = [
        each.place
        for each in repository.derive(ci_commands_of)
        if any(t == "pre-commit" for t in each.texts[:4])
    ]
    if hooks or used or commands:
        if not hooks and commands:
            yield from _optional(repository, commands)
        yield from _differing(
            hooks, [(word.text or "", word.place) for each in commands for word in each.command.words]
        )
        return
    if not runs_hooks:
        yield from _absent(repository)


def _absent(repository: Repository) -> Iterator[Fault]:
    """Where the team keeps hooks or wrote its policy down."""
    config = next((each for each in repository.facts(Pins) if each.path == _HOOKS and each.hooks), None)
    place = Place(_HOOKS, config.hooks[0].span) if config else None
    if place is None and _POLICY in repository.worktree.paths:
        place = Place(_POLICY, Span(0, 0))
    if place:
        yield Fault(
            place,
            "neither a hook nor a workflow runs runcrew-lint: the policy is a page that nobody has to read",
            help="add the hook to .pre-commit-config.yaml, and `runcrew-lint check` to a required job",
        )


def _optional(repository: Repository, commands: list[CiCommand]) -> Iterator[Fault]:
    """A job that no ruleset asks for, where rulesets are kept as code."""
    asking = [(file.path, each) for file in repository.facts(BranchRules) for each in file.rules]
    required = {check.name for _, each in asking for check in each.checks}
    names = {name for each in commands for name in _names(each)}
    if required and not required & names:
        places = (Place(path, each.checks[0].span) for path, each in asking if each.checks)
        yield Fault(
            commands[0].place,
            f"the job `{commands[0].job.id}` runs runcrew-lint and no ruleset requires it: a change that "
            "breaks the policy is merged all the same",
            tuple(Related(place, "what is required") for place in places),
            help="add the job's name to the required checks",
        )


def _names(each: CiCommand) -> tuple[str, ...]:
    return each.job.id, each.job.name.value if each.job.name else ""


def _differing(hooks: list[tuple[Pins, Hook]], commands_of: list[tuple[str, Place]]) -> Iterator[Fault]:
    """A hook of one version and a workflow of another."""
    pinned = [(found[1], place) for text, place in commands_of if (found := _PINNED.match(text))]
    for config, hook in hooks:
        version = hook.rev.removeprefix("v")
        for other, place in pinned:
            if re.match(r"\d", version) and version != other:
                yield Fault(
                    Place(config.path, hook.span),
                    f"the hook runs runcrew-lint {version} and the workflow {other}: what passes the one "
                    "fails the other",
                    (Related(place, f"{other} here, which the policy believes"),),
                    help=f"`rev: v{other}`",
                )
                return
