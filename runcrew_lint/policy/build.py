"""Merges layers of validated data into one typed policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import reduce
from typing import Any, TypeVar

from runcrew_lint.policy.model import (
    Contexts,
    Detector,
    EnvFiles,
    Environment,
    Exclusion,
    Excuse,
    Flutter,
    Migrations,
    Override,
    Policy,
    RequiredWorkflow,
    RuleChoice,
    Secrets,
)

T = TypeVar("T")

# Lists that each layer adds to; every other list of a child replaces its parent's.
_ADDING = {
    ("rules", "select"),
    ("rules", "ignore"),
    ("rules", "own"),
    ("rules", "plugins"),
    ("own_rules",),
    ("exclude",),
    ("excuses",),
    ("overrides",),
    ("secrets", "placeholders"),
    ("secrets", "development"),
    ("secrets", "detectors"),
}


def build(name: str, layers: Iterable[Mapping[str, Any]], *, named: bool) -> Policy:
    """One policy of layers that their schema has accepted, the farthest parent first.

    Mappings merge key by key; a list replaces its parent's, but for `exclude`, `excuses`, `overrides`, the
    lists of `rules` and what `secrets` says of words and detectors, which add to it.
    """
    data: dict[str, Any] = reduce(lambda below, above: merge(below, above), layers, {})
    rules = data.get("rules", {})
    return Policy(
        name=name,
        named=named,
        facts_only=data.get("facts_only", False),
        postgres=data.get("postgres", 16),
        branches=tuple(data.get("branches", ())),
        default_branch=data.get("default_branch", ""),
        release_tags=tuple(data.get("release_tags", ())),
        environments=tuple(
            _typed(Environment, {"name": key, **(value or {})})
            for key, value in data.get("environments", {}).items()
        ),
        flutter=_typed(Flutter, data.get("flutter", {})),
        secrets=_secrets(data.get("secrets", {})),
        migrations=_typed(Migrations, data.get("migrations", {})),
        env_files=_typed(EnvFiles, data.get("env_files", {})),
        workflows=tuple(
            _typed(RequiredWorkflow, {"name": key, **(value or {})})
            for key, value in data.get("workflows", {}).items()
        ),
        exclude=tuple(_typed(Exclusion, each) for each in map(_exclusion, data.get("exclude", ()))),
        rules=_typed(RuleChoice, rules),
        excuses=tuple(_typed(Excuse, each) for each in data.get("excuses", ())),
        overrides=tuple(_typed(Override, each) for each in data.get("overrides", ())),
        baseline=data.get("baseline", ""),
        own_rules=tuple(data.get("own_rules", ())),
    )


def merge(below: Mapping[str, Any], above: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """`above` laid over `below`."""
    merged = dict(below)
    for key, value in above.items():
        here = (*path, key)
        if isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
            merged[key] = merge(merged[key], value, here)
        elif here in _ADDING:
            merged[key] = [*merged.get(key, ()), *value]
        elif value is not None:
            merged[key] = value
    return merged


def _secrets(data: Mapping[str, Any]) -> Secrets:
    detectors = tuple(_typed(Detector, each) for each in data.get("detectors", ()))
    contexts = _typed(Contexts, data.get("contexts", {}))
    return _typed(Secrets, {**data, "detectors": detectors, "contexts": contexts})


def _exclusion(said: str | Mapping[str, Any]) -> Mapping[str, Any]:
    return {"glob": said} if isinstance(said, str) else said


def _typed(of: type[T], data: Mapping[str, Any]) -> T:
    """A dataclass of our own from validated data: lists become tuples, other keys stay out."""
    known = {field.name for field in fields(of)}  # type: ignore[arg-type]
    return of(**{key: _frozen(value) for key, value in data.items() if key in known})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
