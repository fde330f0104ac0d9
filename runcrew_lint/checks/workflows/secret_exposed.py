"""Secrets where others may see them."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.workflows._through_env import through_env
from runcrew_lint.domains.workflows.expression_facts import Exposure, Expressions
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SHOWN = 3
_SAYS = {
    "log": "{secret} is printed into the log, where GitHub's mask alone hides it",
    "turned": "{secret} is printed in part or in another form, which GitHub's mask does not know: who may "
    "see the run may read it",
    "summary": "{secret} is written into the job's summary, where GitHub's mask alone hides it",
    "output": "{secret} becomes a step's output: later steps and jobs have it without asking for it, and "
    "as no secret",
    "job output": "{secret} becomes the job's output: GitHub drops an output that holds a secret, so the "
    "jobs behind get nothing, or they get it unmasked",
    "trace": "`set -x` prints each command with {secret} filled in, where GitHub's mask alone hides it, "
    "and no part or other form of it",
    "all": "`toJSON(secrets)`{more} hands over every secret of the repository, those of production among "
    "them, to code that has a use for one or two",
    "workflow env": "{secret} stands in the workflow's `env`, where {0} of {1} jobs have no use for it: "
    "every step of every job is handed it",
    "script": "{secret} is written into the script itself: a quote or a `$` in it is read as a command, and "
    "it lies in a file on the runner",
}
# The runner masks a secret, each of its lines and its usual escapes, in the log and in the summary.
_MASKED = ("log", "summary", "trace", "script")
_WEIGHT = {"turned": Severity.ERROR, **dict.fromkeys(_MASKED, Severity.INFO)}


def check(fact: Expressions, _policy: Policy) -> Iterator[Fault]:
    """One fault a way and file, at its first place."""
    by_kind: dict[str, list[Exposure]] = {}
    shown = {each.span for each in fact.exposures if each.kind != "script"}
    for each in fact.exposures:
        inside = any(span.start <= each.span.start and each.span.end <= span.end for span in shown)
        if each.kind != "script" or not inside:
            by_kind.setdefault(each.kind, []).append(each)
    for kind, found in by_kind.items():
        first, *others = found
        more = f" (and {len(others)} more in this file)" if others else ""
        name, *counts = first.text.split(" ") if kind == "workflow env" else (first.text,)
        few = bool(counts) and 2 * int(counts[0]) < int(counts[1])  # most jobs need what stands there
        yield Fault(
            Place(fact.path, first.span),
            _SAYS[kind].format(*counts, secret=f"the secret `{name.upper()}`{more}", more=more),
            tuple(Related(Place(fact.path, each.span), "so it is here") for each in others[:_SHOWN]),
            mend=_mend(fact) if kind == "script" else None,
            severity=Severity.INFO if few else _WEIGHT.get(kind),
        )


def _mend(fact: Expressions) -> MendRequest | None:
    """Moves the secrets of every script into variables."""
    return through_env(
        fact.path,
        [
            (
                script,
                [hole for hole in script.holes if any(each.startswith("secrets.") for each in hole.names)],
            )
            for script in fact.scripts
        ],
    )
