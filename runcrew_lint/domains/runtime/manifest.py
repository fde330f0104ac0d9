"""package.json and pubspec.yaml to a `Manifest`."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import json, yaml
from runcrew_lint.documents.tree import Mapping, Node, Scalar, at
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.runtime.facts import Dependency, Manifest
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source

_CONFIGS = ("app.config.ts", "app.config.js", "app.config.mjs", "app.config.cjs")


def read(source: Source, reading: Reading) -> Manifest | None:
    """What a manifest asks for; one that does not parse is its own kind's to report."""
    is_pub = source.path.endswith(".yaml")
    try:
        root = source.derive(yaml.parse if is_pub else json.parse)
    except Unreadable:
        return None
    if not isinstance(root, Mapping):
        return None
    needed, development = ("dependencies", "dev_dependencies" if is_pub else "devDependencies")
    app = _app(source.path, reading) if not is_pub and at(root, "dependencies", "expo") else None
    return Manifest(
        source.path,
        tuple(_dependencies(at(root, needed))),
        tuple(_dependencies(at(root, development))),
        app is not None,
        app is not None and _updates_off(app),
    )


def _dependencies(node: Node | None) -> Iterator[Dependency]:
    if isinstance(node, Mapping):
        for entry in node.effective():
            value = entry.value.value if isinstance(entry.value, Scalar) else ""
            yield Dependency(str(entry.key.value), str(value or ""), entry.key.span)


def _app(path: str, reading: Reading) -> Source | None:
    """The app's config beside the manifest."""
    folder = path.rpartition("/")[0]
    beside = f"{folder}/" if folder else ""
    found = (reading.consult(f"{beside}{name}") for name in ("app.json", *_CONFIGS))
    return next((each for each in found if each), None)


def _updates_off(app: Source) -> bool:
    if not app.path.endswith(".json"):
        return False
    try:
        root = app.derive(json.parse)
    except Unreadable:
        return False
    holder = at(root, "expo") or root
    enabled = at(holder, "updates", "enabled")
    return isinstance(enabled, Scalar) and enabled.value is False
