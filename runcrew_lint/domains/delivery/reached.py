"""What a walk comes to: a command with the way to it, and what the step around it was given."""

from __future__ import annotations

from runcrew_lint.domains.delivery.calls import Call
from runcrew_lint.domains.lattice import Value, known
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Place
from runcrew_lint.tuples import NamedTuple

NOWHERE = known("")


class Given(NamedTuple):
    """What a step is given by name: a secret or variable of GitHub's (`kind` secret), or a text with an
    address in it (`kind` url). `built_in` is one that a web build writes into what it makes.
    """

    kind: str
    name: str
    place: Place
    built_in: bool = False


@frozen
class Site:
    """The job that a command runs in.

    Arguments:
        id: the job's id, behind those of the jobs that call its workflow: `release / build`.
        name: what a person reads: the job's name, else its id.
        environment: what the job's `environment` names; "" where it names none.
        needs: every job that has ended before, by id; one of another workflow's stands for all below it.
        anyway: whether it runs although one of them failed.
        database: whether the job brings a database of its own (`services`).
    """

    id: str
    name: str
    place: Place
    environment: Value = NOWHERE
    needs: frozenset[str] = frozenset()
    anyway: bool = False
    database: bool = False


@frozen
class Reached:
    """What one command does and the way to it in the workflow.

    Arguments:
        sure: false where a condition that is not known decides.
        doubts: where those conditions stand.
        forgiven: whether the job goes on where the command fails.
        anyway: whether the step runs although one before it failed.
        strange: what it is, where it is not known; then `calls` is empty.
        says_deploy: whether the name of the step, job or workflow says that it deploys.
    """

    site: Site
    step: Place
    call: Place
    script: Place | None
    calls: tuple[Call, ...]
    directory: Value
    sure: bool
    line: str
    doubts: frozenset[Place] = frozenset()
    forgiven: bool = False
    anyway: bool = False
    given: tuple[Given, ...] = ()
    strange: str = ""
    says_deploy: bool = False
