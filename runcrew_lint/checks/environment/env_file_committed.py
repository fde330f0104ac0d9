"""env-file-committed: git tracks an env file that is no example."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.facts import EnvFile
from runcrew_lint.domains.environment.files import (
    is_data,
    is_env_file,
    is_example,
    is_for_development,
    name_of,
)
from runcrew_lint.domains.secrets.names import names_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_PUBLIC_KEY = "DOTENV_PUBLIC_KEY"  # what dotenvx writes at the head of a file whose values it encrypts


def check(repository: Repository, policy: Policy, *, whatever_it_holds: bool = True) -> Iterator[Fault]:
    """A fault at the head of each: the next value that is written there is committed too.

    An env file among a test's fixtures is that test's data. Without `whatever_it_holds`, only one that sets
    something under a secret's name counts: Next.js, Vite and Expo ask for the others to be committed. What
    asks to be replaced is nothing set, nor is what protects nothing in a file called a developer's or in a
    plain `.env`. A file that dotenvx encrypts is there to be committed; a value in the clear is a secret's
    own finding.
    """
    names = names_of(policy.secrets)

    def holds(fact: EnvFile) -> bool:
        at_home = is_for_development(fact.path) or name_of(fact.path) == ".env"
        return any(
            each.is_set
            and not (each.is_placeholder or (at_home and each.is_development))
            and names.named(each.name) is not None
            for each in fact.variables
        )

    for fact in repository.facts(EnvFile):
        path = fact.path
        if not is_env_file(path) or is_example(path, policy.env_files) or is_data(path):
            continue
        if any(each.name.startswith(_PUBLIC_KEY) for each in fact.variables):
            continue
        if not whatever_it_holds and not holds(fact):
            continue
        if repository.worktree.is_tracked(path):
            yield Fault(
                Place(path, Span(0, 0)),
                f"git tracks {name_of(path)}, so every value written into it is in the history for good",
                help=f"`git rm --cached {path}`, ignore it, and replace each secret that it has held",
                veiled=tuple(Place(path, span) for span in fact.values),
            )
