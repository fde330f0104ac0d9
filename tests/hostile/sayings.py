"""Every command of the linter on a repository, as people and programs call them."""

from __future__ import annotations

from runcrew_lint.cli.main import COMMANDS
from runcrew_lint.reporters import FORMATS

# What needs more than a repository, or waits for somebody who types.
_OTHERS = {"server", "test-rules"}
_MORE: dict[str, list[list[str]]] = {
    "check": [
        *(["--format", each] for each in FORMATS),
        ["--statistics"],
        ["--verbose"],
        ["--diff", "--unsafe-fixes"],
        ["--history"],
        ["--staged"],
        ["--since", "HEAD"],
        ["--policy-from", "HEAD"],
    ],
    "init": [[]],
    "baseline": [["update"]],
    "env": [[], ["--format", "json"], ["--format", "markdown"]],
    "migrations": [[], ["--format", "json"], ["--format", "mermaid"]],
    "schema": [[], ["--format", "json"], ["--format", "mermaid"]],
    "map": [[], *(["--format", each] for each in ("json", "mermaid", "svg", "html"))],
    "checks": [[], ["--format", "json"]],
    "promises": [[], ["--format", "json"]],
    "files": [[], ["--kinds"]],
    "config": [["show"], ["show", "--format", "json"]],
    "explain": [["root-user"]],
}


def commands() -> list[list[str]]:
    """Each command with each of its formats; one that is not named here is called without arguments."""
    return [[name, *more] for name in COMMANDS if name not in _OTHERS for more in _MORE.get(name, [[]])]


def ways() -> list[list[str]]:
    """The same in one format each: in another one the same is read."""
    return [each for each in commands() if "--format" not in each] + [["check"]]
