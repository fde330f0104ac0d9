"""env-malformed: a line of an env file that its readers understand differently."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.facts import EnvFile, Flaw
from runcrew_lint.domains.environment.files import is_data, is_env_file, is_example
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SAID = {
    "duplicate": "{name} is set twice, and not alike: one reader takes the first, the next the last",
    "line": "this line is no assignment: docker compose refuses the file, and python-dotenv skips the line",
    "blanks": "there are blanks around the `=` of {name}: a shell that sources the file runs {name} as a "
    "command, and `docker run --env-file` refuses it",
    "quote": "the quote that begins the value of {name} never closes, so readers take what follows "
    "differently",
    "case": "{name} is in lower case, which a program that asks for it in capitals does not find",
}


def check(fact: EnvFile, policy: Policy, *, lower_case: bool = False) -> Iterator[Fault]:
    """Faults at the flaws of a file; `lower_case` asks for capitals, too."""
    if is_data(fact.path) or not (is_env_file(fact.path) or is_example(fact.path, policy.env_files)):
        return
    for flaw in fact.flaws:
        if flaw.kind != "case" or lower_case:
            yield Fault(
                Place(fact.path, flaw.span),
                _SAID[flaw.kind].format(name=flaw.name),
                related=_related(fact, flaw),
                mend=_mend(fact, flaw),
                # docker compose and every library take them; whether a shell reads the file, nobody says.
                severity=Severity.INFO if flaw.kind == "blanks" else None,
                veiled=(Place(fact.path, flaw.span),) if flaw.kind == "line" else (),
            )


def _related(fact: EnvFile, flaw: Flaw) -> tuple[Related, ...]:
    return (Related(Place(fact.path, flaw.other), "set here before"),) if flaw.other else ()


def _mend(fact: EnvFile, flaw: Flaw) -> MendRequest | None:
    if flaw.kind != "blanks":
        return None
    return MendRequest("env.close_up", Place(fact.path, flaw.span), (("name", flaw.name),))
