"""Steps that come to nothing, seen once: a walk passes them by without asking whether they run."""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import normpath

from runcrew_lint.domains.delivery.programs import strange_line
from runcrew_lint.domains.delivery.used_actions import is_strange
from runcrew_lint.domains.workflows.facts import LocalAction, Step
from runcrew_lint.domains.workflows.known_actions import known_action


class Silence:
    """Which steps deliver nothing and hand nothing on, whatever happens; asked of facts that stay."""

    def __init__(self) -> None:
        self._found: dict[int, bool] = {}

    def of(self, step: Step, actions: Mapping[str, LocalAction]) -> bool:
        """Whether nothing comes of a step. What it leaves under its id is not asked: that needs a walk.

        Arguments:
            actions: the composite actions of its workflow, by folder.
        """
        found = self._found.get(id(step))
        if found is None:
            self._found[id(step)] = False  # an action that uses itself is followed to its bound
            found = self._found[id(step)] = self._is_silent(step, actions)
        return found

    def _is_silent(self, step: Step, actions: Mapping[str, LocalAction]) -> bool:
        uses, run = step.uses.value if step.uses else "", step.run
        if uses.startswith("./"):
            action = actions.get(normpath(uses))
            return action is not None and all(self.of(each, actions) for each in action.steps)
        if uses and (known_action(uses) or (run is None and is_strange(uses))):
            return False
        return run is None or (run.statements is None and not strange_line(run.script))
