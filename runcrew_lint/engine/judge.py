"""The reduce: every rule that is on and can speak, over the facts it asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from runcrew_lint.catalogue.bind import check_of
from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.catalogue.declarative import Shapes, shape_kind
from runcrew_lint.domains.fact import Fact
from runcrew_lint.engine.answers import Analysis
from runcrew_lint.engine.crash import crash_line, failure
from runcrew_lint.engine.pulse import Pulse, Step, still
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.model.rule import Mark, Rule, Scope
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

Judgement = Callable[[], Iterable[Fault]]


class Verdict(NamedTuple):
    """A fault under the name of the rule that saw it."""

    rule: str
    fault: Fault


def judge(
    chosen: Mapping[str, Chosen],
    analysis: Analysis,
    repository: Repository,
    pulse: Pulse = still,
) -> Iterator[Verdict]:
    """Every verdict of every rule; what fails on a file says so there, and the rest goes on.

    Rules that fail in the same place of our code came upon one fault of what they share: that is told once,
    with the names of those that are silent for it.

    Arguments:
        pulse: called before each rule and at the end; what it raises ends the judging.
    """
    failed: dict[tuple[str, str], tuple[Exception, list[str]]] = {}
    for at, each in enumerate(chosen.values()):
        pulse(Step("rules", at, len(chosen)))
        for path, faults in _judged(each, analysis, repository):
            try:
                yield from [Verdict(each.rule.name, fault) for fault in faults()]
            except Exception as error:
                failed.setdefault((path, failure(error)), (error, []))[1].append(each.rule.name)
    for (path, _), (cause, rules) in failed.items():
        yield Verdict("rule-crashed", _crash(path, cause, rules))
    pulse(Step("rules", len(chosen), len(chosen)))


def _crash(path: str, error: Exception, rules: list[str]) -> Fault:
    """That rules failed on a file."""
    if len(rules) == 1:
        return Fault(Place(path, Span(0, 0)), crash_line(f"the rule {rules[0]}", error))
    said = crash_line(f"what {len(rules)} rules share", error)
    return Fault(Place(path, Span(0, 0)), said, notes=(Note("silent", ", ".join(rules)),))


def _judged(each: Chosen, analysis: Analysis, repository: Repository) -> Iterator[tuple[str, Judgement]]:
    """What is judged at once: a fact, or all of them; with the path where a failure is reported."""
    rule = each.rule
    if rule.scope is Scope.SHAPE:
        for shapes in analysis.of(shape_kind(rule.reads[0])):
            if isinstance(shapes, Shapes):
                yield shapes.path, partial(shapes.of, rule, each.options)
    elif rule.scope is Scope.FILE:
        for fact in analysis.of(rule.reads[0]):
            yield fact.path, partial(_checked, each, fact, repository.policy)
    elif rule.scope is Scope.REPOSITORY and _can_speak(rule, analysis):
        first = repository.worktree.paths[0] if repository.worktree.paths else "."
        yield first, partial(_checked, each, repository, repository.policy)


def _checked(each: Chosen, subject: Fact | Repository, policy: Policy) -> Iterable[Fault]:
    return check_of(each.rule)(subject, policy, **each.options)


def _can_speak(rule: Rule, analysis: Analysis) -> bool:
    """Without a fact there is nothing to compare, and no need to import the check; only a demand may
    miss what is not there.
    """
    return rule.mark is Mark.DEMAND or any(
        analysis.of(kind) or kind not in rule.reads for kind in rule.speaks
    )
