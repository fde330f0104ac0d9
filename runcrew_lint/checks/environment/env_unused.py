"""env-unused: an example names a variable that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.environment.contract import contract_of
from runcrew_lint.domains.environment.files import folder_of
from runcrew_lint.domains.environment.known import is_of_a_tool
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """A fault at each line; silent where a name is made at run time, or where a language is not read."""
    contract = repository.derive(contract_of)
    for row in contract.rows.values():
        if row.given or not contract.is_idle(row) or is_of_a_tool(row.name):
            continue
        for line in row.documented:
            if contract.is_closed(folder_of(line.path)):
                place = Place(line.path, line.span)
                yield Fault(
                    place,
                    f"nothing in this repository reads {row.name}, so people set it, and rotate it, for "
                    "nothing",
                    mend=MendRequest("env.drop_line", place, (("name", row.name),)),
                )
