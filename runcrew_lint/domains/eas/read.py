"""eas.json to an `EasConfig`."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, at, text_at
from runcrew_lint.domains.eas import submit
from runcrew_lint.domains.eas.facts import (
    PLATFORMS,
    BuildProfile,
    EasConfig,
    Repeated,
    SubmitProfile,
    Written,
)
from runcrew_lint.domains.eas.judge import problems
from runcrew_lint.domains.eas.resolve import Broken, Profiles, chain, resolve
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
    builds, submits, head = at(root, "build"), at(root, "submit"), root.entry("build")
    built, submitted = _by_name(builds), _by_name(submits)
    return EasConfig(
        source.path,
        head.key.span if head else Span(root.span.start, root.span.start + 1),
        tuple(_build(built, entry) for entry in _profiles(builds)),
        tuple(_submit(submitted, entry) for entry in _profiles(submits)),
        problems(root),
        tuple(_repeated(root, ())),
        tuple(_written(root, ())),
        tuple(_custom_paths(builds)),
    )


def _profiles(node: Node | None) -> list[Entry]:
    if not isinstance(node, Mapping):
        return []
    return [entry for entry in node.effective() if isinstance(entry.value, Mapping)]


def _by_name(node: Node | None) -> Profiles:
    return {entry.key.value: entry.value for entry in node.effective()} if isinstance(node, Mapping) else {}


def _build(builds: Profiles, entry: Entry) -> BuildProfile:
    name, span = str(entry.key.value), entry.key.span
    try:
        names = chain(builds, name)
    except Broken as broken:
        return BuildProfile(name, span, (), (), broken.reason, broken.span)
    return BuildProfile(
        name, span, names[1:], tuple(resolve(builds, names, platform) for platform in PLATFORMS)
    )


def _submit(submits: Profiles, entry: Entry) -> SubmitProfile:
    name, span = str(entry.key.value), entry.key.span
    extends = text_at(entry.value, "extends") or ""
    try:
        names = chain(submits, name, "submit")
    except Broken as broken:
        return SubmitProfile(name, span, extends, (), broken.reason, broken.span)
    return SubmitProfile(name, span, extends, submit.resolve(submits, names))


def _repeated(node: Node, path: tuple[str, ...]) -> Iterator[Repeated]:
    if not isinstance(node, Mapping):
        return
    last = {entry.key.value: entry for entry in node.effective()}
    for entry in node.entries:
        here = (*path, str(entry.key.value))
        if entry is not last[entry.key.value]:
            yield Repeated(here, entry.key.span, last[entry.key.value].key.span)
        else:
            yield from _repeated(entry.value, here)


def _written(node: Mapping, path: tuple[str, ...]) -> Iterator[Written]:
    for entry in node.effective():
        here = (*path, str(entry.key.value))
        if isinstance(entry.value, Scalar):
            yield Written(here, entry.key.span, entry.value.span, entry.value.value)
        elif isinstance(entry.value, Mapping):
            yield from _written(entry.value, here)


def _custom_paths(builds: Node | None) -> Iterator[Span]:
    """The key that has another name now, in every `cache`, where the new one is not there."""
    for profile in _profiles(builds):
        for holder in (profile.value, at(profile.value, "android"), at(profile.value, "ios")):
            cache = at(holder, "cache")
            if (
                isinstance(cache, Mapping)
                and (entry := cache.entry("customPaths"))
                and not cache.get("paths")
            ):
                yield entry.key.span
