"""Which checks a pull request into a branch reports, by the names that a ruleset can require.

Sources: docs.github.com, "Troubleshooting required status checks" (a workflow that a path filter holds back
leaves its checks pending; a job that a condition skips reports success), "Running variations of jobs in a
workflow" and "Reusing workflows" (the names: `job (a, b)`, `caller / called`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from runcrew_lint.domains.delivery.contexts import Contexts, Handed, JobRun
from runcrew_lint.domains.delivery.walk import MAX_NESTING, called_by
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.domains.workflows.facts import Job, Trigger, Workflow
from runcrew_lint.domains.workflows.globs import is_literal
from runcrew_lint.domains.workflows.matrix import Combination, combinations
from runcrew_lint.domains.workflows.occasion import Occasion, RefKind, starts
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

MAX_CONTEXTS = 2_000
_PULL = ("pull_request", "pull_request_target", "merge_group")
_ANYWAY = lazily(r"\b(?:always|failure|cancelled)\s*\(")
# A fork's workflows are not what the branch waits for.
_HERE = lazily(r"(?:\$\{\{\s*)?github\.repository(?:_owner)?\s*==\s*'[^']*'(?:\s*\}\})?")
_EXPRESSION = lazily(r"\$\{\{((?:(?!\$\{\{).)*?)\}\}")
HOLE = "\0"  # in a name, for what is known when it runs


class Why(StrEnum):
    """Why a check may not run."""

    PATHS = "paths"
    TYPES = "types"
    CONDITION = "if"
    NEEDS = "needs"


_OWN = frozenset((Why.CONDITION, Why.NEEDS))  # of the job, not of its workflow


class Skip(NamedTuple):
    """One thing that may keep a check from running, and where it is written."""

    why: Why
    place: Place
    text: str


class CheckContext(NamedTuple):
    """One check of a pull request.

    Arguments:
        name: as a ruleset writes it; HOLE stands for what is known when it runs.
        place: the job's id, or its name.
        event: what starts it.
        skips: what may keep it from running.
    """

    name: str
    workflow: str
    job: Job
    place: Place
    event: str
    skips: tuple[Skip, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a part of its name is known only when it runs."""
        return HOLE in self.name

    @property
    def anyway(self) -> bool:
        """Whether its job runs although one that it needs has failed."""
        return runs_anyway(self.job)

    def is_named(self, name: str) -> bool:
        """Whether a ruleset may mean it by a name."""
        if not self.is_open:
            return self.name == name
        return re.fullmatch(".+".join(map(re.escape, self.name.split(HOLE))), name) is not None

    @property
    def shown(self) -> str:
        """The name for a person."""
        return self.name.replace(HOLE, "…")


def runs_anyway(job: Job) -> bool:
    """Whether a job's condition asks for it even where a job that it needs has failed."""
    return bool(job.condition and _ANYWAY.search(job.condition.value))


def contexts_on(repository: Facts, branch: str) -> tuple[CheckContext, ...]:
    """Every check that pull requests into a branch may report, by workflow, in the order of the jobs."""
    kept = repository.derive(_kept)
    if branch not in kept:
        kept[branch] = _contexts(repository, branch)
    return kept[branch]


def _kept(repository: Facts) -> dict[str, tuple[CheckContext, ...]]:
    """What is made once a branch."""
    del repository
    return {}


def _contexts(repository: Facts, branch: str) -> tuple[CheckContext, ...]:
    policy = repository.policy
    workflows = {each.path: each for each in repository.facts(Workflow)}
    feature = next((each for each in policy.branches if not is_literal(each)), "feature/*").replace(
        "*", "example"
    )
    found: list[CheckContext] = []
    for workflow in workflows.values():
        for event in (*_PULL, "push"):
            kind = RefKind.BRANCH if event == "push" else RefKind.PULL
            base = "" if event == "push" else branch
            occasion = Occasion(event, kind, feature, base, default=policy.default_branch)
            trigger = starts(workflow, occasion)
            if trigger is None or (event == "push" and any(each.workflow == workflow.path for each in found)):
                continue
            skips = tuple(_filtered(workflow, trigger))
            for each in _jobs(workflow, trigger, occasion, workflows, "", skips, 0):
                if len(found) >= MAX_CONTEXTS:
                    return tuple(found)
                if not any(one.name == each.name and one.place == each.place for one in found):
                    found.append(each)
    return tuple(found)


