"""Modules: the folder's files together, what their values come to, and what refers to what.

Source: developer.hashicorp.com/terraform/language (modules, values, expressions).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from runcrew_lint.documents.hcl import Attribute, Block, Kind, Value
from runcrew_lint.domains.containers.project import Purpose
from runcrew_lint.domains.containers.purpose import by_path
from runcrew_lint.domains.fact import Facts
from runcrew_lint.domains.terraform.dynamic import expanded
from runcrew_lint.domains.terraform.facts import TerraformFile
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

_NAMED = lazily(r"(var|local)\.([A-Za-z_][\w-]*)\Z")
_EMULATOR = lazily(r"https?://(?:localhost|127\.0\.0\.1|localstack|host\.docker\.internal|moto)\b")
_DEPTH = 5  # locals of locals


@frozen
class Resource:
    """One `resource` (or `data`): its type, its name, its block and its file."""

    type: str
    name: str
    block: Block
    path: str

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.path, self.block.head)

    def at(self, attribute: Attribute) -> Place:
        """Where one of its attributes is."""
        return Place(self.path, attribute.span)


class Module:
    """One folder. `called` says that another folder uses it, which then gives its variables their values."""

    def __init__(self, folder: str, files: list[TerraformFile], *, called: bool) -> None:
        self.folder, self.files, self.called = folder, files, called
        self._defaults: dict[str, Value] = {}
        self._locals: dict[str, Value] = {}
        for block in (block for file in files for block in file.blocks):
            default = block.attribute("default")
            if block.kind == "variable" and block.labels and default and not called:
                self._defaults[block.labels[0]] = default.value
            if block.kind == "locals":
                self._locals.update((each.name, each.value) for each in block.attributes)
        self.resources = tuple(
            Resource(block.labels[0], block.labels[1], expanded(block, self.value), file.path)
            for file in files
            for block in file.blocks
            if block.kind == "resource" and len(block.labels) == 2
        )
        self._places: dict[str, list[int]] = {}
        for place, resource in enumerate(self.resources):
            self._places.setdefault(resource.type, []).append(place)

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of some types, in their order."""
        places = sorted(place for each in types for place in self._places.get(each, ()))
        return (self.resources[place] for place in places)

    def value(self, value: Value | None, depth: int = 0) -> Value | None:
        """What a value comes to as far as the folder tells: a variable's default, a local."""
        if value is None or value.kind is not Kind.EXPRESSION or depth > _DEPTH:
            return value
        match = _NAMED.match(value.text)
        if match is None:
            return value
        found = (self._locals if match[1] == "local" else self._defaults).get(match[2])
        return self.value(found, depth + 1) if found is not None else value

    def said(self, block: Block, name: str) -> Value | None:
        """What an attribute comes to; None where it is not there."""
        attribute = block.attribute(name)
        return self.value(attribute.value) if attribute else None

    def refers(self, to: Resource, *types: str) -> Iterator[Resource]:
        """The resources of some types whose attributes name another one."""
        pattern = re.compile(rf"\b{re.escape(to.type)}\.{re.escape(to.name)}\b")
        return (each for each in self.of(*types) if any(pattern.search(text) for text in texts(each.block)))

    @property
    def is_real(self) -> bool:
        """Whether it is more than an example, a test or a developer's own, as what an emulator is given."""
        if any(self._is_emulated(block) for file in self.files for block in file.blocks):
            return False
        return by_path(f"{self.folder}/main.tf") not in (Purpose.DEVELOPMENT, Purpose.TEST) and not re.search(
            r"(?:^|/)(?:examples?|samples?|demos?)(?:/|\Z)", self.folder
        )

    def _is_emulated(self, block: Block) -> bool:
        """Whether a provider asks this machine, or a service called so, in its cloud's place."""
        found = (each for inner in block.inner("endpoints") for each in inner.attributes)
        return block.kind == "provider" and any(
            (value := self.value(each.value)) is not None and _EMULATOR.match(value.text) for each in found
        )


def texts(block: Block) -> Iterator[str]:
    """The source of every value in a block."""
    for attribute in block.attributes:
        yield from _texts(attribute.value)
    for inner in block.blocks:
        yield from texts(inner)


def _texts(value: Value) -> Iterator[str]:
    if value.items:
        for each in value.items:
            yield from _texts(each)
    else:
        yield value.text


def modules_of(repository: Facts) -> tuple[Module, ...]:
    """Every folder with .tf files, by name; examples, tests and what is for developers are left out."""
    folders: dict[str, list[TerraformFile]] = {}
    for file in repository.facts(TerraformFile):
        folders.setdefault(posixpath.dirname(file.path), []).append(file)
    called = {
        posixpath.normpath(posixpath.join(folder, source.value.text))
        for folder, files in folders.items()
        for file in files
        for block in file.blocks
        if block.kind == "module"
        and (source := block.attribute("source"))
        and source.value.text.startswith(".")
    }
    made = (Module(folder, files, called=folder in called) for folder, files in sorted(folders.items()))
    return tuple(module for module in made if module.is_real)


def is_true(value: Value | None) -> bool:
    """Whether a value is `true`, as a bool or as text."""
    return value is not None and value.kind in (Kind.BOOL, Kind.TEXT) and value.text == "true"


def is_off(value: Value | None, default: bool) -> bool:
    """Whether a switch is surely off: `false`, or absent where that means off."""
    if value is None or value.kind is Kind.NULL:
        return not default
    return value.kind in (Kind.BOOL, Kind.TEXT) and value.text == "false"


def number(value: Value | None) -> int | None:
    """A literal number, or None."""
    if (
        value is None
        or value.kind not in (Kind.NUMBER, Kind.TEXT)
        or not re.fullmatch(r"-?\d{1,9}", value.text)
    ):
        return None
    return int(value.text)


def texts_of(value: Value | None) -> list[str]:
    """The literal texts of a list, or of one value."""
    if value is None:
        return []
    return [each.text for each in (value.items or (value,)) if each.kind is Kind.TEXT]
