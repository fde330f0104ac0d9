"""Reads secrets of files that exist only in a test."""

from __future__ import annotations

from pathlib import Path

import yaml

from runcrew_lint.domains.secrets.facts import SecretUse, SecretUses
from runcrew_lint.domains.secrets.read import read
from runcrew_lint.policy.build import build
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source

_POLICIES = Path(__file__).parents[2] / "rules" / "policies"


def policy(name: str = "runcrew") -> Policy:
    """A preset."""
    return build(name, [yaml.safe_load((_POLICIES / f"{name}.yaml").read_text("utf-8"))], named=True)


class Under:
    """A reader's view that has nothing but a policy."""

    def __init__(self, judged_by: Policy) -> None:
        self.policy = judged_by

    def consult(self, path: str) -> Source | None:
        """Nothing: a file's secrets are its own, and no key has its certificate beside it."""
        assert path.endswith((".crt", ".cert", ".cer")), "no other file is read"
        return None


_RUNCREW = Under(policy())


def fact_of(path: str, text: str, under: Under = _RUNCREW) -> SecretUses | None:
    """What the reader makes of one file."""
    return read(Source(path, text), under)


def uses_of(path: str, text: str, under: Under = _RUNCREW) -> tuple[SecretUse, ...]:
    """The secrets of one file."""
    fact = fact_of(path, text, under)
    return fact.uses if fact else ()