def _filtered(workflow: Workflow, trigger: Trigger) -> Iterator[Skip]:
    """The path filter that may hold the whole workflow back."""
    for each in trigger.filters:
        if each.kind.startswith("paths"):
            patterns = [pattern.value for pattern in each.patterns]
            if each.kind == "paths" and any(pattern in ("**", "**/*") for pattern in patterns):
                continue
            text = f"{each.kind}: {', '.join(patterns[:3])}{', ...' if len(patterns) > 3 else ''}"
            yield Skip(Why.PATHS, Place(workflow.path, each.span), text)
    if trigger.types is not None and trigger.event != "merge_group":
        types = [each.value for each in trigger.types]
        if "synchronize" not in types:
            yield Skip(Why.TYPES, Place(workflow.path, trigger.span), f"types: {', '.join(types)}")


def _jobs(
    workflow: Workflow,
    trigger: Trigger,
    occasion: Occasion,
    workflows: dict[str, Workflow],
    prefix: str,
    outer: tuple[Skip, ...],
    nesting: int,
    inputs: Handed | None = None,
) -> Iterator[CheckContext]:
    context = Contexts(workflow, trigger, occasion, inputs)
    skipped: dict[str, tuple[Skip, ...]] = {}
    for job in workflow.jobs:
        run = JobRun(job, True)
        context.runs[job.id.lower()] = run
        skips = list(outer)
        answer, asks = context.answer(job.condition, context.of_job(run))
        if (
            job.condition
            and answer is not True
            and not _HERE.fullmatch(job.condition.value.strip())
            and not (asks and runs_anyway(job))
        ):
            text = " ".join(job.condition.value.split())
            skips.append(Skip(Why.CONDITION, Place(workflow.path, job.condition.span), f"if: {text[:80]}"))
        for need in job.needs:
            if not runs_anyway(job) and any(
                each.why is not Why.PATHS for each in skipped.get(need.value.lower(), ())
            ):
                text = f"needs: {need.value}, which may be skipped"
                skips.append(Skip(Why.NEEDS, Place(workflow.path, need.span), text))
        skipped[job.id.lower()] = tuple(skips)
        place = Place(workflow.path, (job.name or job).span)
        for name in _names(job):
            path = called_by(job)
            if not job.uses:
                yield CheckContext(f"{prefix}{name}", workflow.path, job, place, occasion.event, tuple(skips))
                continue
            called = workflows.get(path)
            inner = called.trigger("workflow_call") if called else None
            if called is None or inner is None or nesting >= MAX_NESTING:
                named = f"{prefix}{name} / {HOLE}"
                yield CheckContext(named, workflow.path, job, place, occasion.event, tuple(skips))
                continue
            handed = Handed(job.inputs, inner.inputs, context, context.of_job(run))
            yield from _jobs(
                called, trigger, occasion, workflows, f"{prefix}{name} / ", tuple(skips), nesting + 1, handed
            )


def _names(job: Job) -> Iterator[str]:
    """What GitHub calls a job, once for each combination of its matrix."""
    written = job.name.value if job.name else job.id
    has_matrix = bool(job.matrix or job.matrix_include or job.matrix_is_open)
    made = combinations(job) if has_matrix else ({},)
    if made is None:
        yield _filled(written, None) if "${{" in written else f"{written} ({HOLE})"
        return
    names: dict[str, None] = {}
    for each in made:
        if "${{" in written or not has_matrix:
            names[_filled(written, each)] = None
        else:
            names[f"{written} ({_values(job, each)})"] = None
    yield from names


def _values(job: Job, each: Combination) -> str:
    """The values of a combination in the order that they are written, as GitHub lists them."""
    if any("." in name for name in each) or (job.matrix and job.matrix_include):
        return HOLE
    order = [axis.name.lower() for axis in job.matrix] or list(each)
    return ", ".join(each[name] for name in order if name in each)


def _filled(written: str, combination: Combination | None) -> str:
    """A name with the matrix's values; any other expression is known when it runs."""

    def value(found: re.Match[str]) -> str:
        inner = re.fullmatch(r"\s*matrix\.([\w.-]+)\s*", found[1])
        if inner and combination is not None:
            return to_text(combination.get(inner[1].lower(), HOLE))
        return HOLE

    return _EXPRESSION.sub(value, written)
