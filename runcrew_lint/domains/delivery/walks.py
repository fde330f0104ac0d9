"""The walks of workflows, each made once: in one run, and for the next where nothing that it saw changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.contexts import Asked, told
from runcrew_lint.domains.delivery.facts import Package, Recipes
from runcrew_lint.domains.delivery.follow import Tracer
from runcrew_lint.domains.delivery.reached import Reached
from runcrew_lint.domains.delivery.scripted import Scripted
from runcrew_lint.domains.delivery.walk import Walk
from runcrew_lint.domains.workflows.facts import Trigger, Workflow
from runcrew_lint.domains.workflows.occasion import Occasion
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

MAX_COMMANDS = 1_000  # of one workflow on one occasion
_ROLLED_OUT = frozenset((Action.DEPLOY, Action.COPY, Action.INFRASTRUCTURE, Action.BACKUP))


class Walked(NamedTuple):
    """What one workflow comes to; `limits` are the places where a bound left something out, and which."""

    reached: tuple[Reached, ...]
    limits: dict[Place, str]


class Beside(NamedTuple):
    """What a walk may come to beside its own workflow, whose fact holds its scripts and local actions."""

    called: tuple[Workflow, ...]
    packages: tuple[Package, ...]
    recipes: tuple[Recipes, ...]


class Walks:
    """The walks of each workflow: occasions that answer alike what it asks of them run the same.

    A process that stays hands them from run to run.
    """

    def __init__(self) -> None:
        self._beside = Beside((), (), ())
        self._scripted = Scripted(Tracer((), ()))
        self._of: dict[str, tuple[Workflow, list[tuple[Asked, Walked]]]] = {}

    def among(
        self, workflows: tuple[Workflow, ...], packages: tuple[Package, ...], recipes: tuple[Recipes, ...]
    ) -> Walks:
        """Those of a repository that holds these; what was walked beside others counts no more."""
        called = tuple(each for each in workflows if each.trigger("workflow_call"))
        beside = Beside(called, packages, recipes)
        if beside != self._beside:
            self._beside = beside
            self._of.clear()
        self._scripted = Scripted(Tracer(packages, recipes))  # it knows a script by its place
        now = {each.path: each for each in workflows}
        self._of = {path: known for path, known in self._of.items() if known[0] == now.get(path)}
        return self

    def on(self, workflow: Workflow, occasion: Occasion, trigger: Trigger) -> Walked:
        """What a workflow comes to on an occasion that starts it."""
        _, kept = self._of.setdefault(workflow.path, (workflow, []))
        for asked, found in kept:
            if all(told(trigger, occasion, path) == value for path, value in asked.items()):
                return found
        answers: Asked = {}
        found = self._walked(workflow, occasion, trigger, answers)
        kept.append((answers, found))
        return found

    def _walked(self, workflow: Workflow, occasion: Occasion, trigger: Trigger, answers: Asked) -> Walked:
        limits: dict[Place, str] = {}
        walk = Walk(
            workflow, trigger, occasion, self._scripted, self._beside.called, asked=answers, limits=limits
        )
        reached: list[Reached] = []
        place = Place(workflow.path, trigger.span)
        try:
            for each in walk.commands():
                if len(reached) >= MAX_COMMANDS:
                    limits[place] = f"it runs more than {MAX_COMMANDS} commands on one occasion"
                    break
                reached.append(each)
        except RecursionError:  # scripts nested beyond what anybody wrote by hand
            limits[place] = "its scripts are nested too deep to be followed"
        return Walked(tuple(_with_trials(reached)), limits)


def _with_trials(reached: list[Reached]) -> Iterator[Reached]:
    """Jobs that test and roll nothing out migrate a database of their own, wherever it comes from."""
    does: dict[str, set[Action]] = {}
    for each in reached:
        does.setdefault(each.site.id, set()).update(one.action for one in each.calls)
    for each in reached:
        own = does[each.site.id]
        if Action.TEST in own and Action.MIGRATE in own and not own & _ROLLED_OUT:
            each = replace(each, site=replace(each.site, database=True))
        yield each
