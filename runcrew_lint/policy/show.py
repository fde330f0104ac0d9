"""A policy as data again: what a policy file without `extends` would say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from runcrew_lint.policy.model import Policy

_OURS = ("name", "named", "place", "own_rules")  # what no policy file says, or says as a key
_BY_NAME = ("environments", "workflows")


def as_data(policy: Policy) -> dict[str, Any]:
    """The merged policy, keys that say nothing left out."""
    data: dict[str, Any] = _plain(policy)
    for key in _BY_NAME:
        data[key] = {each.name: _plain(each) for each in getattr(policy, key, ())}
    if policy.secrets.detectors:
        data["secrets"]["detectors"] = [
            {"name": each.name, "pattern": each.pattern, "near": list(each.near)}
            for each in policy.secrets.detectors
        ]
    return {key: value for key, value in data.items() if value not in ("", [], {})}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        held = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {
            key: said for key, said in held.items() if key not in _OURS and said not in ("", [], {}, None)
        }
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value
