"""The delivery map: occasion -> workflow -> job -> step -> command -> profile or target, with its places.

Public names that stay: `delivery_map_of(repository)`, `DeliveryMap.edges`, `.occasions`, `.limits`, and the
fields of `Edge`. A rule that asks for it lists `READS` under `compares`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING

from runcrew_lint.domains.claims import own
from runcrew_lint.domains.delivery.calls import PROFILED, Action, Call
from runcrew_lint.domains.delivery.facts import EasWorkflow, Package, Recipes
from runcrew_lint.domains.delivery.reached import Given, Reached, Site
from runcrew_lint.domains.delivery.refs import occasions
from runcrew_lint.domains.delivery.walk import may_deliver
from runcrew_lint.domains.delivery.walks import Walks
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.lattice import Value
from runcrew_lint.domains.workflows.facts import Trigger, Workflow
from runcrew_lint.domains.workflows.occasion import (
    Occasion,
    RefKind,
    awaited,
    by_name,
    follows,
    only_merged,
    starts,
)
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Place

if TYPE_CHECKING:
    from runcrew_lint.domains.fact import Facts

READS = ("workflow", "eas-workflow", "package", "recipes", "eas")
MAX_EDGES = 100_000


@frozen
class Edge:
    """One thing that one occasion comes to.

    Arguments:
        occasion: what happens.
        sure: false where a condition that is not known decides: it may run.
        workflow: the path of the workflow that starts.
        site: the job; `job_id` and `job` are its id and place.
        trigger, step: where they are named.
        call: the command in the workflow, or the action's step.
        script: where the command itself is written, in package.json, a recipe or a shell script; None
            where it is the call.
        did: what the command does; `action`, `profile`, `implied` and `profile_word` are parts of it.
        directory: the folder it runs in, from the root, or unknown.
        config: the eas.json that counts there; None where there is none or the folder is not known.
        profile_place: the profile's key in it.
        command: the command line as far as it is known, such as `eas build --profile staging`.
        order: which comes first on this occasion in this workflow; jobs that do not wait for each other
            have no order.
        doubts: the conditions on its way that are not known.
        forgiven: whether what follows runs although it failed.
        anyway: whether its step runs although one before it failed.
        given: the secrets, variables and addresses that its step is given.
        says_deploy: whether step, job or workflow say by their names that they deploy.
        merged: whether a pull request starts it only once it is closed, as a push to its base would.
    """

    occasion: Occasion
    sure: bool
    workflow: str
    site: Site
    trigger: Place
    step: Place
    call: Place
    script: Place | None
    did: Call
    directory: Value
    config: str | None
    profile_place: Place | None
    command: str
    order: int = 0
    doubts: frozenset[Place] = frozenset()
    forgiven: bool = False
    anyway: bool = False
    given: tuple[Given, ...] = ()
    says_deploy: bool = False
    merged: bool = False

    @property
    def action(self) -> Action:
        """What the command does."""
        return self.did.action

    @property
    def profile(self) -> Value:
        """The EAS profile's name, several, or unknown with the reason."""
        return self.did.profile

    @property
    def implied(self) -> bool:
        """Whether no profile is named (EAS then takes `production`)."""
        return self.did.implied

    @property
    def profile_word(self) -> Place | None:
        """Where the profile is named; None where it is implied."""
        return self.did.profile_place

    @property
    def when(self) -> str:
        """The occasion in words."""
        said = self.occasion.describe()
        return said.replace("a pull request", "a merged pull request", 1) if self.merged else said

    @property
    def job_id(self) -> str:
        """The job's id."""
        return self.site.id

    @property
    def job(self) -> Place:
        """Where the job is named."""
        return self.site.place

    @property
    def at(self) -> Place:
        """Where a finding belongs: the command, or the step that uses the action in which it stands."""
        return self.call if self.call.path == self.step.path else self.step


