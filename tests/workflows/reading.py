"""Facts of files that lie in memory."""

from __future__ import annotations

from runcrew_lint.documents.schema import Problem
from runcrew_lint.domains.workflows import problems
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.domains.workflows.read import read
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source


class Files:
    """A reading over a handful of files; `asked` is what was consulted."""

    def __init__(self, files: dict[str, str], policy: Policy | None = None) -> None:
        self.files, self.policy, self.asked = files, policy or Policy("test"), list[str]()

    def consult(self, path: str) -> Source | None:
        self.asked.append(path)
        return Source(path, self.files[path]) if path in self.files else None


def workflow(text: str, **others: str) -> Workflow:
    """The workflow of one text; `others` are more files, `__` in their names standing for `/` and `.`."""
    return read(Source(".github/workflows/w.yml", text), Files(others))


def problems_of(text: str) -> tuple[Problem, ...]:
    """What GitHub would refuse in one text."""
    found = problems.read(Source(".github/workflows/w.yml", text), Files({}))
    return found.problems if found else ()
