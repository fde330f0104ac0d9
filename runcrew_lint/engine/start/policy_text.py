"""The policy that `init` writes, as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from runcrew_lint.engine.start.found import BASE, Found
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Environment

_PLAIN = lazily(r"[A-Za-z_][\w./-]*")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def policy_text(found: Found) -> str:
    """A policy of what was found, with a comment for what was not."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Found) -> Iterator[str]:
    yield "# What this team holds itself to: begun by `runcrew-lint init` from what the repository says, and"
    yield "# yours from here on. `runcrew-lint config schema` lists every key."
    yield f"extends: {BASE}"
    if found.environments:
        yield "facts_only: false  # the rules that hold the repository to this policy are on, too"
    if found.postgres.value:
        yield f"postgres: {found.postgres.value}  # {found.postgres.source}"
    elif found.postgres.source:
        yield f"# postgres: 16  # {found.postgres.source}"
    if found.default_branch:
        yield f"default_branch: {scalar(found.default_branch)}"
    if found.branches:
        yield f"branches: {_flow(found.branches)}"
    if found.release_tags:
        yield f"release_tags: {_flow(found.release_tags)}"
    if found.environments:
        yield "environments:"
        for environment in found.environments:
            yield from _environment(environment)
    if found.after.value:
        yield "migrations:"
        yield f"  # What is there already stays as it is: {found.after.source}"
        yield f"  after: {scalar(found.after.value)}"
    if found.url_variables:
        yield "rules:"
        yield "  options:"
        yield f"    eas-api-url-mismatch: {{variables: {_flow(found.url_variables)}}}"
    if found.unknown:
        yield "# What could not be told:"
        yield from (f"#   {line}" for line in found.unknown)


def _environment(environment: Environment) -> Iterator[str]:
    said: dict[str, Any] = {
        "eas_profile": environment.eas_profile,
        "eas": environment.eas,
        "api_url": environment.api_url,
        "branch": environment.branch,
        "tag": environment.tag,
        "deploy_branch": environment.deploy_branch,
    }
    yield f"  {environment.name}:"
    for key, value in said.items():
        if value:
            yield f"    {key}: {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_inline(each)}" for key, each in value.items()) + "}"
    return scalar(value)


def _flow(names: Iterable[str]) -> str:
    return f"[{', '.join(map(scalar, names))}]"


def scalar(value: str | int | float | bool | None) -> str:
    """A value as YAML has it on one line, quoted where it would read as something else."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
