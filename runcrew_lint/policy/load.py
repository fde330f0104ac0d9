"""Finds the policy, checks it against its schema, follows `extends`, and merges the layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runcrew_lint.documents.tree import Node, at, plain
from runcrew_lint.model.errors import SetupError, Unreadable
from runcrew_lint.policy.build import build
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Source, Span

FILE_NAMES = (".runcrew-lint.yaml", ".runcrew-lint.yml")
MAX_EXTENDS = 10
DEFAULT = "runcrew"

Presets = Mapping[str, Mapping[str, Any]]
Reads = Callable[[Path], bytes | None]


def on_disk(file: Path) -> bytes | None:
    """A file's bytes; None where there is none.

    Errors:
        OSError where it can't be read.
    """
    return file.read_bytes() if file.is_file() else None


def load(
    root: Path, asked: str | Path | None, presets: Presets, reads: Reads = on_disk, label: str = ""
) -> Policy:
    """The policy of a run.

    Arguments:
        root: the repository's folder.
        asked: a preset's name or a file, as --policy takes it; None for the repository's own.
        presets: the built-in policies by name, as data.
        reads: how a file is read, where it is not the one that lies there.
        label: what stands behind a file's name where it is another one, such as `@1234abcd`.
    Errors:
        SetupError at the line and column of a mistake, with the nearest key or name.
    """
    if asked is not None and str(asked) in presets:
        return build(str(asked), [presets[str(asked)]], named=True)
    file = Path(asked) if asked is not None else find(root, reads)
    if file is None:
        return build(DEFAULT, [presets[DEFAULT]], named=False)
    if asked is not None and not file.is_file():
        known = ", ".join(sorted(presets))
        raise SetupError(f"there is no policy {asked}", help=f"name a file or one of {known}")
    layers = _Layers(root, presets, reads, label)
    return build(layers.shown(file), layers.of(file), named=True)


def find(root: Path, reads: Reads = on_disk) -> Path | None:
    """The repository's own policy file: .runcrew-lint.yaml, else a pyproject.toml that has the table."""
    for name in FILE_NAMES:
        if _is_there(root / name, reads):
            return root / name
    pyproject = root / "pyproject.toml"
    return pyproject if b"[tool.runcrew-lint" in (reads(pyproject) or b"") else None


def _is_there(file: Path, reads: Reads) -> bool:
    """Whether there is a file; one that can't be read is told of when it is."""
    try:
        return reads(file) is not None
    except OSError:
        return True


class _Layers:
    """The files of one policy."""

    def __init__(self, root: Path, presets: Presets, reads: Reads, label: str) -> None:
        self._root, self._presets, self._reads, self._label = root, presets, reads, label

    def shown(self, file: Path) -> str:
        """A file's name in a message."""
        try:
            return file.resolve().relative_to(self._root.resolve()).as_posix() + self._label
        except ValueError:
            return f"{file}{self._label}"

    def of(self, file: Path) -> list[Mapping[str, Any]]:
        """The chain of `extends`, the farthest ancestor first."""
        layers: list[Mapping[str, Any]] = []
        seen: list[Path] = []
        while True:
            if file.resolve() in seen or len(seen) >= MAX_EXTENDS:
                raise SetupError("`extends` goes round in a circle", where=self.shown(file))
            seen.append(file.resolve())
            source, node = self._read(file)
            _validate(source, node)
            data = plain(node) or {}
            _refuse_patterns(source, node, data)
            for index, excuse in enumerate(data.get("excuses", ())):
                excuse["place"] = Place(source.path, (at(node, "excuses", index) or node).span)
            layers.append(data)
            parent = data.get("extends")
            if parent is None:
                break
            if parent in self._presets:
                layers.append(self._presets[parent])
                break
            above = file.parent / parent
            if not _is_there(above, self._reads):
                raise _unknown_parent(source, node, parent, self._presets)
            file = above
        return layers[::-1]

    def _read(self, file: Path) -> tuple[Source, Node]:
        shown = self.shown(file)
        try:
            source = Source(shown, (self._reads(file) or b"").decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError(f"the policy can't be read: {error}", where=shown) from None
        try:
            if file.suffix == ".toml":
                from runcrew_lint.documents import toml

                return source, at(toml.parse(source), "tool", "runcrew-lint") or toml.parse(source)
            from runcrew_lint.documents import yaml  # most repositories have no policy file

            return source, yaml.parse(source)
        except Unreadable as error:
            raise SetupError(error.message, where=_where(source, error.span)) from None


def _where(source: Source, span: Span) -> str:
    line, column = source.position(span.start)
    return f"{source.path}:{line}:{column}"


def _validate(source: Source, node: Node) -> None:
    from runcrew_lint.documents.schema import problems

    if plain(node) is None:
        return  # an empty file is a policy that changes nothing
    for problem in problems("policy", node):
        raise SetupError(problem.message, where=_where(source, problem.span))


def _refuse_patterns(source: Source, node: Node, data: Mapping[str, Any]) -> None:
    for index, detector in enumerate((data.get("secrets") or {}).get("detectors", ())):
        from runcrew_lint.policy.patterns import objection  # few policies have detectors of their own

        if said := objection(detector["pattern"]):
            place = at(node, "secrets", "detectors", index, "pattern") or node
            raise SetupError(f"the pattern is refused: {said}", where=_where(source, place.span))


def _unknown_parent(source: Source, node: Node, parent: str, presets: Presets) -> SetupError:
    from difflib import get_close_matches

    near = get_close_matches(parent, presets, 1)
    named = at(node, "extends")
    help = f"did you mean {near[0]}?" if near else f"name a file or one of {', '.join(sorted(presets))}"
    return SetupError(f"there is no policy {parent}", where=_where(source, (named or node).span), help=help)
