"""Files that name versions to `Pins`.

Sources: pyenv's and nvm's READMEs (`.python-version`, `.nvmrc`), npm's package.json (`engines`), the Python
packaging guide (`requires-python`, dependency specifiers), pip's requirements file format, pre-commit.com.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents import json, toml, yaml
from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at, text_at
from runcrew_lint.domains.contracts.facts import Hook, Pin, Pins
from runcrew_lint.domains.fact import Reading
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

# The tools that pre-commit and CI run side by side, and the package by which PostGIS is needed.
PACKAGES = frozenset(
    ("ruff", "black", "mypy", "flake8", "isort", "pylint", "pyright", "geoalchemy2", "runcrew-lint")
)
_WORD = lazily(r"^[ \t]*(?:nodejs|node|python)?-?(v?\d[\w.]*|lts/[A-Za-z]+)[ \t]*(?:#.*)?$", re.MULTILINE)
_TOOL = lazily(r"^[ \t]*(nodejs|node|python)[ \t]+(\S+)", re.MULTILINE)
_REQUIREMENT = lazily(
    r"^[ \t]*([A-Za-z0-9][\w.-]*)(?:\[[^\]\n]*\])?[ \t]*([=<>!~]=?=?[^\s;#,]*)?", re.MULTILINE
)
_SPECIFIER = lazily(r"[ \t]*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?[ \t]*([=<>!~][^;]*)?")


def read(source: Source, reading: Reading) -> Pins | None:
    """What one file says; None where it says nothing of what is asked, or does not parse."""
    del reading
    name = source.path.rpartition("/")[2]
    try:
        if name == ".pre-commit-config.yaml":
            return Pins(source.path, (), tuple(_hooks(source.derive(yaml.parse))))
        pins = tuple(_pins(source, name))
    except Unreadable:
        return None  # the file's own kind says it
    return Pins(source.path, pins) if pins else None


def _pins(source: Source, name: str) -> Iterator[Pin]:
    text = source.text
    if name in (".python-version", ".nvmrc", ".node-version"):
        found = _WORD.search(text)
        if found:
            yield Pin("python" if "python" in name else "node", found[1], Span(*found.span(1)))
    elif name == ".tool-versions":
        for tool in _TOOL.finditer(text):
            yield Pin("python" if tool[1] == "python" else "node", tool[2], Span(*tool.span(2)))
    elif name == "package.json":
        engine = at(source.derive(json.parse), "engines", "node") if '"engines"' in text else None
        if isinstance(engine, Scalar) and isinstance(engine.value, str):
            yield Pin("node", engine.value, engine.span)
    elif name == "pyproject.toml":
        yield from _project(source.derive(toml.parse))
    else:
        for each in _REQUIREMENT.finditer(text):
            if (subject := _plain(each[1])) in PACKAGES:
                yield Pin(subject, each[2] or "", Span(*each.span(0)) if not each[2] else Span(*each.span(2)))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _project(root: Node) -> Iterator[Pin]:
    for path in (("project", "requires-python"), ("tool", "poetry", "dependencies", "python")):
        said = at(root, *path)
        if isinstance(said, Scalar) and isinstance(said.value, str):
            yield Pin("python", said.value, said.span)
            break
    lists = [at(root, "project", "dependencies")]
    for holder in (at(root, "project", "optional-dependencies"), at(root, "dependency-groups")):
        lists += [each.value for each in holder.effective()] if isinstance(holder, Mapping) else []
    for each in lists:
        for item in each.items if isinstance(each, Sequence) else ():
            found = _SPECIFIER.match(str(item.value)) if isinstance(item, Scalar) else None
            if found and _plain(found[1]) in PACKAGES:
                yield Pin(_plain(found[1]), (found[2] or "").strip(), item.span)
    groups = at(root, "tool", "poetry", "group")
    tables = [at(root, "tool", "poetry", "dependencies"), at(root, "tool", "poetry", "dev-dependencies")]
    for group in groups.effective() if isinstance(groups, Mapping) else ():
        tables.append(at(group.value, "dependencies"))
    for table in tables:
        for entry in table.effective() if isinstance(table, Mapping) else ():
            if _plain(str(entry.key.value)) in PACKAGES:
                said_of = text_at(entry.value, "version") if isinstance(entry.value, Mapping) else None
                value = entry.value.value if isinstance(entry.value, Scalar) else said_of
                yield Pin(_plain(str(entry.key.value)), str(value or ""), entry.value.span)


def _hooks(root: Node) -> Iterator[Hook]:
    repos = at(root, "repos")
    for each in repos.items if isinstance(repos, Sequence) else ():
        name, rev, hooks = text_at(each, "repo"), at(each, "rev"), at(each, "hooks")
        listed = hooks.items if isinstance(hooks, Sequence) else ()
        ids = tuple(text_at(hook, "id") or "" for hook in listed)
        entries = tuple(text_at(hook, "entry") or "" for hook in listed)
        if name:
            written = str(rev.value) if isinstance(rev, Scalar) and rev.value is not None else ""
            yield Hook(name, written, (rev or each).span, ids, entries)
