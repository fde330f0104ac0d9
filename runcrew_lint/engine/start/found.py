"""What a repository tells of itself that a policy says, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.claims import claimed
from runcrew_lint.domains.containers.project import ComposeProject
from runcrew_lint.domains.delivery.map import READS, delivery_map_of
from runcrew_lint.domains.eas.facts import EasConfig
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.engine.analyse import Analyst
from runcrew_lint.engine.answers import Task
from runcrew_lint.engine.cache import Cache
from runcrew_lint.engine.discover import default_branch, discover
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.start.databases import major_of
from runcrew_lint.engine.start.environments import URL_VARIABLE, environments_of, refs_of
from runcrew_lint.engine.start.heads import head_of
from runcrew_lint.frozen import frozen
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Environment
from runcrew_lint.repository import Repository

BASE = "recommended"
# What other forges run.
_ELSEWHERE = frozenset(
    (".gitlab-ci.yml", "bitbucket-pipelines.yml", "azure-pipelines.yml", ".woodpecker.yml", "Jenkinsfile")
)
_MIGRATIONS = tuple(kind for kind, row in KINDS.items() if row.reader.startswith("migrations."))
_READ = (*READS, "compose", *_MIGRATIONS)


@frozen
class Told:
    """A value and where it was found; "" and a reason where nobody can tell."""

    value: str
    source: str


@frozen
class Found:
    """What goes into a policy.

    Arguments:
        url_variables: the variables of eas.json that hold the API's address.
        after: the newest revision, up to which history is as it is.
        unknown: what could not be told, and why, a line each.
        on_github: whether GitHub's workflows would run there, as far as the files tell.
    """

    postgres: Told
    default_branch: str
    branches: tuple[str, ...]
    release_tags: tuple[str, ...]
    environments: tuple[Environment, ...]
    url_variables: tuple[str, ...]
    after: Told
    unknown: tuple[str, ...]
    on_github: bool


def find(root: Path, folder: Path | None) -> Found:
    """What the repository at `root` tells; `folder` keeps facts between runs.

    Nothing of another team's policy is assumed while it is read.
    """
    policy = load_policy(root, BASE, load_catalogue().policies)
    tree = discover(root, ())
    default, _ = default_branch(tree)
    default = default.removeprefix("origin/")
    cache = Cache(folder, root)
    try:
        files = Files(root, cache, {}, tree.stats)
        analyst = Analyst(files, cache, policy, tree.paths, {})
        paths = claimed(tree.paths)
        analysis = analyst.answer(Task(KINDS[kind], path) for kind in _READ for path in paths[kind])
    finally:
        cache.close()
    facts = tuple(chain.from_iterable(analysis.facts.values()))
    workflows = tuple(each for each in facts if isinstance(each, Workflow))
    branches, tags = refs_of(workflows, default)
    policy = replace(policy, default_branch=default, branches=branches, release_tags=tags)
    repository = Repository(tree, policy, facts, _READ, unread=analysis.unread)

    postgres = major_of(workflows, tuple(each for each in facts if isinstance(each, ComposeProject)))
    after = head_of(history_of(repository))
    configs = tuple(each for each in facts if isinstance(each, EasConfig))
    environments, variables, doubts = environments_of(delivery_map_of(repository), configs, policy)
    unknown = [f"{key}: {said}" for key, (value, said) in
               (("postgres", postgres), ("migrations.after", after)) if not value and said]  # fmt: skip
    if not default:
        unknown.append("default_branch: git knows no main or master here, nor a remote's default")
    return Found(
        Told(*postgres),
        default,
        branches,
        tags,
        environments,
        () if variables == (URL_VARIABLE,) else variables,
        Told(*after),
        (*unknown, *doubts),
        any(path.startswith(".github/") for path in tree.paths) or _ELSEWHERE.isdisjoint(tree.paths),
    )
