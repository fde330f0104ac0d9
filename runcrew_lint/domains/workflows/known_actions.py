"""What actions that somebody else wrote do, as data/actions.json knows them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from runcrew_lint.data import data_path
from runcrew_lint.tuples import NamedTuple

CONTAINER = "docker"  # uses: docker://image


Marks = tuple[tuple[str, str], ...]


class Deed(NamedTuple):
    """One thing that an action does.

    Arguments:
        action: the word of the delivery map's Action.
        target: the inputs (`env:NAME` for variables) that say where to.
        profile: the input that holds the EAS profile; `production` is what counts without it.
        when: inputs and a text that one of them must have; `unless` those that one surely must not have;
            `given` are inputs of which one must be there.
        live: inputs and a text in one of them that marks production.
        file: the input that names what is sent.
    """

    action: str
    tool: str
    part: str = ""
    target: tuple[str, ...] = ()
    profile: str = ""
    production: str = ""
    when: Marks = ()
    unless: Marks = ()
    given: tuple[str, ...] = ()
    live: Marks = ()
    file: str = ""


class KnownAction(NamedTuple):
    """An action by name: an input that holds a shell script or a program's arguments, or deeds.

    Arguments:
        reads: who reads the script: a `shell`, one for each of its `lines`, or the action, into `words`.
        goes_on: whether that shell goes on where a command fails.
        stops: the input under which a script that runs on another machine ends where a command fails.
        folder: the input that says in which folder the script runs.
        contained: whether it runs in a container that has none of the step's variables.
    """

    name: str
    script: str = ""
    reads: str = "shell"
    goes_on: bool = False
    folder: str = ""
    contained: bool = False
    remote: bool = False
    stops: str = ""
    target: tuple[str, ...] = ()
    program: str = ""
    args: str = ""
    default: str = ""
    does: tuple[Deed, ...] = ()

    @property
    def has_shell(self) -> bool:
        """Whether a shell reads its script."""
        return bool(self.script) and self.reads != "words"


def action_of(uses: str) -> str:
    """`owner/name/path` of a `uses`, without its ref."""
    return uses.partition("@")[0].lower()


def known_action(uses: str) -> KnownAction | None:
    """The action that a `uses` names, where it is known."""
    return _table().get(action_of(uses))


@cache
def _table() -> dict[str, KnownAction]:
    rows = json.loads(data_path("data/actions.json").read_text("utf-8"))["actions"]
    return {row["uses"]: _known(row) for row in rows}


def _known(row: dict[str, Any]) -> KnownAction:
    return KnownAction(
        row["uses"],
        row.get("script", ""),
        row.get("reads", "shell"),
        row.get("goes_on", False),
        row.get("folder", ""),
        row.get("contained", False),
        row.get("remote", False),
        row.get("stops", ""),
        tuple(row.get("target", ())),
        row.get("program", ""),
        row.get("args", ""),
        row.get("default", ""),
        tuple(_deed(each) for each in row.get("does", ())),
    )


def _deed(row: dict[str, Any]) -> Deed:
    told: dict[str, Any] = dict(row)
    told |= {key: tuple(row[key].items()) for key in ("when", "unless", "live") if key in row}
    told |= {key: tuple(row[key]) for key in ("target", "given") if key in row}
    return Deed(**told)
