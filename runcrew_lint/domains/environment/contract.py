"""The table of every variable: where it is read, documented and given."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import field
from functools import cached_property
from itertools import chain

from runcrew_lint.domains.environment.facts import EnvFile, EnvUse, Given, Read, Way
from runcrew_lint.domains.environment.files import above, folder_of, is_data, is_env_file, is_example
from runcrew_lint.domains.environment.known import is_known
from runcrew_lint.domains.fact import Facts
from runcrew_lint.frozen import frozen, mutable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place, Span
from runcrew_lint.tuples import NamedTuple

_FOLDERS = """
test tests __tests__ spec e2e docs doc examples example benchmarks versions fixtures testdata cypress
playwright loadtest load_tests .yarn templates __mocks__
"""
_ASIDE = frozenset(_FOLDERS.split())
# Source that none of our readers reads: a variable may be read there.
_ENDINGS = """
.go .java .kt .rs .php .cs .swift .dart .ex .exs .scala .c .cc .cpp .lua .pl .vue .svelte .astro .prisma .conf
.template .j2 .ini .toml .mk Makefile Justfile justfile Procfile Caddyfile
"""
_UNREAD = tuple(_ENDINGS.split())


class ReadAt(NamedTuple):
    """A read and its file."""

    path: str
    read: Read

    @property
    def place(self) -> Place:
        """Where the name stands."""
        return Place(self.path, self.read.span)


class GivenAt(NamedTuple):
    """A value given, and its file."""

    path: str
    given: Given


class Documented(NamedTuple):
    """A line of an example."""

    path: str
    span: Span
    is_set: bool


@mutable
class Row:
    """One variable."""

    name: str
    reads: list[ReadAt] = field(default_factory=list)
    documented: list[Documented] = field(default_factory=list)
    given: list[GivenAt] = field(default_factory=list)
    local: list[str] = field(default_factory=list)  # env files that set it and are no examples

    @property
    def is_required(self) -> bool:
        """Whether nothing stands in for it at some place that reads it."""
        return any(each.read.is_open for each in self.reads)

    @property
    def environments(self) -> list[str]:
        """The environments in which something gives it a value."""
        return sorted({each.given.environment for each in self.given if each.given.environment})


@frozen
class Contract:
    """All variables by name; the examples by their folder; folders in which names are made at run time."""

    rows: dict[str, Row]
    examples: dict[str, list[EnvFile]]
    dynamic: tuple[str, ...]
    unread: tuple[str, ...]
    aside: frozenset[str]  # names that tests and documentation read

    def is_idle(self, row: Row) -> bool:
        """Whether nothing at all reads a variable."""
        return not row.reads and row.name not in self.aside

    def nearest(self, path: str) -> list[EnvFile]:
        """The examples of the nearest folder at or above a file that has one."""
        return next((self.examples[each] for each in above(folder_of(path)) if each in self.examples), [])

    def is_closed(self, folder: str) -> bool:
        """Whether every read below a folder is known, and there are some."""
        return folder in self._read and folder not in self._open

    def documents(self, example: EnvFile, name: str) -> bool:
        """Whether an example names a variable."""
        return name in self._named[example.path]

    @cached_property
    def _read(self) -> Set[str]:
        """The folders in which something is read, at whatever depth."""
        reads = (folder_of(each.path) for row in self.rows.values() for each in row.reads)
        return frozenset(chain.from_iterable(map(above, dict.fromkeys(reads))))

    @cached_property
    def _open(self) -> Set[str]:
        """The folders in which names may be read that nobody knows."""
        return frozenset(
            chain.from_iterable(above(folder_of(path)) for path in (*self.dynamic, *self.unread))
        )

    @cached_property
    def _named(self) -> dict[str, Set[str]]:
        """The names of each example."""
        return {
            each.path: frozenset(variable.name for variable in each.variables)
            for each in chain.from_iterable(self.examples.values())
        }


def contract_of(repository: Facts) -> Contract:
    """The contract of a repository; tests and documentation have their own environment, and are left out."""
    rows: dict[str, Row] = {}
    examples: dict[str, list[EnvFile]] = {}
    files = repository.policy.env_files
    for name, path, variable_span, is_set, sample in _lines(repository):
        row = rows.setdefault(name, Row(name))
        if sample:
            row.documented.append(Documented(path, variable_span, is_set))
        else:
            row.local.append(path)
    for fact in repository.facts(EnvFile):
        if is_example(fact.path, files) and not is_data(fact.path):
            examples.setdefault(folder_of(fact.path), []).append(fact)
    dynamic: list[str] = []
    aside: set[str] = set()
    for use in repository.facts(EnvUse):
        if is_aside(use.path):
            aside.update(each.name for each in use.reads)
            continue
        for read in use.reads:
            if not is_known(read.name):
                rows.setdefault(read.name, Row(read.name)).reads.append(ReadAt(use.path, read))
        for given in use.given:
            rows.setdefault(given.name, Row(given.name)).given.append(GivenAt(use.path, given))
        if use.dynamic:
            dynamic.append(use.path)
    unread = tuple(
        path for path in repository.worktree.paths if path.endswith(_UNREAD) and not is_aside(path)
    )
    return Contract(dict(sorted(rows.items())), examples, tuple(dynamic), unread, frozenset(aside))


def _lines(repository: Facts) -> Iterator[tuple[str, str, Span, bool, bool]]:
    for fact in repository.facts(EnvFile):
        sample = is_example(fact.path, repository.policy.env_files)
        if is_data(fact.path) or not (sample or is_env_file(fact.path)):
            continue
        for each in fact.variables:
            yield each.name, fact.path, each.span, each.is_set, sample


def is_aside(path: str) -> bool:
    """Whether a file is a test or a page of documentation, whose environment is nobody's."""
    *folders, file = path.split("/")
    if not _ASIDE.isdisjoint(folders):
        return True
    stem = file.lower()
    return stem.startswith(("test_", "conftest")) or any(
        mark in stem
        for mark in (".test.", ".spec.", "_test.py", ".stories.", "jest.", "vitest.", "playwright.")
    )


_TOOLS = lazily(r"(?:\A|/)\.[^/]+/")  # the folder of a tool, such as .claude/: no part of the program


def required_here(row: Row) -> list[ReadAt]:
    """The reads that need a line in an example: what a program, a script or compose can't do without.

    A script is run by a workflow or in an image as often as by a person: what these give it need not be
    documented. What an image sets by ENV is set wherever it runs.
    """
    ways = {each.given.way for each in row.given}
    if Way.IMAGE in ways:
        return []
    return [
        each
        for each in row.reads
        if each.read.is_open
        and each.read.way in (Way.PYTHON, Way.SCRIPT, Way.SHELL, Way.COMPOSE)
        and not (each.read.way is Way.SHELL and ways)
        and not _TOOLS.search(each.path)
    ]
