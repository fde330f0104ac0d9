"""pydantic's settings classes: a field reads a variable, by prefix, alias, nesting and inheritance.

https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from runcrew_lint.documents import python
from runcrew_lint.documents.python_walk import lines_with, walk
from runcrew_lint.domains.environment.facts import Read, Way
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_ROOTS = frozenset({"BaseSettings", "pydantic_settings.BaseSettings", "pydantic.BaseSettings"})
_MODELS = frozenset({"BaseModel", "pydantic.BaseModel"})
_DEPTH = 4


class _Field(NamedTuple):
    name: str
    span: Span
    is_required: bool
    aliases: tuple[str, ...]
    kind: str


class _Config(NamedTuple):
    prefix: str = ""
    delimiter: str = ""
    case_sensitive: bool = False


def reads(source: Source, tree: ast.Module) -> Iterator[Read]:
    """The variables of the settings classes that the module defines, those of their bases among them."""
    every = walk(tree, lines_with(source, ("class",)))
    classes = {node.name: node for node in every if isinstance(node, ast.ClassDef)}
    for node in classes.values():
        lineage = list(_lineage(node, classes))
        if not any(_name(base) in _ROOTS for each in lineage for base in each.bases):
            continue
        config = _config(lineage)
        fields: dict[str, _Field] = {}
        for each in reversed(lineage):
            fields |= {field.name: field for field in _fields(each, source)}
        for field in fields.values():
            yield from _read(field, config, config.prefix, classes, source, 0)


def _read(
    field: _Field, config: _Config, prefix: str, classes: dict[str, ast.ClassDef], source: Source, depth: int
) -> Iterator[Read]:
    nested = classes.get(field.kind)
    if config.delimiter and nested and depth < _DEPTH and _is_model(nested, classes):
        for inner in _fields(nested, source):
            below = f"{prefix}{field.name}{config.delimiter}"
            needed = inner._replace(is_required=inner.is_required and field.is_required)
            yield from _read(needed, config, below, classes, source, depth + 1)
        return
    # An alias is the whole name: no prefix is put before it.
    names = field.aliases or (f"{prefix}{field.name}",)
    for name in names:
        written = name if config.case_sensitive else name.upper()
        # Of several aliases any one will do, so none of them is asked for by itself.
        alone = field.is_required and len(names) == 1
        yield Read(written, field.span, Way.PYTHON, alone, alone)


def _lineage(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    """The class and its bases in this module, nearest first."""
    stack, seen = [node], set()
    while stack:
        each = stack.pop(0)
        if each.name in seen:
            continue
        seen.add(each.name)
        yield each
        stack += [classes[name] for base in each.bases if (name := _name(base)) in classes]


def _is_model(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> bool:
    return any(_name(base) in _MODELS for each in _lineage(node, classes) for base in each.bases)


def _fields(node: ast.ClassDef, source: Source) -> Iterator[_Field]:
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name, kind = statement.target.id, _name(statement.annotation)
        if name.startswith("_") or name == "model_config" or kind.endswith("ClassVar"):
            continue
        if isinstance(statement.annotation, ast.Subscript) and _name(statement.annotation.value).endswith(
            "ClassVar"
        ):
            continue
        is_required, aliases = _given(statement.value)
        yield _Field(name, python.span(source, statement.target), is_required, aliases, kind)


def _given(value: ast.expr | None) -> tuple[bool, tuple[str, ...]]:
    """Whether the field must be set, and the names it is read under instead of its own."""
    if value is None or (isinstance(value, ast.Constant) and value.value is Ellipsis):
        return True, ()
    if not isinstance(value, ast.Call) or _name(value.func).rpartition(".")[2] != "Field":
        return False, ()
    keywords = {keyword.arg: keyword.value for keyword in value.keywords}
    first = value.args[0] if value.args else keywords.get("default")
    unset = first is None or (isinstance(first, ast.Constant) and first.value is Ellipsis)
    aliases: list[str] = []
    for key in ("validation_alias", "alias", "env"):
        named = keywords.get(key)
        aliases += [
            each.value
            for each in (ast.walk(named) if named is not None and not aliases else ())
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
    return unset and "default_factory" not in keywords, tuple(aliases)


def _config(lineage: list[ast.ClassDef]) -> _Config:
    """What the nearest class says, by `model_config` or an inner `Config`."""
    found: dict[str, object] = {}
    for each in reversed(lineage):
        for statement in each.body:
            if (isinstance(statement, ast.Assign) and _name(statement.targets[0]) == "model_config") or (
                isinstance(statement, ast.AnnAssign) and _name(statement.target) == "model_config"
            ):
                found |= _constants(statement.value)
            elif isinstance(statement, ast.ClassDef) and statement.name == "Config":
                for inner in statement.body:
                    if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Constant):
                        found[_name(inner.targets[0])] = inner.value.value
        for keyword in each.keywords:
            if keyword.arg and isinstance(keyword.value, ast.Constant):
                found[keyword.arg] = keyword.value.value
    return _Config(
        str(found.get("env_prefix") or ""),
        str(found.get("env_nested_delimiter") or ""),
        found.get("case_sensitive") is True,
    )


def _constants(value: ast.expr | None) -> dict[str, object]:
    if isinstance(value, ast.Call):
        return {
            keyword.arg: keyword.value.value
            for keyword in value.keywords
            if keyword.arg and isinstance(keyword.value, ast.Constant)
        }
    if isinstance(value, ast.Dict):
        return {
            str(key.value): item.value
            for key, item in zip(value.keys, value.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(item, ast.Constant)
        }
    return {}


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{_name(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""
