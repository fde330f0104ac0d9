"""env-file-committed: git tracks an env file that is no example."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.facts import EnvFile
from runcrew_lint.domains.environment.files import is_data, is_env_file, is_example, name_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at the head of each, whatever it holds: the next value that is written there is committed too.

    An env file among a test's fixtures is that test's data.
    """
    for fact in repository.facts(EnvFile):
        path = fact.path
        if not is_env_file(path) or is_example(path, policy.env_files) or is_data(path):
            continue
        if repository.worktree.is_tracked(path):
            yield Fault(
                Place(path, Span(0, 0)),
                f"git tracks {name_of(path)}, so every value written into it is in the history for good",
                help=f"`git rm --cached {path}`, ignore it, and replace each secret that it has held",
                veiled=tuple(Place(path, span) for span in fact.values),
            )
