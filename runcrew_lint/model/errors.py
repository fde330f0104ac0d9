"""The two ways input can be wrong: what a person set up, and a file that does not read."""

from __future__ import annotations

from runcrew_lint.text import Span


class SetupError(Exception):
    """A mistake in the policy, the arguments or the environment: one line, exit 2.

    `where` is `file:line:column` or empty; `what` says what is wrong; `help` what to do.
    """

    def __init__(self, what: str, *, where: str = "", help: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.help = what, where, help

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}; {self.help}" if self.help else head


class Unreadable(Exception):
    """A file that its format's reader refuses, at a span of its text."""

    def __init__(self, message: str, span: Span = Span(0, 0)) -> None:
        super().__init__(message)
        self.message, self.span = message, span


class NotLinted(Unreadable):
    """A file that no reader here takes on, and that is nobody's fault."""


class Template(NotLinted):
    """A file that reads only once some program has rendered it."""
