"""forbidden-file: git tracks a file that only ever holds credentials."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.secrets.facts import CredentialFile
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the head of each that git tracks."""
    for fact in repository.facts(CredentialFile):
        if repository.worktree.is_tracked(fact.path):
            yield Fault(
                Place(fact.path, Span(0, 0)),
                f"git tracks {fact.holds}, so everyone who has ever cloned the repository has it",
                help=f"`git rm --cached {fact.path}`, ignore it, and replace what it held",
                veiled=tuple(Place(fact.path, span) for span in fact.values),
            )
