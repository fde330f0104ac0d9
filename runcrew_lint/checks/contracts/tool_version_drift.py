"""tool-version-drift: pre-commit runs another version of a tool than CI."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.contracts.commands import ci_commands_of
from runcrew_lint.domains.contracts.facts import Pins
from runcrew_lint.domains.contracts.numbers import numbers
from runcrew_lint.domains.contracts.pins import PACKAGES
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

_TOOL = lazily(
    r"(?:github\.com[/:])?[\w.-]+/(?:mirrors-)?(ruff|black|mypy|flake8|isort|pylint|pyright)(?:-pre-commit(?:-mirror)?|-python)?"
    r"(?:\.git)?\Z",
    re.IGNORECASE,
)
_EXACT = lazily(r"([A-Za-z][\w.-]*)(?:\[[^\]]*\])?(?:==|@)v?(\d+(?:\.\d+)+)\Z")
_INSTALLS = lazily(r"(?:pip3?|uv|uvx|pipx|poetry|pip-sync)\Z")
# What may come to a tool by files of its own.
_OTHERS = frozenset(
    ("tox", "nox", "make", "just", "task", "hatch", "pdm", "npm", "docker", "bash", "sh", "-r")
)
_ACTIONS = {"astral-sh/ruff-action": "ruff", "chartboost/ruff-action": "ruff", "psf/black": "black"}


class _Pinned(NamedTuple):
    """One exact version of a tool that CI installs, and where that is said."""

    tool: str
    version: str
    place: Place
    where: str


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a hook whose minor version is none that CI is said to install; patches are let pass."""
    pinned = [*_required(repository), *_installed(repository), *_used(repository)]
    for config in repository.facts(Pins):
        for hook in config.hooks:
            found = _TOOL.search(hook.repository[-200:])
            tool = found[1].lower() if found else ""
            others = [each for each in pinned if each.tool == tool]
            version = numbers(hook.rev)
            if len(version) < 2 or not others:
                continue
            if any(numbers(each.version)[:2] == version[:2] for each in others):
                continue
            yield _fault(Place(config.path, hook.span), hook.rev, others[0], _is_hook_alone(repository, tool))


def _fault(hook: Place, rev: str, other: _Pinned, alone: bool) -> Fault:
    found = f"{other.tool} {other.version} here"
    if alone:
        return Fault(
            hook,
            f"pre-commit runs {other.tool} {rev}, in CI, too, and {other.where} says {other.version}: what "
            "passes where it is run by hand fails there",
            (Related(other.place, found),),
        )
    return Fault(
        hook,
        f"pre-commit runs {other.tool} {rev}, and {other.where} says {other.version}, which is what "
        "CI goes by: a commit that passes the one fails the other",
        (Related(other.place, f"{found}, which the policy believes"),),
        help=f"`rev: {'v' * rev.startswith('v')}{other.version}`, or raise both",
    )


def _is_hook_alone(repository: Repository, tool: str) -> bool:
    """Whether CI runs pre-commit, and nothing by which it could come to the tool in another way."""
    uses = [
        step.uses.value.lower()
        for each in repository.facts(Workflow)
        for job in each.jobs
        for step in job.steps
        if step.uses
    ]
    texts = [each.texts for each in repository.derive(ci_commands_of)]
    by_hooks = any(each.startswith("pre-commit/action@") for each in uses)
    if not by_hooks and not any("pre-commit" in (text or "") for each in texts for text in each):
        return False
    return not any(each.startswith(("./", *_ACTIONS)) for each in uses) and not any(
        text is None or text == tool or text in _OTHERS or text.startswith(("./", "../"))
        for each in texts
        for text in each
    )


def _required(repository: Repository) -> Iterator[_Pinned]:
    for file in repository.facts(Pins):
        for pin in file.pins:
            found = re.fullmatch(r"={2,3}\s*v?(\d+(?:\.\d+)+)", pin.written)
            if found:
                yield _Pinned(pin.subject, found[1], Place(file.path, pin.span), file.path)


def _installed(repository: Repository) -> Iterator[_Pinned]:
    for each in repository.derive(ci_commands_of):
        if not any(_INSTALLS.search(text or "") for text in each.texts[:3]):
            continue
        for word in each.command.words:
            found = _EXACT.match(word.text or "")
            if found and found[1].lower() in PACKAGES:
                yield _Pinned(found[1].lower(), found[2], word.place, f"the job `{each.job.id}`")


def _used(repository: Repository) -> Iterator[_Pinned]:
    for workflow in repository.facts(Workflow):
        for job in workflow.jobs:
            for step in job.steps:
                name, _, ref = (step.uses.value if step.uses else "").partition("@")
                tool = _ACTIONS.get(name.lower())
                said = step.input("version") if tool else None
                if tool and said and re.fullmatch(r"(?:==)?v?\d+(?:\.\d+)+", said.value):
                    version = said.value.lstrip("=v")
                    yield _Pinned(tool, version, Place(workflow.path, said.span), f"the job `{job.id}`")
                elif tool == "black" and step.uses and re.fullmatch(r"\d+\.\d+\.\d+", ref):
                    yield _Pinned(tool, ref, Place(workflow.path, step.uses.span), f"the job `{job.id}`")
