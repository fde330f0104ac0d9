"""Prints the oldest of each library that pyproject.toml allows, as requirements for .ci/lowest."""

from __future__ import annotations

import re
import tomllib

from tests.checkout import ROOT


def oldest(requirements: list[str]) -> list[str]:
    """Each requirement pinned to its lower bound.

    Errors:
        ValueError for one that has none.
    """
    found = []
    for each in requirements:
        match = re.fullmatch(r"(?P<name>[\w.-]+)>=(?P<version>[\d.]+),<[\d.]+", each)
        if match is None:
            raise ValueError(f"{each} has no lower and upper bound")
        found.append(f"{match['name']}=={match['version']}")
    return found


def declared() -> list[str]:
    """The requirements of a run, those of the extras with them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [*project["dependencies"], *(each for extra in extras for each in extra)]


if __name__ == "__main__":
    print("\n".join(oldest(declared())))
