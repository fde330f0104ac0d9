"""The delivery map: occasion -> workflow -> job -> step -> command -> profile, each edge with its places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from runcrew_lint.domains.delivery.eas_commands import Action
from runcrew_lint.domains.delivery.facts import Package
from runcrew_lint.domains.delivery.follow import Reached, Tracer
from runcrew_lint.domains.delivery.refs import occasions
from runcrew_lint.domains.delivery.walk import Walk, may_deliver
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.lattice import Value
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.occasion import Occasion, starts
from runcrew_lint.text import Place

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

MAX_COMMANDS = 1_000  # of one workflow on one occasion


@dataclass(frozen=True, slots=True)
class Edge:
    """One command that one occasion comes to.

    Arguments:
        occasion: what happens.
        sure: false where a condition that is not known decides: it may run.
        trigger, job, step: where they are named.
        call: the command in the workflow, or the action's step.
        script: where the command itself is written, in package.json or a shell script; None where it
            is the call.
        action: what the command does.
        profile: the profile's name, several, or unknown with the reason.
        implied: whether no profile is named (EAS then takes `production`).
        profile_word: where the profile is named; None where it is implied.
        directory: the folder it runs in, from the root, or unknown.
        config: the eas.json that counts there; None where there is none or the folder is not known.
        profile_place: the profile's key in it.
        command: the command line as far as it is known, such as `eas build --profile staging`.
    """

    occasion: Occasion
    sure: bool
    workflow: str
    job_id: str
    trigger: Place
    job: Place
    step: Place
    call: Place
    script: Place | None
    action: Action
    profile: Value
    implied: bool
    profile_word: Place | None
    directory: Value
    config: str | None
    profile_place: Place | None
    command: str

    @property
    def at(self) -> Place:
        """Where a finding belongs: the command, or the step that uses the action in which it stands."""
        return self.call if self.call.path == self.step.path else self.step


@dataclass(frozen=True, slots=True)
class DeliveryMap:
    """Every edge, by occasion and workflow; `occasions` is what was tried.

    `cut_short` are the workflows whose edges a bound left out.
    """

    occasions: tuple[Occasion, ...]
    edges: tuple[Edge, ...]
    cut_short: tuple[str, ...] = ()


def delivery_map_of(repository: Facts) -> DeliveryMap:
    """The map of a repository; it reads Workflow, Package and EasConfig facts."""
    workflows = repository.facts(Workflow)
    tracer = Tracer(repository.facts(Package))
    deliverers = tuple(each for each in workflows if may_deliver(each, workflows, tracer))
    if not deliverers:
        return DeliveryMap((), ())
    tried = occasions(repository.policy, deliverers)
    configs = {each.path: each for each in repository.facts(EasConfig)}
    edges: list[Edge] = []
    cut_short: dict[str, None] = {}
    for occasion in tried:
        for workflow in deliverers:
            trigger = starts(workflow, occasion)
            if trigger is None:
                continue
            place = Place(workflow.path, trigger.span)
            walk = Walk(workflow, trigger, occasion, tracer, workflows)
            try:
                for reached in islice(walk.commands(), MAX_COMMANDS):
                    edges += _edges(occasion, workflow, place, reached, configs)
            except RecursionError:  # scripts nested beyond what anybody wrote by hand
                cut_short[workflow.path] = None
    return DeliveryMap(tried, tuple(edges), tuple(cut_short))


def _edges(
    occasion: Occasion,
    workflow: Workflow,
    trigger: Place,
    reached: Reached,
    configs: dict[str, EasConfig],
) -> Iterator[Edge]:
    config = _config(reached.directory, configs)
    for call in reached.calls:
        place = None
        if config and call.profile.is_known:
            name = str(call.profile.known)
            profile = config.build(name) if call.action is Action.BUILD else config.submit(name)
            place = Place(config.path, profile.span) if profile else None
        yield Edge(
            occasion=occasion,
            sure=reached.sure,
            workflow=workflow.path,
            job_id=reached.job_id,
            trigger=trigger,
            job=reached.job,
            step=reached.step,
            call=reached.call,
            script=reached.script,
            action=call.action,
            profile=call.profile,
            implied=call.implied,
            profile_word=call.profile_place,
            directory=reached.directory,
            config=config.path if config else None,
            profile_place=place,
            command=reached.line,
        )


def _config(directory: Value, configs: dict[str, EasConfig]) -> EasConfig | None:
    """The eas.json of the nearest folder upwards that has one, as EAS finds its project."""
    if not directory.is_known:
        return None
    folder = str(directory.known)
    while True:
        path = f"{folder}/eas.json" if folder else "eas.json"
        if path in configs or not folder:
            return configs.get(path)
        folder = folder.rpartition("/")[0]
