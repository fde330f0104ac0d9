"""What can happen to a repository, and which workflows it starts.

Source: docs.github.com, "Events that trigger workflows" (GITHUB_REF of each event) and "Workflow syntax"
(filters).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from runcrew_lint.domains.lattice import Value, known, lift, one_of, unknown
from runcrew_lint.domains.workflows.evaluate import to_text
from runcrew_lint.domains.workflows.facts import Trigger, Workflow
from runcrew_lint.domains.workflows.globs import is_literal, matches
from runcrew_lint.tuples import NamedTuple


class RefKind(StrEnum):
    """What kind of ref an event runs on."""

    BRANCH = "branch"
    TAG = "tag"
    PULL = "pull"  # a pull request's merge ref
    ANY = "any"  # not told by the event
    AFTER = "after"  # of a workflow that has ended: the default branch


_ANY = {"workflow_dispatch": "a manual run", "schedule": "the schedule", "repository_dispatch": "a dispatch"}
# Events whose github.ref is the default branch, of those that run on ANY ref.
_OF_DEFAULT = frozenset(
    ("schedule", "repository_dispatch", "issues", "issue_comment", "label", "watch", "fork")
)


class Occasion(NamedTuple):
    """One event on one ref, such as a push to develop.

    `name` is the short ref name (of a pull request its head branch); `base` the branch that a pull
    request goes into; `pattern` the policy's branch or tag pattern that the name is an example of.
    Of workflow_run, name and base are those of the run that has ended and `source` is its event.
    `default` is the default branch, where the policy names it.
    """

    event: str
    kind: RefKind
    name: str
    base: str = ""
    pattern: str = ""
    source: str = ""
    default: str = ""

    @property
    def cause(self) -> str:
        """The event that a person caused: that of the run before, where one workflow follows another."""
        return self.source or self.event

    @property
    def ref(self) -> str:
        """github.ref."""
        heads = {RefKind.BRANCH: "refs/heads/", RefKind.TAG: "refs/tags/"}
        return "refs/pull/1/merge" if self.kind is RefKind.PULL else heads.get(self.kind, "") + self.name

    def describe(self) -> str:
        """It in words: `a push to develop`."""
        if self.source:
            kind = RefKind.PULL if self.base else RefKind.BRANCH
            return f"{Occasion(self.source, kind, self.name, self.base).describe()}, after another workflow,"
        if self.event == "workflow_dispatch" and self.name:
            return f"a manual run on {self.name}"
        if self.kind is RefKind.PULL:
            return f"a pull request into {self.base}"
        if self.kind is RefKind.TAG:
            return (
                f"the tag {self.name}" if self.event == "push" else f"a {self.event} of the tag {self.name}"
            )
        if self.kind is RefKind.ANY:
            return _ANY.get(self.event, self.event)
        return f"a push to {self.name}" if self.event == "push" else f"{self.event} on {self.name}"


# The types of activity that start a workflow which names none.
_DEFAULT_TYPES = {
    "pull_request": ("opened", "synchronize", "reopened"),
    "pull_request_target": ("opened", "synchronize", "reopened"),
}


def starts(workflow: Workflow, occasion: Occasion) -> Trigger | None:
    """The trigger that an occasion pulls, or None.

    A `paths` filter lets it pass: some push changes what the filter asks for.
    """
    trigger = workflow.trigger(occasion.event)
    return trigger if trigger and _ref_passes(trigger, occasion) else None


def by_name(workflows: Iterable[Workflow]) -> dict[str, list[Workflow]]:
    """Workflows by the names that workflow_run has for them: two may have one name."""
    found: dict[str, list[Workflow]] = {}
    for each in workflows:
        found.setdefault(each.name.value if each.name else each.path, []).append(each)
    return found


def awaited(trigger: Trigger, named: Mapping[str, list[Workflow]]) -> list[Workflow]:
    """The workflows that workflow_run waits for."""
    patterns = [each.value for each in trigger.workflows]
    literal = all(map(is_literal, patterns))
    names = patterns if literal else [name for name in named if matches(patterns, name)]
    return [each for name in names for each in named.get(name, ())]


def follows(before: Iterable[Workflow], occasion: Occasion) -> bool:
    """Whether one of the workflows that workflow_run waits for starts on the occasion before."""
    kind = RefKind.PULL if occasion.base else RefKind.BRANCH
    cause = Occasion(occasion.source, kind, occasion.name, occasion.base)
    return any(starts(each, cause) for each in before)


def _ref_passes(trigger: Trigger, occasion: Occasion) -> bool:
    if occasion.kind is RefKind.AFTER:
        return _passes(trigger, "branches", occasion.name) is not False
    if occasion.event in ("pull_request", "pull_request_target"):
        return _passes(trigger, "branches", occasion.base) is not False
    if occasion.event != "push":
        return True
    is_tag = occasion.kind is RefKind.TAG
    own, other = ("tags", "branches") if is_tag else ("branches", "tags")
    answer = _passes(trigger, own, occasion.name)
    if answer is None:  # a filter on the one kind of ref alone shuts the other out
        return _passes(trigger, other, "") is None
    return answer


def _passes(trigger: Trigger, kind: str, name: str) -> bool | None:
    """Whether a name passes `kind` and `kind-ignore`; None where neither is there."""
    taken, ignored = trigger.filter(kind), trigger.filter(f"{kind}-ignore")
    if taken:
        return matches((each.value for each in taken.patterns), name)
    if ignored:
        return not matches((each.value for each in ignored.patterns), name)
    return None


def github(trigger: Trigger, occasion: Occasion, path: tuple[str, ...]) -> Value:
    """`github.<path>` on an occasion; `path` is lower case, without the leading `github`."""
    head = path[0] if path else ""
    if head == "event":
        return _event(trigger, occasion, path[1:])
    if head == "event_name":
        return known(occasion.event)
    if head in ("head_ref", "base_ref"):
        value = occasion.name if head == "head_ref" else occasion.base
        return known(value if occasion.kind is RefKind.PULL else "")
    if head in ("ref", "ref_name", "ref_type"):
        if occasion.kind in (RefKind.ANY, RefKind.AFTER):
            told = occasion.kind is RefKind.AFTER or occasion.event in _OF_DEFAULT
            if not (told and occasion.default):
                return unknown(
                    "the policy names no `default_branch`" if told else f"{occasion.event} may run on any ref"
                )
            occasion = Occasion("push", RefKind.BRANCH, occasion.default)
        names = {"ref": occasion.ref, "ref_name": occasion.name, "ref_type": _ref_type(occasion)}
        if occasion.kind is RefKind.PULL:
            names["ref_name"] = "1/merge"
        return known(names[head])
    return unknown(f"`github.{'.'.join(path)}` is known when it runs")


def _ref_type(occasion: Occasion) -> str:
    return "tag" if occasion.kind is RefKind.TAG else "branch"


def _event(trigger: Trigger, occasion: Occasion, path: tuple[str, ...]) -> Value:
    said = f"`github.event.{'.'.join(path)}` is known when it runs"
    event = occasion.event
    if path[:1] == ("inputs",):
        if event not in ("workflow_dispatch", "workflow_call"):
            return known(None)
        chosen = dispatched(trigger, path[1]) if len(path) == 2 else unknown(said)
        return (
            lift(to_text, chosen) if chosen.options != (None,) else chosen
        )  # texts there, whatever the type
    if path == ("repository", "default_branch") and occasion.default:
        return known(occasion.default)
    if path[:1] == ("workflow_run",):
        return _ended(occasion, path[1:], said)
    if path[:1] in (("pull_request",), ("number",)) and not event.startswith("pull_request"):
        return known(None)
    if path == ("pull_request", "merged"):
        return _merged(trigger)
    if path == ("pull_request", "draft"):
        return known(False)
    if path[:1] == ("release",) and event != "release":
        return known(None)
    if path == ("ref",) and event == "push":
        return known(occasion.ref)
    if path == ("release", "tag_name"):
        return known(occasion.name)
    if path in (("release", "prerelease"), ("release", "draft")):
        return known(False)  # an example of the policy's own release tags
    if path in (("pull_request", "base", "ref"), ("pull_request", "head", "ref")):
        return known(occasion.base if path[1] == "base" else occasion.name)
    if path == ("action",):
        types = tuple(each.value for each in trigger.types or ()) or _DEFAULT_TYPES.get(event, ())
        return one_of(types, said) if types else unknown(said)
    if path == ("schedule",) and event == "schedule":
        return one_of([each.value for each in trigger.crons], "several schedules start it")
    return unknown(said)


def _ended(occasion: Occasion, path: tuple[str, ...], said: str) -> Value:
    """`github.event.workflow_run.<path>`: the run that has ended, and well."""
    if occasion.kind is not RefKind.AFTER:
        return known(None)
    told = {
        ("head_branch",): occasion.name,
        ("event",): occasion.source,
        ("conclusion",): "success",
        ("status",): "completed",
    }
    return known(told[path]) if path in told else unknown(said)


def only_merged(trigger: Trigger) -> bool:
    """Whether a pull request starts it only when it is closed, which a push to its base can stand for."""
    return [each.value for each in trigger.types or ()] == ["closed"]


def _merged(trigger: Trigger) -> Value:
    types = [each.value for each in trigger.types or ()]
    if "closed" not in types:
        return known(False)
    return known(True) if only_merged(trigger) else one_of((True, False), "the request may have been merged")


def dispatched(trigger: Trigger, name: str) -> Value:
    """What a manual run may give for an input."""
    for each in trigger.inputs:
        if each.name.lower() == name:
            why = f"the input `{each.name}` is chosen when it is started"
            if each.kind == "boolean":
                return one_of((True, False), why)
            if each.options:
                return one_of(each.options, why)
            return unknown(why)
    return known(None)
