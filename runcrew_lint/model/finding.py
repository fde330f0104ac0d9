"""A fault is what a check sees; a finding is a fault under a rule's name, a severity and a policy."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.frozen import frozen
from runcrew_lint.model.mend import Fix, MendRequest
from runcrew_lint.text import Place, Position
from runcrew_lint.tuples import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs; `OFF` is a rule that speaks only when it is selected."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"

    @property
    def weight(self) -> int:
        """Greater is graver: error 3, warning 2, info 1, off 0."""
        return {"error": 3, "warning": 2, "info": 1, "off": 0}[self.value]


class Related(NamedTuple):
    """Another place that a fault rests on, and what is there."""

    place: Place
    message: str


class Note(NamedTuple):
    """One `= label: text` line under a finding, such as its lock."""

    label: str
    text: str


@frozen
class Fault:
    """What a check yields.

    Arguments:
        place: where it is.
        message: what is wrong and why it hurts here, one sentence without a full stop.
        related: the other places it rests on.
        notes: facts worth a line of their own (the lock, the table's origin).
        help: what to do, where the rule's own remedy can be said more exactly here.
        mend: the named mend that would set it right, realised only when the finding is reported.
        severity: where this fault weighs otherwise than its rule says; the policy's word still wins.
        veiled: places whose characters are secret: no report shows more of them than their preview,
            whichever finding's frame they fall into.
    """

    place: Place
    message: str
    related: tuple[Related, ...] = ()
    notes: tuple[Note, ...] = ()
    help: str = ""
    mend: MendRequest | None = None
    severity: Severity | None = None
    veiled: tuple[Place, ...] = ()


class Region(NamedTuple):
    """A place as a report gives it: positions instead of offsets."""

    path: str
    start: Position
    end: Position


class RelatedRegion(NamedTuple):
    """A related place as a report gives it."""

    region: Region
    message: str


@frozen
class Finding:
    """What is reported: one fault of one rule at one region, with its realised fix or none.

    `settled` is the default branch where it has the revision that the finding is in, and there are many of
    its rule: a person is shown one line for all of them. `held` is that branch where the fix would edit
    such a revision, and nobody has named its file.
    """

    rule: str
    family: str
    severity: Severity
    message: str
    help: str
    region: Region
    related: tuple[RelatedRegion, ...] = ()
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    settled: str = ""
    held: str = ""

    @property
    def offered(self) -> Fix | None:
        """The fix that `--fix` makes."""
        return None if self.held else self.fix

    @property
    def path(self) -> str:
        """The file it is in, POSIX, relative to the root."""
        return self.region.path

    @property
    def line(self) -> int:
        """The line it begins on, from 1."""
        return self.region.start.line
