"""secret-undeclared: a workflow names a secret or variable that the team's list does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from runcrew_lint.domains.contracts.secret_use import SecretUse, uses_in
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place, Span

_POLICY = ".runcrew-lint.yaml"


def check(repository: Repository, policy: Policy, *, names: Sequence[str] = ()) -> Iterator[Fault]:
    """One fault a name at its first use in a workflow, and a note on each listed name that none uses.

    What a caller hands to a reusable workflow has the name that it is handed by there. Where a name is
    computed and not known, any of the list may be in use.
    """
    if not names:
        return
    workflows = repository.facts(Workflow)
    handed = {pair.name.upper() for each in workflows for job in each.jobs for pair in job.secrets}
    used: dict[str, SecretUse] = {}
    hidden = False
    for workflow in workflows:
        seen: set[str] = set()
        for each in uses_in(workflow):
            if not each.name:
                hidden = True  # contract-unresolved tells of it
                continue
            name = each.name.upper()
            used.setdefault(name, each)
            called = workflow.trigger("workflow_call") is not None and name in handed
            if name in seen or called or any(fnmatchcase(name, one.upper()) for one in names):
                continue
            seen.add(name)
            near = nearest(name, [one.upper() for one in names])
            yield Fault(
                each.place,
                f"`{each.kind}.{each.name}` is in no list of the policy's: where nobody has set it on "
                "GitHub it is the empty text, and the step goes on with that",
                help=f"did you mean {near}?" if near else "set it on GitHub and add it to the policy's list",
            )
    if _POLICY in repository.worktree.paths and not hidden:
        for name in names:
            if not any(mark in name for mark in "*?[") and name.upper() not in used:
                yield Fault(
                    Place(_POLICY, Span(0, 0)),
                    f"{name} is in the list, and no workflow uses it: what nobody needs can still leak",
                    help="delete it on GitHub, and here",
                    severity=Severity.INFO,
                )
