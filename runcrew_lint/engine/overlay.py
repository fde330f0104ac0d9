"""The work tree under contents that lie in no file yet: mends to come, or what an editor has open."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from runcrew_lint.domains.fact import Base, Worktree
from runcrew_lint.engine import git
from runcrew_lint.engine.discover import Tree
from runcrew_lint.frozen import frozen
from runcrew_lint.policy.files import Reads, on_disk


def overlaid(tree: Tree, overlay: Mapping[str, bytes]) -> Worktree:
    """The tree itself, unless the overlay changes an ignore file."""
    changed = {path: content for path, content in overlay.items() if path.split("/")[-1] == ".gitignore"}
    return Overlaid(tree, changed) if changed else tree


@frozen
class Overlaid:
    """A tree whose ignore files are others than those on disk: `changed` are the new contents."""

    tree: Tree
    changed: Mapping[str, bytes]

    @property
    def paths(self) -> Sequence[str]:
        return self.tree.paths

    @property
    def is_git(self) -> bool:
        return self.tree.is_git

    @property
    def base(self) -> Base | None:
        return self.tree.base

    def is_tracked(self, path: str) -> bool:
        return self.tree.is_tracked(path)

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """What git says in a folder that holds nothing but the ignore files, the changed ones among them."""
        from tempfile import TemporaryDirectory  # few runs mend an ignore file

        asked = list(paths)
        root = self.tree.root.resolve()
        top = self.tree.top or root
        with TemporaryDirectory(prefix="runcrew-lint-") as folder:
            copy = Path(folder, root.relative_to(top))
            for path in (each for each in self.tree.paths if each.split("/")[-1] == ".gitignore"):
                content = self.changed.get(path)
                _write(copy / path, (root / path).read_bytes() if content is None else content)
            for above in (each for each in root.parents if each.is_relative_to(top)):
                if (above / ".gitignore").is_file():
                    _write(
                        Path(folder, above.relative_to(top), ".gitignore"),
                        (above / ".gitignore").read_bytes(),
                    )
            copy.mkdir(parents=True, exist_ok=True)
            under = f"{root.relative_to(top).as_posix()}/" if root != top else ""
            try:
                found = git.ignored(Path(folder), (under + path for path in asked), None)
            except git.GitMissing:
                return frozenset(asked)
        return frozenset(path.removeprefix(under) for path in found)


@frozen
class _LaidOver:
    """A folder's files, some of them with other contents, or there in these contents alone."""

    root: Path
    overlay: Mapping[str, bytes]

    def __call__(self, file: Path) -> bytes | None:
        content = self.overlay.get(self._path(file))
        return on_disk(file) if content is None else content

    def below(self, folder: Path) -> Iterable[Path]:
        start = self._path(folder)
        new = (path for path in self.overlay if (path.rpartition("/")[0] or ".") == start)
        return {*on_disk.below(folder), *(folder / path.rpartition("/")[2] for path in new)}

    def _path(self, file: Path) -> str:
        return Path(os.path.relpath(file, self.root)).as_posix()


def laid_over(root: Path, overlay: Mapping[str, bytes]) -> Reads:
    """How a policy's files are read under these contents, by path from the root."""
    return _LaidOver(root, overlay)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
