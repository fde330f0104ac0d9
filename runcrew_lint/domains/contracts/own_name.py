"""What a repository calls itself on GitHub, by the manifest at its root.

Sources: npm's package.json (`repository`), the Python packaging guide (`project.urls`), Poetry's and Cargo's
`repository`, the Go modules reference (`module`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents import json, toml
from runcrew_lint.documents.tree import Mapping, Node, Scalar, at, text_at
from runcrew_lint.domains.contracts.facts import OwnName
from runcrew_lint.domains.fact import Reading
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_ON_GITHUB = lazily(
    r"(?:(?:git\+)?(?:https?|ssh|git)://(?:git@|www\.)?github\.com/|git@github\.com:|github:)"
    r"([\w-]+/[\w.-]+?)(?:\.git)?(?:/(?:tree/.*)?)?(?:#.*)?\Z",
    re.IGNORECASE,
)
_MODULE = lazily(r"^module[ \t]+github\.com/([\w-]+/[\w.-]+)", re.MULTILINE)
# The labels of `project.urls` that say where the source is; others lead to documents, issues, a homepage.
_LABELS = frozenset(("repository", "source", "source code", "code", "github"))


def read(source: Source, reading: Reading) -> OwnName | None:
    """The name that a manifest at the root says; None for one that says none or does not parse."""
    del reading
    try:
        said = {each[1].lower(): each[1] for each in map(_ON_GITHUB.match, _said(source)) if each}
    except Unreadable:
        return None  # another kind's finding
    if source.path == "go.mod" and (module := _MODULE.search(source.text)):
        said = {module[1].lower(): module[1]}
    return OwnName(source.path, next(iter(said.values()))) if len(said) == 1 else None


def _said(source: Source) -> Iterator[str]:
    found: list[str | None] = []
    if source.path == "package.json":
        root = source.derive(json.parse)
        found = [text_at(root, "repository"), text_at(root, "repository", "url")]
    elif source.path == "pyproject.toml":
        root = source.derive(toml.parse)
        found = [text_at(root, "tool", "poetry", "repository"), *_labelled(at(root, "project", "urls"))]
    elif source.path == "Cargo.toml":
        root = source.derive(toml.parse)
        found = [text_at(root, "package", "repository"), text_at(root, "workspace", "package", "repository")]
    yield from (each.strip() for each in found if each)


def _labelled(urls: Node | None) -> Iterator[str]:
    for each in urls.entries if isinstance(urls, Mapping) else ():
        value = each.value
        if (
            str(each.key.value).lower() in _LABELS
            and isinstance(value, Scalar)
            and isinstance(value.value, str)
        ):
            yield value.value
