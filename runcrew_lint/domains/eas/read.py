"""eas.json to an `EasConfig`."""

from __future__ import annotations

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Entry, Mapping, Node, at, text_at
from runcrew_lint.domains.eas.facts import PLATFORMS, BuildProfile, EasConfig, SubmitProfile
from runcrew_lint.domains.eas.resolve import Broken, chain, resolve
from runcrew_lint.domains.fact import Reading
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source, Span


def read(source: Source, _reading: Reading) -> EasConfig:
    """The profiles of one eas.json.

    Errors:
        Unreadable where EAS can't parse the file, or where it holds no object.
    """
    root = source.derive(json.parse_relaxed)
    if not isinstance(root, Mapping):
        raise Unreadable("eas.json must hold an object", root.span)
    builds, head = at(root, "build"), root.entry("build")
    return EasConfig(
        source.path,
        head.key.span if head else Span(root.span.start, root.span.start + 1),
        tuple(_build(builds, entry) for entry in _profiles(builds)) if isinstance(builds, Mapping) else (),
        tuple(
            SubmitProfile(str(entry.key.value), entry.key.span, text_at(entry.value, "extends") or "")
            for entry in _profiles(at(root, "submit"))
        ),
    )


def _profiles(node: Node | None) -> list[Entry]:
    if not isinstance(node, Mapping):
        return []
    return [entry for entry in node.effective() if isinstance(entry.value, Mapping)]


def _build(builds: Mapping, entry: Entry) -> BuildProfile:
    name, span = str(entry.key.value), entry.key.span
    try:
        names = chain(builds, name)
    except Broken as broken:
        return BuildProfile(name, span, (), (), broken.reason, broken.span)
    return BuildProfile(
        name, span, names[1:], tuple(resolve(builds, names, platform) for platform in PLATFORMS)
    )
