"""Counts the eas commands of repositories: those that a search for words finds, and those of the map.

    python -m tests.tools.eas_commands FOLDER...

Files that may hold one are copied, and a workflow is added that runs every script by its name, so that what
no workflow of the repository reaches is followed, too. Told are the lines that only the search finds, and the
share of builds and submits whose profile is one of a set, with the reasons of the rest.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from runcrew_lint.domains.delivery.calls import EAS, PROFILED
from runcrew_lint.engine.draw import draw
from runcrew_lint.engine.run import Request
from runcrew_lint.text import Place

_READ = re.compile(
    r"(?:.*/)?(?:package\.json|eas\.json|(?:GNU)?[Mm]akefile|justfile|[^/]+\.(?:sh|bash|just))\Z"
    r"|\.github/.*\.ya?ml\Z|(?:.*/)?action\.ya?ml\Z|(?:.*/)?\.eas/workflows/[^/]+\.ya?ml\Z"
)
_FOREIGN = {"node_modules", ".git", ".venv"}
_COMMAND = re.compile(r"(?<![\w./-])eas(?:-cli)?(?:@[\w.^~-]+)?\s+(?:build|submit|update)(?![\w:.-])")
# Lines that speak of a command and run none: comments, and what is printed or described.
_SAID = re.compile(
    r"^\s*(?:#|//|[-*]\s(?!run\b)\w)|^\s*(?:-\s+)?(?:name|description|title|body|default|message|comment)\s*:"
    r"|\b(?:echo|printf|log|info|warn|error|core\.\w+|console\.\w+)\b"
)
_EVERY = ".github/workflows/every-script-of-this-repository.yml"


class Counted(NamedTuple):
    """One repository: the lines by search, those of them that the map has, and what its profiles are."""

    searched: frozenset[tuple[str, int]]
    mapped: frozenset[tuple[str, int]]
    resolved: int
    reasons: Counter[str]


def count(root: Path) -> Counted:
    """Both counts of one repository."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, root.name)
        paths = _copied(root, copy)
        searched = frozenset(line for path in paths for line in _searched(copy, path))
        Path(copy, _EVERY).parent.mkdir(parents=True, exist_ok=True)
        Path(copy, _EVERY).write_text(_every_script(copy, paths))
        edges = [each for each in draw(Request(copy, policy="runcrew")).found.edges if each.action in EAS]
        mapped = frozenset(_line(copy, each.script or each.call) for each in edges)
        by_place = {
            (each.script or each.call, each.action, str(each.profile)): each
            for each in edges
            if each.action in PROFILED and each.workflow != _EVERY
        }
        unknown = {
            (place, action): each.profile.reason
            for (place, action, _), each in by_place.items()
            if each.profile.is_unknown
        }
        all_of_them = {(place, action) for place, action, _ in by_place}
        return Counted(searched, mapped, len(all_of_them) - len(unknown), Counter(unknown.values()))


def _copied(root: Path, copy: Path) -> list[str]:
    found = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if _FOREIGN.isdisjoint(name.split("/")) and _READ.match(name) and path.is_file():
            Path(copy, name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, Path(copy, name))
            found.append(name)
    return found


def _searched(root: Path, path: str) -> list[tuple[str, int]]:
    lines = Path(root, path).read_text("utf-8", "replace").splitlines()
    return [
        (path, number)
        for number, line in enumerate(lines, 1)
        if _COMMAND.search(line) and not _SAID.search(line[: _COMMAND.search(line).start()])  # type: ignore[union-attr]
    ]


def _every_script(root: Path, paths: list[str]) -> str:
    steps = []
    for path in paths:
        folder = path.rpartition("/")[0] or "."
        if path.endswith("package.json"):
            try:
                scripts = json.loads(Path(root, path).read_text("utf-8")).get("scripts", {})
            except (ValueError, AttributeError):
                continue
            wanted = [name for name, body in scripts.items() if _COMMAND.search(str(body))]
            steps += [{"run": f"npm run {name}", "working-directory": folder} for name in wanted]
        elif path.endswith((".sh", ".bash")) and _searched(root, path):
            steps.append({"run": f"bash {path}"})
        elif path.lower().endswith("makefile") and _searched(root, path):
            names = re.findall(r"^([\w.-]+):(?!=)", Path(root, path).read_text("utf-8", "replace"), re.M)
            steps += [{"run": f"make {name}", "working-directory": folder} for name in names]
    return json.dumps({"on": "push", "jobs": {"every": {"runs-on": "ubuntu-latest", "steps": steps}}})


def _line(root: Path, place: Place) -> tuple[str, int]:
    text = Path(root, place.path).read_text("utf-8", "replace")
    return place.path, text.count("\n", 0, place.span.start) + 1


def main() -> None:
    """Prints a line a repository, what the map has not, and the sums."""
    searched = mapped = resolved = 0
    reasons: Counter[str] = Counter()
    for name in sys.argv[1:]:
        found = count(Path(name))
        # A command may begin some lines above the words that the search finds: continued lines, `$( )`.
        missed = sorted(
            (path, line)
            for path, line in found.searched
            if not any((path, line - back) in found.mapped for back in range(4))
        )
        searched, mapped = searched + len(found.searched), mapped + len(found.searched) - len(missed)
        resolved, reasons = resolved + found.resolved, reasons + found.reasons
        told = f"{len(found.searched) - len(missed)} of {len(found.searched)}"
        print(f"{Path(name).name}: {told} commands, {found.resolved} of "
              f"{found.resolved + found.reasons.total()} profiles")  # fmt: skip
        for path, line in missed:
            said = Path(name, path).read_text("utf-8", "replace").splitlines()[line - 1].strip()
            print(f"    only by search: {path}:{line}: {said[:140]}")
        for reason, times in found.reasons.items():
            print(f"    unknown profile ({times}): {reason}")
    total = resolved + reasons.total()
    print(f"{mapped} of {searched} commands; {resolved} of {total} profiles ({resolved / max(total, 1):.0%})")


if __name__ == "__main__":
    main()
