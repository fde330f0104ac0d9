"""How EAS resolves a build profile: @expo/eas-json 24.8 (build/resolver and the Joi schema's conversions).

The merge works on positioned trees, so that every value that comes out knows where it was written.
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.tree import Mapping, Node, PlainScalar, Scalar, Sequence
from runcrew_lint.domains.eas.facts import PLATFORMS, Resolved, Setting, Shape
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

Profiles = dict[PlainScalar, Node]  # by name; of two of one name the last

MAX_CHAIN = 5  # a profile and four parents; the next `extends` fails

# A parent is looked up as a property of a JavaScript object, which has some of its own: a profile that
# extends `constructor` extends nothing, and EAS is content.
_EVERY_OBJECTS_OWN = frozenset(
    (
        *("__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__"),
        *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"),
        *("toString", "valueOf"),
    )
)

# Joi turns these strings into booleans, in any case; `autoIncrement` may also stay a string.
_BOOLEANS = frozenset(
    ("corepack", "developmentClient", "uploadSourceMaps", "withoutCredentials", "simulator", "autoIncrement")
)
_CACHE_BOOLEANS = frozenset(("disabled", "cacheDefaultPaths"))
# A null there is as good as no key at all.
_NULLABLE = frozenset(("node", "pnpm", "bun", "yarn", "expoCli", "ndk", "bundler", "fastlane", "cocoapods"))
_DEFAULTS = {"credentialsSource": "remote", "distribution": "store"}


class Broken(Exception):
    """A profile that EAS can't resolve, at the `extends` that is at fault."""

    def __init__(self, reason: str, span: Span) -> None:
        super().__init__(reason)
        self.reason, self.span = reason, span


class _Written(NamedTuple):
    """A value in the profile that wrote it."""

    node: Node
    profile: str


_Merged = dict[str, "_Written | _Merged"]


def chain(profiles: Profiles, name: str, kind: str = "build") -> tuple[str, ...]:
    """The profile's name and those it extends, child first; `kind` is `build` or `submit`.

    Errors:
        Broken where a parent is missing, or where the chain is a cycle or longer than `MAX_CHAIN`.
    """
    names = [name]
    while True:
        profile = profiles.get(names[-1])
        extends = profile.entry("extends") if isinstance(profile, Mapping) else None
        if extends is None or not isinstance(extends.value, Scalar) or not extends.value.value:
            return tuple(names)
        parent, span = str(extends.value.value), extends.value.span
        if parent in names:
            raise Broken(f"its `extends` make a cycle: {' -> '.join([*names, parent])}", span)
        if not isinstance(profiles.get(parent), Mapping):
            if parent in _EVERY_OBJECTS_OWN:
                return tuple(names)
            raise Broken(f"it extends `{parent}`, which is no {kind} profile of this file", span)
        if len(names) == MAX_CHAIN:
            raise Broken(f"its `extends` go deeper than the {MAX_CHAIN} profiles that EAS follows", span)
        names.append(parent)


def resolve(builds: Profiles, names: tuple[str, ...], platform: str) -> Resolved:
    """The profile at the head of a chain as EAS builds it on one platform."""
    merged: _Merged = {}
    for name in reversed(names):
        profile = builds.get(name)
        if isinstance(profile, Mapping):
            merged = _merge(merged, _written(profile, name))
    base = {key: value for key, value in merged.items() if key not in PLATFORMS}
    own = merged.get(platform)
    values = _merge(base, own) if isinstance(own, dict) else base
    defaults = tuple(
        Setting((key,), Shape.SCALAR, value, None, "")
        for key, value in _DEFAULTS.items()
        if key not in values
    )
    return Resolved(platform, defaults + tuple(_settings(values, ())))


def _written(mapping: Mapping, profile: str, level: str = "") -> _Merged:
    """One mapping's values; `env` and the platforms stay open to be merged, all else is closed."""
    values: _Merged = {}
    for entry in mapping.effective():
        key, node = str(entry.key.value), entry.value
        if key == "extends" and not level:
            continue
        if key in _NULLABLE and _is_null(node):
            continue
        if (
            isinstance(node, Mapping)
            and level != "env"
            and (key == "env" or (key in PLATFORMS and not level))
        ):
            values[key] = _written(node, profile, key)
        else:
            values[key] = _Written(node, profile)
    return values


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _merge(base: _Merged, update: _Merged) -> _Merged:
    """`update` over `base`: key by key only inside `env` and the platforms."""
    merged = base | update
    for key in ("env", *PLATFORMS):
        ours, theirs = base.get(key), update.get(key)
        if isinstance(ours, dict) and isinstance(theirs, dict):
            merged[key] = _merge(ours, theirs) if key in PLATFORMS else ours | theirs
    return merged


def _settings(values: _Merged, prefix: tuple[str, ...]) -> Iterator[Setting]:
    for key, value in values.items():
        path = (*prefix, key)
        if isinstance(value, dict):
            yield Setting(path, Shape.MAPPING, None, None, "")
            yield from _settings(value, path)
        elif len(path) == 1 or not _is_null(value.node):  # a null in `env` unsets the parent's value
            yield from flattened(path, value.node, value.profile)


def flattened(path: tuple[str, ...], node: Node, profile: str) -> Iterator[Setting]:
    """A value and all that is in it, each with its place."""
    if isinstance(node, Scalar):
        yield Setting(path, Shape.SCALAR, _converted(path, node), node.span, profile)
    elif isinstance(node, Sequence):
        yield Setting(path, Shape.SEQUENCE, None, node.span, profile)
        for index, item in enumerate(node.items):
            yield from flattened((*path, str(index)), item, profile)
    else:
        yield Setting(path, Shape.MAPPING, None, node.span, profile)
        for entry in node.effective():
            key = str(entry.key.value)
            if path == ("cache",) and key == "customPaths":
                key = "paths"  # Joi renames it
            yield from flattened((*path, key), entry.value, profile)


def _converted(path: tuple[str, ...], node: Scalar) -> str | int | float | bool | None:
    value = node.value
    boolean = path[0] in _BOOLEANS if len(path) == 1 else path[0] == "cache" and path[1] in _CACHE_BOOLEANS
    if boolean and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value
