"""The reduce: every rule that is on and can speak, over the facts it asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from runcrew_lint.catalogue.bind import check_of
from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.catalogue.declarative import Shapes, shape_kind
from runcrew_lint.engine.analyse import Analysis, crash_line
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.rule import Rule, Scope
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


class Verdict(NamedTuple):
    """A fault under the name of the rule that saw it."""

    rule: str
    fault: Fault


def judge(chosen: Mapping[str, Chosen], analysis: Analysis, repository: Repository) -> Iterator[Verdict]:
    """Every verdict of every rule; a rule that fails says so, and the rest goes on."""
    for each in chosen.values():
        try:
            faults = list(_faults(each, analysis, repository))
        except Exception as error:
            place = Place(_crash_path(error, repository), Span(0, 0))
            yield Verdict("rule-crashed", Fault(place, crash_line(f"the rule {each.rule.name}", error)))
            continue
        yield from (Verdict(each.rule.name, fault) for fault in faults)


def _faults(each: Chosen, analysis: Analysis, repository: Repository) -> Iterator[Fault]:
    rule, policy = each.rule, repository.policy
    if rule.scope is Scope.SHAPE:
        for shapes in analysis.of(shape_kind(rule.reads[0])):
            if isinstance(shapes, Shapes):
                yield from shapes.of(rule.name)
    elif rule.scope is Scope.FILE:
        yield from _judge_each(rule, each, analysis, policy)
    elif rule.scope is Scope.REPOSITORY:
        yield from check_of(rule)(repository, policy, **each.options)


def _judge_each(rule: Rule, each: Chosen, analysis: Analysis, policy: Policy) -> Iterator[Fault]:
    facts = analysis.of(rule.reads[0])
    if not facts:
        return
    check = check_of(rule)
    for fact in facts:
        try:
            yield from list(check(fact, policy, **each.options))
        except Exception as error:
            error.add_note(f"path: {fact.path}")
            raise


def _crash_path(error: Exception, repository: Repository) -> str:
    for note in getattr(error, "__notes__", ()):
        if note.startswith("path: "):
            return str(note.removeprefix("path: "))
    return repository.worktree.paths[0] if repository.worktree.paths else "."
