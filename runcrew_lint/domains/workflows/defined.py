"""What a workflow or an action defines, asked by the path of an expression."""

from __future__ import annotations

from dataclasses import replace

from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at
from runcrew_lint.domains.workflows.availability import PAYLOADS, Path
from runcrew_lint.domains.workflows.expression_names import NONE, Ids, Known, Names
from runcrew_lint.domains.workflows.nodes import entries, items, step_nodes, text, texts

_GIVEN = ("run", "env", "with")  # what a step works with; in its `if` or name an empty value is an answer


class Definitions:
    """The names of one file; `at` is what an expression at a path may name."""

    def __init__(self, root: Node, is_action: bool) -> None:
        self.root, self.is_action = root, is_action
        jobs = list(entries(at(root, "jobs")))
        self.jobs = {str(each.key.value).lower(): _outputs(each.value) for each in jobs}
        self.inputs = self._inputs()
        self.dispatched = self._dispatched()
        self.brought = self._brought()
        self.kept: dict[Path, Known] = {}
        self.ids: dict[int, Ids] = {}

    def at(self, path: Path) -> Known:
        """The names that are defined at a path."""
        if self.is_action:
            known = Known(self.jobs, matrix=None, inputs=self.inputs, services=None)
            index = path[2] if path[:2] == ("runs", "steps") and len(path) > 2 else ""
            return known.before_step(index, self._ids(at(self.root, "runs")))
        if path[:1] != ("jobs",) or len(path) < 2:
            return Known(self.jobs, inputs=self.inputs, dispatched=self.dispatched)
        key = path[:5] if path[2:3] == ("steps",) else path[:2]
        if key not in self.kept:
            self.kept[key] = self._in_job(key)
        return self.kept[key]

    def _in_job(self, path: Path) -> Known:
        job = at(self.root, *path[:2])
        known = Known(
            self.jobs,
            needs=frozenset(each.value.lower() for each in texts(at(job, "needs"))),
            matrix=_matrix(at(job, "strategy")),
            inputs=self.inputs,
            dispatched=self.dispatched,
        )
        if path[4:] and path[4] in _GIVEN and not any(map(_asks_event, (job, at(job, *path[2:4])))):
            known = replace(known, brought=self.brought)
        return known.before_step(path[3] if len(path) > 3 else "", self._ids(job))

    def _ids(self, job: Node | None) -> Ids:
        """Where each id first stands among a job's steps; those of a group have one place."""
        kept = self.ids.get(id(job))
        if kept is None:
            kept = self.ids[id(job)] = {}
            for place, item in enumerate(items(at(job, "steps"))):
                for each in step_nodes(Sequence(item.span, (item,))):
                    if found := text(at(each, "id")):
                        kept.setdefault(found.value.lower(), place)
        return kept

    def _inputs(self) -> Names:
        if self.is_action:
            return frozenset(_names(at(self.root, "inputs")))
        found: set[str] = set()
        for event in ("workflow_dispatch", "workflow_call"):
            node = at(self.root, "on", event, "inputs")
            if isinstance(node, Scalar) and node.value is not None:
                return None
            found.update(_names(node))
        return frozenset(found)

    def _dispatched(self) -> Names:
        on = at(self.root, "on")
        if isinstance(on, Mapping) and on.entry("workflow_call"):
            return None  # the caller's event
        return frozenset(_names(at(on, "workflow_dispatch", "inputs")))

    def _brought(self) -> Names:
        """Which objects the workflow's events bring; None where others may start it, too."""
        on = at(self.root, "on")
        events = {str(each.key.value) for each in entries(on)} or {each.value for each in texts(on)}
        if self.is_action or not events or events & {"workflow_call", "repository_dispatch"}:
            return None
        return frozenset(name for name, by in PAYLOADS.items() if by & events)


def _asks_event(holder: Node | None) -> bool:
    """Whether a job or step runs for some events alone: it may be kept for one that starts nothing today."""
    asked = text(at(holder, "if"))
    return asked is not None and "github.event" in asked.value


def _names(node: Node | None) -> list[str]:
    return [str(each.key.value).lower() for each in entries(node)]


def _outputs(job: Node) -> Names:
    """A job's outputs; what a called workflow gives is not said here."""
    if at(job, "uses") is not None:
        return None
    outputs = at(job, "outputs")
    return None if isinstance(outputs, Scalar) and outputs.value is not None else frozenset(_names(outputs))


def _matrix(strategy: Node | None) -> Names:
    node = at(strategy, "matrix")
    if node is None:
        return NONE if strategy is None or isinstance(strategy, Mapping) else None
    if not isinstance(node, Mapping):
        return None
    found: set[str] = set()
    for entry in entries(node):
        if entry.key.value == "exclude":
            continue
        if entry.key.value != "include":
            found.add(str(entry.key.value).lower())
            continue
        if not isinstance(entry.value, Sequence):
            return None
        for row in entry.value.items:
            if not isinstance(row, Mapping):
                return None
            found.update(_names(row))
    return frozenset(found)
