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
            other = others[0]
            yield Fault(
                Place(config.path, hook.span),
                f"pre-commit runs {tool} {hook.rev}, and {other.where} says {other.version}, which is what "
                "CI goes by: a commit that passes the one fails the other",
                (Related(other.place, f"{tool} {other.version} here, which the policy believes"),),
                help=f"`rev: v{other.version}`, or raise both",
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
