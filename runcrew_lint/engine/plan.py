"""What a run needs: of the rules that are on, those that can speak, and the facts they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from runcrew_lint.catalogue.choose import Chosen
from runcrew_lint.catalogue.declarative import shape_kind
from runcrew_lint.domains.kinds import KINDS, FactKind
from runcrew_lint.engine.analyse import Analysis, Task
from runcrew_lint.engine.discover import within
from runcrew_lint.model.rule import Mark, Scope


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules that can speak on this run's targets, the kinds they read, and the facts to draw."""

    chosen: Mapping[str, Chosen]
    kinds: frozenset[str]
    tasks: tuple[Task, ...]

    def narrowed(self, here: Analysis, targets: Set[str]) -> Plan:
        """The plan now that the targets' own facts are known.

        Many files may hold a kind and few do: a rule that holds facts against each other needs one here,
        and so does its context. A demand misses what is nowhere, and a kind that no rule reads was not
        drawn.
        """
        able = {
            name: each
            for name, each in self.chosen.items()
            if each.rule.scope is not Scope.REPOSITORY
            or each.rule.mark is Mark.DEMAND
            or any(here.of(kind) or kind not in each.rule.reads for kind in each.rule.speaks)
        }
        wanted = _wanted(able)
        tasks = (
            task
            for task in self.tasks
            if task.kind.name in wanted and (wanted[task.kind.name] or within(task.path, targets))
        )
        return Plan(able, frozenset(wanted).intersection(KINDS), tuple(tasks))


def plan(
    chosen: Mapping[str, Chosen],
    files_of: Mapping[str, Sequence[str]],
    targets: Set[str],
    shapes: Mapping[str, FactKind],
) -> Plan:
    """The least that answers: a rule that can speak on none of the targets is dropped, a kind that no
    remaining rule reads is not drawn, and a rule that judges one file at a time sees the targets alone.

    Arguments:
        files_of: the files that may hold each kind.
        shapes: the kinds that hold the verdicts of declarative rules.
    """
    spoken = {kind for kind, files in files_of.items() if any(within(path, targets) for path in files)}
    speaking = {
        name: each
        for name, each in chosen.items()
        if each.rule.scope is not Scope.ENGINE and spoken.intersection(each.rule.speaks)
    }
    tasks: list[Task] = []
    wanted = _wanted(speaking)
    for name, whole in wanted.items():
        files = files_of[name.removesuffix("-shapes") if name in shapes else name]
        drawn = shapes.get(name) or KINDS[name]
        everywhere = whole or not targets
        tasks += [Task(drawn, path) for path in files if everywhere or within(path, targets)]
    return Plan(speaking, frozenset(wanted).intersection(KINDS), tuple(tasks))


def _wanted(chosen: Mapping[str, Chosen]) -> dict[str, bool]:
    """The kinds that rules read, and whether the whole repository's facts are needed."""
    wanted = {"promises": False}
    for each in chosen.values():
        whole = each.rule.scope is Scope.REPOSITORY
        for kind in each.rule.reads:
            name = shape_kind(kind) if each.rule.scope is Scope.SHAPE else kind
            wanted[name] = wanted.get(name, False) or whole
    return wanted
