"""What the schema tests share: tables of cases in YAML, documents made wrong, a schema to compare with."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from check_jsonschema.builtin_schemas import get_builtin_schema  # type: ignore[import-untyped]
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import validator_for

from runcrew_lint.documents.schema import problems
from runcrew_lint.documents.tree import plain
from runcrew_lint.documents.yaml import parse
from runcrew_lint.text import Source

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Case:
    """One document; `place` is where it is refused (keys joined with /), None where it is accepted."""

    name: str
    text: str
    place: str | None = None
    says: str = ""
    elsewhere: str = ""  # why the shipped schema judges otherwise


def load(text: str, path: str = "document.yml") -> Any:
    """A document as the linter reads it, in plain values with keys that are texts."""
    return json.loads(json.dumps(plain(parse(Source(path, text)))))


def read_cases(name: str, templates: Mapping[str, str]) -> list[Case]:
    """The cases of a table; a template has `@` where a case's text goes."""
    groups = load((Path(__file__).parent / name).read_text(encoding="utf-8"), name)
    cases = []
    for row in (row for rows in groups.values() for row in rows):
        kind = next(key for key in row if key in templates)
        cases.append(
            Case(
                row["case"],
                templates[kind].replace("@", row[kind]),
                row.get("refused at"),
                row.get("saying", ""),
                row.get("elsewhere", ""),
            )
        )
    return cases


def our_schema(name: str) -> dict[str, Any]:
    """A schema of the project, by its file name."""
    schema: dict[str, Any] = json.loads((ROOT / "schemas" / name).read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    return schema


class Shipped:
    """The schema of a name that check-jsonschema ships."""

    def __init__(self, name: str) -> None:
        schema = get_builtin_schema(f"vendor.{name}")
        self._validator = validator_for(schema)(schema)

    def accepts(self, document: Any) -> bool:
        """Its verdict."""
        return bool(self._validator.is_valid(document))


@dataclass(frozen=True)
class Subject:
    """A schema of ours and what it is tried on.

    Arguments:
        name: of `schemas/NAME.schema.json`.
        shipped: the name of the one that check-jsonschema ships.
        open_keys: the places below which the author decides what a key is.
        open_values: and those below which any value goes.
        as_theirs: a document as the shipped schema expects it.
    """

    name: str
    shipped: str
    cases: Sequence[Case]
    open_keys: re.Pattern[str]
    open_values: re.Pattern[str]
    as_theirs: Callable[[Any], Any] = lambda document: document

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The schema as data."""
        return our_schema(f"{self.name}.schema.json")

    @cached_property
    def ours(self) -> Draft7Validator:
        """The schema as a judge."""
        return Draft7Validator(self.schema)

    @cached_property
    def theirs(self) -> Shipped:
        """The other one."""
        return Shipped(self.shipped)

    @property
    def accepted(self) -> list[Case]:
        """The cases in which nothing is wrong."""
        return [case for case in self.cases if case.place is None]

    def refused(self, files: list[tuple[Path, Any]]) -> list[tuple[str, str, str]]:
        """The public files that it has something against, each with the first: they run, so it errs."""
        return [
            (str(path), place(error), error.message[:80])
            for path, document in files
            for error in list(self.ours.iter_errors(document))[:1]
        ]


def place(error: ValidationError) -> str:
    """Where an error is, keys joined with /."""
    return "/".join(str(step) for step in error.absolute_path)


def said(schema_name: str, text: str) -> list[str]:
    """What a person reads of a document."""
    return [problem.message for problem in problems(schema_name, parse(Source("document.yml", text)))]


def unknown_keys(cases: list[Case], open_keys: re.Pattern[str]) -> Iterator[tuple[str, Any]]:
    """Every accepted case once for each mapping, with a key in it that is neither known nor an id.

    Mappings at places that `open_keys` matches are left out: their keys are the author's own.
    """
    for case in cases:
        document = load(case.text)
        for path, node in _nodes(document):
            if isinstance(node, dict) and not open_keys.fullmatch(path):
                changed = copy.deepcopy(document)
                _node_at(changed, path)["some key"] = "x"
                yield f"{case.name}: {path or 'the root'} with an unknown key", changed


def wrong_values(cases: list[Case], open_values: re.Pattern[str]) -> Iterator[tuple[str, Any]]:
    """Every accepted case once for each value, with a value in its place that nothing takes."""
    for case in cases:
        document = load(case.text)
        for path, _ in _nodes(document):
            if path and not open_values.fullmatch(path):
                parent, _, key = path.rpartition("/")
                for wrong in ([[1]], {"some key": {"a": 1}}):
                    changed = copy.deepcopy(document)
                    holder = _node_at(changed, parent)
                    holder[int(key) if isinstance(holder, list) else key] = wrong
                    yield f"{case.name}: {path} as {wrong}", changed


def _nodes(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, node
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield from _nodes(value, f"{path}/{key}" if path else str(key))


def _node_at(document: Any, path: str) -> Any:
    for step in path.split("/") if path else ():
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document
