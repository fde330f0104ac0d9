"""What a program's words say of it."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.launchers import Program
from runcrew_lint.domains.delivery.programs import program_calls
from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import known
from runcrew_lint.text import Place, Span


@pytest.mark.parametrize(
    ("command", "actions"),
    [
        (["node", "test/run.js"], [Action.TEST]),
        (["node", "-e", "copy()", "e2e/a.json"], []),
        (["detox", "test"], [Action.TEST]),
        (["detox", "build"], []),
    ],
)
def test_what_a_command_does(command: list[str], actions: list[Action]) -> None:
    words = tuple(Argument(known(each), Place("a", Span(0, 0))) for each in command[1:])
    assert [each.action for each in program_calls(Program(command[0], words)) or ()] == actions
