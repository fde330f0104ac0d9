"""The rules that there are here: the linter's, the policy's own, and those of allowed plug-ins."""

from __future__ import annotations

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.catalogue.own import complete
from runcrew_lint.engine.run import Request
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.tuples import NamedTuple


class Known(NamedTuple):
    """A catalogue, and the policy that it was completed by."""

    catalogue: Catalogue
    policy: Policy


def known(request: Request) -> Known:
    """The catalogue of a run.

    Errors:
        SetupError for a mistake in the policy, in a rule of the team's own, or in a plug-in.
    """
    catalogue = load_catalogue()
    policy = load_policy(request.root, request.policy, catalogue.policies)
    return Known(complete(catalogue, policy, request.plugins, request.root), policy)
