"""Finds the policy, checks it against its schema, follows `extends`, and merges the layers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runcrew_lint.documents.tree import Mapping as Branch
from runcrew_lint.documents.tree import Node, at, plain, walk
from runcrew_lint.model.errors import SetupError, Unreadable
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.build import build
from runcrew_lint.policy.files import Reads, kept_by, on_disk
from runcrew_lint.policy.model import OwnRule, Policy
from runcrew_lint.policy.packages import PREFIX, within_package
from runcrew_lint.text import Place, Source, Span
from runcrew_lint.tuples import NamedTuple

FILE_NAMES = (".runcrew-lint.yaml", ".runcrew-lint.yml")
_IN_PACKAGE = "runcrew-lint.yaml"  # where a package names no file
MAX_EXTENDS = 10
DEFAULT = "runcrew"

Presets = Mapping[str, Mapping[str, Any]]


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
    if reads is on_disk and (asked is None or Path(asked).resolve().is_relative_to(root.resolve())):
        reads = kept_by(root)
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
    try:
        return pyproject if b"[tool.runcrew-lint" in (reads(pyproject) or b"") else None
    except OSError:
        return pyproject


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
        return f"{self._relative(file)}{self._label}"

    def _relative(self, file: Path) -> str:
        try:
            return file.resolve().relative_to(self._root.resolve()).as_posix()
        except ValueError:
            return str(file)

    def of(self, file: Path, seen: tuple[Path, ...] = ()) -> list[Mapping[str, Any]]:
        """The file's layer behind those of its ancestors.

        Arguments:
            seen: the files whose ancestor it is.
        """
        if file.resolve() in seen:
            raise SetupError("`extends` goes round in a circle", where=self.shown(file))
        if len(seen) >= MAX_EXTENDS:
            raise SetupError(f"`extends` goes through more than {MAX_EXTENDS} files", where=self.shown(file))
        written = self._read(file)
        _validate(written.source, written.node)
        data = plain(written.node) or {}
        _refuse_patterns(written.source, written.node, data)
        for index, excuse in enumerate(data.get("excuses", ())):
            place = at(written.node, "excuses", index) or written.node
            excuse["place"] = Place(written.source.path, place.span)
        if (data.get("rules") or {}).get("own"):
            self._add_own(data, written)
        return [*self._above(data.get("extends"), written, (*seen, file.resolve())), data]

    def _above(
        self, parent: str | None, written: _Written, seen: tuple[Path, ...]
    ) -> list[Mapping[str, Any]]:
        if parent is None:
            return []
        if parent in self._presets:
            return [self._presets[parent]]
        layers, above = self._located(parent, written, "extends")
        above = above / _IN_PACKAGE if parent.startswith(PREFIX) and above.is_dir() else above
        if not _is_there(above, layers._reads):
            raise _unknown_parent(written.source, written.node, parent, self._presets)
        return layers.of(above, seen)

    def _add_own(self, data: dict[str, Any], written: _Written) -> None:
        """Puts the team's own rules beside the folders that hold them, which get names that hold anywhere."""
        from runcrew_lint.policy.own_rules import own_rules  # most policies have none

        found: list[OwnRule] = []
        names: list[str] = []
        for index, named in enumerate(data["rules"]["own"]):
            layers, folder = self._located(named, written, "rules", "own", index)
            rules = list(own_rules(folder, layers._reads, layers.shown))
            if not rules:
                where = written.where("rules", "own", index)
                raise SetupError(
                    f"there is no rule in {named}", where=where, help="a rule is a file NAME.yaml there"
                )
            found += rules
            names.append(named if named.startswith(PREFIX) else self._relative(folder))
        data["own_rules"], data["rules"]["own"] = found, names

    def _located(self, named: str, written: _Written, *keys: str | int) -> tuple[_Layers, Path]:
        """What a policy names, beside it or in an installed package, and the layers that it is read by."""
        if not named.startswith(PREFIX):
            return self, written.folder / named
        inside = _Layers(self._root, self._presets, on_disk, "")
        return inside, within_package(named, self._root, written.where(*keys))

    def _read(self, file: Path) -> _Written:
        shown = self.shown(file)
        try:
            source = Source(shown, (self._reads(file) or b"").decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise SetupError("the policy is not UTF-8", where=shown, help="save it as that") from None
        except OSError as error:
            raise SetupError(f"the policy can't be read: {error.strerror or error}", where=shown) from None
        try:
            if file.suffix == ".toml":
                from runcrew_lint.documents import toml

                root = toml.parse(source)
                return _Written(source, at(root, "tool", "runcrew-lint") or root, file.parent)
            from runcrew_lint.documents import yaml  # most repositories have no policy file

            return _Written(source, yaml.parse(source), file.parent)
        except Unreadable as error:
            raise SetupError(error.message, where=_where(source, error.span)) from None


class _Written(NamedTuple):
    """A policy file as it is written, and the folder that it lies in."""

    source: Source
    node: Node
    folder: Path

    def where(self, *keys: str | int) -> str:
        """The place of a key."""
        return _where(self.source, (at(self.node, *keys) or self.node).span)


def _where(source: Source, span: Span) -> str:
    line, column = source.position(span.start)
    return f"{source.path}:{line}:{column}"


def _validate(source: Source, node: Node) -> None:
    from runcrew_lint.documents.schema import problems

    if plain(node) is None:
        return  # an empty file is a policy that changes nothing
    for mapping in (each for each in walk(node) if isinstance(each, Branch)):
        for entry in mapping.duplicates():  # the first would count for nothing, and nobody would see it
            said = f"the key `{entry.key.value}` stands here twice"
            raise SetupError(said, where=_where(source, entry.key.span), help="put both into one")
    for problem in problems("policy", node):
        raise SetupError(problem.message, where=_where(source, problem.span))


def _refuse_patterns(source: Source, node: Node, data: Mapping[str, Any]) -> None:
    for index, detector in enumerate((data.get("secrets") or {}).get("detectors", ())):
        from runcrew_lint.policy.patterns import objection  # few policies have detectors of their own

        if said := objection(detector["pattern"]):
            place = at(node, "secrets", "detectors", index, "pattern") or node
            raise SetupError(f"the pattern is refused: {said}", where=_where(source, place.span))


def _unknown_parent(source: Source, node: Node, parent: str, presets: Presets) -> SetupError:
    near = nearest(parent, presets)
    named = at(node, "extends")
    help = f"did you mean {near}?" if near else f"name a file or one of {', '.join(sorted(presets))}"
    return SetupError(f"there is no policy {parent}", where=_where(source, (named or node).span), help=help)
