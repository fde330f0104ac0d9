"""readme-incomplete: the README does not say how the repository is run locally."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.containers.project import ComposeProject, Purpose
from runcrew_lint.domains.environment.facts import EnvFile
from runcrew_lint.domains.environment.files import is_example
from runcrew_lint.domains.review.facts import Readme
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_LOCAL = lazily(
    r"\blocal|set[ -]?up|getting started|quick ?start|develop|install"
    r"|\brun(?:ning)?\b|로컬|실행|개발|시작|설치|환경",
    re.IGNORECASE,
)


def check(repository: Repository, policy: Policy, *, asked: bool = False) -> Iterator[Fault]:
    """One fault, where the repository has a compose file or a sample that the README leaves out."""
    if not asked:
        return
    composed = [
        Place(each.path, Span(0, 0))
        for each in repository.facts(ComposeProject)
        if each.purpose not in (Purpose.PRODUCTION, Purpose.TEST)
    ]
    samples = [
        Place(each.path, Span(0, 0))
        for each in repository.facts(EnvFile)
        if is_example(each.path, policy.env_files)
    ]
    if not composed and not samples:
        return
    readmes = repository.facts(Readme)
    related = tuple(Related(each, "the README does not name it") for each in (*composed[:1], *samples[:1]))
    if not readmes:
        yield Fault(
            (composed or samples)[0],
            "there is no README.md that says how this is run locally, so everyone asks somebody else",
            help="a README.md with a section on the local set-up",
        )
        return
    local = [each for each in readmes[0].sections if _LOCAL.search(each.title)]
    lacks = [] if local else ["a section on the local set-up"]
    if local and composed and not any(each.names_compose for each in local):
        lacks.append("the compose file")
    if local and samples and not any(each.names_env for each in local):
        lacks.append(samples[0].path)
    if lacks:
        sections = local or list(readmes[0].sections)
        yield Fault(
            Place(readmes[0].path, sections[0].span if sections else Span(0, 0)),
            f"the README lacks {' and '.join(lacks)}: who starts here can't run it without asking",
            related,
            help="`docker compose up` and `cp .env.example .env`, in a section on the local set-up",
        )
