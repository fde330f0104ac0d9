"""Which variable a line of a Dockerfile sees: ARG before FROM, ARG and ENV of the stage, the base's ENV.

Source: docs.docker.com/reference/dockerfile, "ARG" (scope, impact of ENV) and "Understand how ARG and
FROM interact".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from runcrew_lint.domains.containers.facts import Instruction, Setting
from runcrew_lint.domains.containers.variables import (
    BUILDER_ARGUMENTS,
    CLIENT_ARGUMENTS,
    UNSET,
    Variable,
)
from runcrew_lint.frozen import mutable

_PLATFORM = Variable(unknown="it depends on the platform that is built")
_CLIENT = Variable(unknown="it comes from the client's proxy settings")
_INHERITED = Variable(unknown="the base image may set it")


@mutable
class Scope:
    """The variables at one line: `outer` is the scope before the first FROM, for a stage's own ARGs, `below`
    that of the stage that this one is built on.
    """

    outer: Scope | None
    fallback: Variable
    below: Scope | None = None
    arguments: dict[str, Variable] = field(default_factory=dict)
    environment: dict[str, Variable] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)

    @classmethod
    def of_file(cls) -> Scope:
        """The scope before the first FROM: an undeclared name is empty there."""
        return cls(None, UNSET, arguments=dict.fromkeys(BUILDER_ARGUMENTS, _PLATFORM))

    @classmethod
    def of_stage(cls, outer: Scope, parent: Scope | None, *, is_scratch: bool) -> Scope:
        """A stage's scope: it inherits from the stage that it is built on, never from `outer` unasked."""
        if parent is None:
            return cls(outer, UNSET if is_scratch else _INHERITED)
        return cls(outer, parent.fallback, parent)

    def lookup(self, name: str) -> Variable:
        """The state of a name: an ENV wins over an ARG."""
        for scope in self._down():
            if name in scope.environment:
                return scope.environment[name]
        for scope in self._down():
            if name in scope.arguments:
                return scope.arguments[name]
        return _CLIENT if name in CLIENT_ARGUMENTS else self.fallback

    def _down(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope:
            yield scope
            scope = scope.below

    def setting(self, name: str) -> Setting | None:
        """The ARG that gives a name its default here."""
        return self.settings.get(name)

    def declare(self, instruction: Instruction) -> None:
        """Take in what an ENV or ARG says from here on."""
        if instruction.onbuild or instruction.keyword not in ("ENV", "ARG"):
            return
        for setting in instruction.settings:
            if instruction.keyword == "ENV":
                value = setting.value
                self.environment[setting.name] = Variable(value.value, value.unknown) if value else UNSET
            else:
                self.arguments[setting.name] = self._argument(setting)
                self.settings[setting.name] = setting

    def _argument(self, setting: Setting) -> Variable:
        if setting.value is not None:
            return Variable(setting.value.value, setting.value.unknown)
        outer = self.outer.arguments.get(setting.name) if self.outer else None
        if outer is not None:
            return outer
        return _PLATFORM if setting.name in BUILDER_ARGUMENTS else Variable(optional=True)
