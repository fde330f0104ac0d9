"""What an eas.json says, after `extends` and the platforms are resolved."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

PLATFORMS = ("android", "ios")


class Shape(StrEnum):
    """What a setting holds; the members of a mapping or a sequence follow it as settings of their own."""

    SCALAR = "scalar"
    MAPPING = "mapping"
    SEQUENCE = "sequence"


class Setting(NamedTuple):
    """One resolved value.

    `key` is its path from the profile down, without the platform: `("env", "API_BASE_URL")`; the
    items of a sequence are numbered from "0". `profile` is the one that it is written in, which
    `extends` may have brought here; where both are empty (`profile` "" and `span` None), nobody wrote
    it and EAS fills it in.
    """

    key: tuple[str, ...]
    shape: Shape
    value: str | int | float | bool | None
    span: Span | None
    profile: str

    @property
    def name(self) -> str:
        """The key as a person writes it: `env.API_BASE_URL`."""
        return ".".join(self.key)


@frozen
class Resolved:
    """One profile on one platform: settings in EAS's own order, containers before their members."""

    platform: str
    settings: tuple[Setting, ...]

    def get(self, *key: str) -> Setting | None:
        """The setting at this key, written or filled in by EAS."""
        return next((each for each in self.settings if each.key == key), None)


@frozen
class BuildProfile:
    """One profile under `build`.

    `span` is its key. `broken` says why EAS can't resolve it (an unknown parent, a cycle, a chain of
    more than five); then `platforms` is empty and `broken_span` is the `extends` at fault.
    """

    name: str
    span: Span
    extends: tuple[str, ...]
    platforms: tuple[Resolved, ...]
    broken: str = ""
    broken_span: Span | None = None


@frozen
class SubmitProfile:
    """One profile under `submit`; `span` is its key.

    `platforms` are its settings on each platform with those of its parents, defaults left out; where
    `broken` says why EAS can't resolve it there are none.
    """

    name: str
    span: Span
    extends: str
    platforms: tuple[Resolved, ...] = ()
    broken: str = ""
    broken_span: Span | None = None


class ProblemKind(StrEnum):
    """What kind of thing EAS refuses."""

    KEY = "key"
    VALUE = "value"
    CONFLICT = "conflict"


class Move(NamedTuple):
    """Where a key belongs: the path of the object that takes it, from the file down."""

    path: tuple[str, ...]


class Problem(NamedTuple):
    """One thing that EAS refuses.

    Arguments:
        path: the keys down to it.
        meant: the key that was probably meant, or the text that the value should be; "" for neither.
        move: where the key can be moved as it is.
    """

    kind: ProblemKind
    span: Span
    path: tuple[str, ...]
    message: str
    meant: str
    move: Move | None = None


class Repeated(NamedTuple):
    """A key that stands twice in one object; `span` is the key that loses, `winner` the last one."""

    path: tuple[str, ...]
    span: Span
    winner: Span


class Written(NamedTuple):
    """A scalar as it stands in the file: the keys down to it, its key and its own place."""

    path: tuple[str, ...]
    key_span: Span
    span: Span
    value: str | int | float | bool | None


@frozen
class EasConfig:
    """One eas.json. Of a key that stands twice, the last counts, as for EAS.

    `build_span` is the key `build`, or the brace that opens the file where there is none. `problems` are
    what EAS refuses: with one of them it builds nothing at all. `written` are the scalars of `cli`,
    `build` and `submit` as they stand, before anything is resolved; `custom_paths` the keys of that name.
    """

    path: str
    build_span: Span
    builds: tuple[BuildProfile, ...]
    submits: tuple[SubmitProfile, ...]
    problems: tuple[Problem, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    written: tuple[Written, ...] = ()
    custom_paths: tuple[Span, ...] = ()

    def build(self, name: str) -> BuildProfile | None:
        """The build profile of that name."""
        return next((each for each in self.builds if each.name == name), None)

    def submit(self, name: str) -> SubmitProfile | None:
        """The submit profile of that name."""
        return next((each for each in self.submits if each.name == name), None)

    def at(self, *path: str) -> Written | None:
        """The scalar that is written at a path."""
        return next((each for each in self.written if each.path == path), None)
