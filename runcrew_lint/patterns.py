"""Patterns that are compiled when they are first asked: a run asks a third of those that it defines."""

from __future__ import annotations

import re
from typing import Any, AnyStr


class _Later:
    """A pattern before it is asked; then what was asked of it stands in its dictionary."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._compiled(), name)
        self.__dict__[name] = value
        return value

    def _compiled(self) -> re.Pattern[Any]:
        found: re.Pattern[Any] | None = self.__dict__.get("_made")
        if found is None:
            found = self.__dict__["_made"] = re.compile(self.pattern, self._flags)
        return found


def lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile(pattern, flags)`, when it is first asked for more than its text.

    Errors:
        re.error where it is none, at that moment.
    """
    made: Any = _Later(pattern, flags)
    return made  # type: ignore[no-any-return]
