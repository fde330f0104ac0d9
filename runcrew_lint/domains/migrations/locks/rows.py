"""What a row of the lock table is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.tuples import NamedTuple

FIRST_MAJOR, LAST_MAJOR = 10, 18


class Role(StrEnum):
    """The part that a relation plays in a form; the text is how docs/locks.md heads it."""

    ON = "named relation"
    CHILD = "partitions and heirs"
    OTHER = "other side"  # what a foreign key points at, a parent, a partition, what a query reads
    DEFAULT = "default partition"
    INDEX = "index"
    WITH = "goes with it"  # what is dropped or remade along: views, sequences, tables that reference


class Grade(NamedTuple):
    """A lock mode, or none, from a major on."""

    since: int
    mode: LockMode | None


class Majors(NamedTuple):
    """Majors from the first to the last, both included."""

    first: int = FIRST_MAJOR
    last: int = LAST_MAJOR + 81  # and those to come, until a truth says otherwise

    def __contains__(self, major: object) -> bool:
        """Whether a major is one of them."""
        return isinstance(major, int) and self.first <= major <= self.last


ALWAYS = Majors()


class Row(NamedTuple):
    """What one form does.

    Arguments:
        form: its name, by which the predictor asks for it.
        example: the SQL, for the documentation.
        locks: the mode for each role, by major.
        scans: the roles whose rows are read, if they have any.
        rewrites: the roles whose rows are all computed and written anew, with every index.
        empties: the roles that get new, empty files, and so do their indexes.
        moves: the roles whose files are copied as they are.
        rebuilds: the roles whose indexes are built anew.
        autocommit: the majors on which it can't run in a transaction block.
    """

    form: str
    example: str
    locks: Mapping[Role, tuple[Grade, ...]] = MappingProxyType({})
    scans: frozenset[Role] = frozenset()
    rewrites: Mapping[Role, Majors] = MappingProxyType({})
    empties: frozenset[Role] = frozenset()
    moves: frozenset[Role] = frozenset()
    rebuilds: frozenset[Role] = frozenset()
    autocommit: Majors | None = None

    @property
    def works(self) -> bool:
        """Whether it does anything but lock."""
        return bool(self.scans or self.rewrites or self.rebuilds or self.empties or self.moves)

    def mode(self, role: Role, major: int) -> LockMode | None:
        """The lock on a role's relations, None for none."""
        found = None
        for grade in self.locks.get(role, ()):
            if grade.since <= major:
                found = grade.mode
        return found


Mode = LockMode | tuple[Grade, ...]


def row(
    form: str,
    example: str = "",
    *,
    both: Mode | None = None,
    on: Mode | None = None,
    child: Mode | None = None,
    other: Mode | None = None,
    default: Mode | None = None,
    index: Mode | None = None,
    along: Mode | None = None,
    scans: Iterable[Role] = (),
    rewrites: Iterable[Role] = (),
    rewriting: Majors = ALWAYS,
    empties: Iterable[Role] = (),
    moves: Iterable[Role] = (),
    rebuilds: Iterable[Role] = (),
    autocommit: Majors | None = None,
) -> Row:
    """A row, its modes by role: `both` is Role.ON and Role.CHILD, `along` Role.WITH."""
    given = {
        Role.ON: on or both,
        Role.CHILD: child or both,
        Role.OTHER: other,
        Role.DEFAULT: default,
        Role.INDEX: index,
        Role.WITH: along,
    }
    locks = {
        role: (Grade(FIRST_MAJOR, mode),) if isinstance(mode, LockMode) else mode
        for role, mode in given.items()
        if mode is not None
    }
    return Row(
        form,
        example,
        locks,
        frozenset(scans),
        dict.fromkeys(sorted(rewrites), rewriting),
        frozenset(empties),
        frozenset(moves),
        frozenset(rebuilds),
        autocommit,
    )


def until(before: LockMode | None, since: int, then: LockMode | None) -> tuple[Grade, ...]:
    """`before` up to the major before `since`, `then` from it on."""
    return Grade(FIRST_MAJOR, before), Grade(since, then)