@frozen
class DeliveryMap:
    """Every edge, by occasion and workflow; `occasions` is what was tried.

    `limits` are the places where a bound left something out, and which; `unread` are the workflows that do
    not read, so that nobody knows what they do.
    """

    occasions: tuple[Occasion, ...]
    edges: tuple[Edge, ...]
    limits: tuple[tuple[Place, str], ...] = ()
    workflows: tuple[Workflow, ...] = ()
    unread: tuple[str, ...] = ()


def delivery_map_of(repository: Facts) -> DeliveryMap:
    """The map of a repository; it reads the kinds in `READS`."""
    workflows = (
        *repository.facts(Workflow),
        *(each.workflow for each in repository.facts(EasWorkflow)),
    )
    unread = tuple(_unread(repository.worktree.paths, {each.path for each in workflows}))
    walks = repository.kept(Walks).among(workflows, repository.facts(Package), repository.facts(Recipes))
    deliverers = tuple(each for each in workflows if may_deliver(each))
    if not deliverers:
        return DeliveryMap((), (), (), workflows, unread)
    tried = occasions(repository.policy, deliverers)
    configs = {each.path: each for each in repository.facts(EasConfig)}
    edges: list[Edge] = []
    limits: dict[Place, str] = {}
    named = by_name(workflows)
    for workflow in deliverers:
        run = workflow.trigger("workflow_run")
        before = awaited(run, named) if run else ()
        for occasion in tried:
            trigger = _started(workflow, occasion, before)
            if trigger is None:
                continue
            place = Place(workflow.path, trigger.span)
            walked = walks.on(workflow, occasion, trigger)
            limits |= walked.limits
            edges += _edges(occasion, workflow, place, walked.reached, configs, only_merged(trigger))
            if len(edges) > MAX_EDGES:
                limits[place] = "the repository's workflows run more than can be followed"
                break
    order = {occasion: index for index, occasion in enumerate(tried)}
    edges.sort(key=lambda each: order[each.occasion])
    return DeliveryMap(tried, tuple(edges), tuple(limits.items()), workflows, unread)


def _unread(paths: Iterable[str], read: Set[str]) -> Iterator[str]:
    for path in paths:
        if "workflows/" in path and path not in read:  # seldom: the patterns are asked of few
            if any(KINDS[kind].claims.match(path) for kind in ("workflow", "eas-workflow")) and own((path,)):
                yield path


def _started(workflow: Workflow, occasion: Occasion, before: Iterable[Workflow]) -> Trigger | None:
    trigger = starts(workflow, occasion)
    if trigger and occasion.kind is RefKind.AFTER and not follows(before, occasion):
        return None
    return trigger


def _edges(
    occasion: Occasion,
    workflow: Workflow,
    trigger: Place,
    found: tuple[Reached, ...],
    configs: dict[str, EasConfig],
    merged: bool,
) -> Iterator[Edge]:
    for order, reached in enumerate(found):
        config = config_of(reached.directory, configs)
        for each in reached.calls:
            place = None
            if config and each.action in PROFILED and each.profile.is_known:
                name = str(each.profile.known)
                profile = config.build(name) if each.action is Action.BUILD else config.submit(name)
                place = Place(config.path, profile.span) if profile else None
            yield Edge(
                occasion=occasion,
                sure=reached.sure,
                workflow=workflow.path,
                site=reached.site,
                trigger=trigger,
                step=reached.step,
                call=reached.call,
                script=reached.script,
                did=each,
                directory=reached.directory,
                config=config.path if config else None,
                profile_place=place,
                command=reached.line,
                order=order,
                doubts=reached.doubts,
                forgiven=reached.forgiven,
                anyway=reached.anyway,
                given=reached.given,
                says_deploy=reached.says_deploy,
                merged=merged,
            )


def config_of(directory: Value, configs: dict[str, EasConfig]) -> EasConfig | None:
    """The eas.json of the nearest folder upwards that has one, as EAS finds its project."""
    if not directory.is_known:
        return None
    folder = str(directory.known)
    while True:
        path = f"{folder}/eas.json" if folder else "eas.json"
        if path in configs or not folder:
            return configs.get(path)
        folder = folder.rpartition("/")[0]
