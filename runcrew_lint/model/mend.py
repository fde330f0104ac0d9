"""A mend is asked for by a check, realised on one file, and becomes a fix: edits with a safety."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

Plain = str | int | float | bool | None | tuple["Plain", ...]


class Safety(StrEnum):
    """`SAFE` keeps the outcome; `UNSAFE` changes what is deployed, or when."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@frozen
class MendRequest:
    """A named mend and the place it applies to.

    `name` is `<module>.<function>` in runcrew_lint/mends; `arguments` are what the check knows and
    the mend needs. `dated` says that the fix bears the day's date: the mend is told it as `today`,
    "YYYY-MM-DD".
    """

    name: str
    place: Place
    arguments: tuple[tuple[str, Plain], ...] = ()
    dated: bool = False


class Edit(NamedTuple):
    """Replace the characters of `span` in the file at `path` by `text`.

    `listed` says that it adds to a list whose order tells nothing, so that others may add in the same place.
    """

    path: str
    span: Span
    text: str
    listed: bool = False


class NewFile(NamedTuple):
    """A file to create, where none is.

    Arguments:
        name, follows: of a migration its own revision, and the one that it says it comes after.
    """

    path: str
    text: str
    name: str = ""
    follows: str = ""


@frozen
class Fix:
    """What belongs together: all of it is done, or nothing; `title` says what it does: "adds ..."."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]
    creates: tuple[NewFile, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """Every file that it changes or creates."""
        return frozenset((*(edit.path for edit in self.edits), *(new.path for new in self.creates)))
