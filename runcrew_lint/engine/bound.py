"""A kind of fact bound to its code and to this run's policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import Any

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.engine.cache import tag_of
from runcrew_lint.policy.model import EnvFiles, Policy, Secrets
from runcrew_lint.text import Source

Reader = Callable[[Source, Reading], Any]


class Bound:
    """One kind in one run; its modules are imported when they are first needed."""

    def __init__(self, kind: FactKind, policy: Policy, reader: Reader | None = None) -> None:
        self._kind, self._policy, self._own = kind, policy, reader

    @cached_property
    def tag(self) -> str:
        """What a fact of this kind rests on beside the files."""
        kind = self._kind
        settings = {name: _digestible(getattr(self._policy, name)) for name in kind.settings}
        secrecy = _secrecy(self._policy.secrets, self._policy.env_files)
        return tag_of(kind.name, kind.version, json.dumps(settings, sort_keys=True) + secrecy)

    @cached_property
    def settings(self) -> Any:
        """The policy as the kind's reader may see it."""
        return Settings(self._policy, self._kind)

    @cached_property
    def reader(self) -> Reader:
        """What lifts a source into a fact."""
        if self._own:
            return self._own
        found: Reader = _named(self._kind.reader)
        return found

    @cached_property
    def sieve(self) -> Callable[[bytes], bool] | None:
        """What judges by a file's bytes whether the reader is asked at all."""
        found: Callable[[bytes], bool] | None = None
        if self._kind.sieve and not self._own:
            found = _named(self._kind.sieve)(self.settings)
        return found

    @cached_property
    def fact_type(self) -> type:
        """The class of the facts, found without the reader and its parser."""
        if self._own:
            from runcrew_lint.catalogue.declarative import Shapes

            return Shapes
        family = self._kind.reader.split(".", 1)[0]
        home = import_module(f"runcrew_lint.domains.{family}.{self._kind.home}")
        found: type = getattr(home, self._kind.fact)
        return found


@cache
def _secrecy(secrets: Secrets, env_files: EnvFiles) -> str:
    """What a policy takes for a secret: a fact that repeats one is not kept, so each one rests on this."""
    return json.dumps([_digestible(secrets), _digestible(env_files)], sort_keys=True)


def _named(name: str) -> Any:
    """A function of a domain by `module:function`."""
    module, _, function = name.partition(":")
    return getattr(import_module(f"runcrew_lint.domains.{module}"), function)


class Settings:
    """The fields of the policy that a kind lists; any other would be missing in its facts' keys."""

    def __init__(self, policy: Policy, kind: FactKind) -> None:
        self._policy, self._kind = policy, kind

    def __getattr__(self, name: str) -> Any:
        if name not in self._kind.settings:
            raise LookupError(f"the kind {self._kind.name} does not list {name} in its settings")
        return getattr(self._policy, name)


def _digestible(value: Any) -> Any:
    """A policy's value in a form that json.dumps writes the same way each time."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _digestible(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _digestible(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_digestible(item) for item in value]
    return value
