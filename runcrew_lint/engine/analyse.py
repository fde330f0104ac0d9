"""The map: one fact a file and kind, from the cache or from its reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from importlib import import_module
from typing import Any

from runcrew_lint.domains.fact import Fact, Reading
from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.engine.cache import Cache, Row, digest_of, key_of
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.files import Files, Skipped
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source, Span

Reader = Callable[[Source, Reading], Any]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that gave no fact of a kind: unreadable, skipped, or met by a fault of ours."""

    rule: str
    path: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Task:
    """One fact that is wanted."""

    kind: FactKind
    path: str


@dataclass(slots=True)
class Analysis:
    """Every fact that was wanted, and the files that gave none."""

    facts: list[tuple[str, Fact]] = field(default_factory=list)  # kind, fact
    troubles: list[Trouble] = field(default_factory=list)

    def of(self, kind: str) -> list[Fact]:
        """The facts of one kind, by path."""
        return [fact for name, fact in self.facts if name == kind]


class _Reading:
    """What a reader may consult, with a record of it: linted files alone, so that a laptop's ignored
    files never change an answer.
    """

    def __init__(self, policy: Policy, files: Files, paths: frozenset[str]) -> None:
        self.policy, self._files, self._paths = policy, files, paths
        self.consulted: dict[str, str | None] = {}

    def consult(self, path: str) -> Source | None:
        digest = self._files.digest(path) if path in self._paths else None
        self.consulted[path] = digest.hex() if digest else None
        if digest is None:
            return None
        try:
            return self._files.source(path)
        except (OSError, Skipped, Unreadable):
            return None


class Analyst:
    """Answers tasks for one run."""

    def __init__(
        self,
        files: Files,
        cache: Cache,
        policy: Policy,
        paths: Iterable[str],
        readers: Mapping[str, Reader],
    ) -> None:
        self._files, self._cache, self._policy = files, cache, policy
        self._paths = frozenset(paths)
        self._readers = dict(readers)
        self._settings: dict[str, str] = {}

    def answer(self, tasks: Iterable[Task]) -> Analysis:
        """A fact for each task that yields one, in the order of the tasks."""
        analysis = Analysis()
        keyed = [(task, self._key(task)) for task in tasks]
        rows = self._cache.rows(key for _, key in keyed if key)
        for task, key in keyed:
            answer = self._answer(task, key, rows.get(key) if key else None)
            if isinstance(answer, Trouble):
                analysis.troubles.append(answer)
            elif answer is not None:
                analysis.facts.append((task.kind.name, answer))
        return analysis

    def _answer(self, task: Task, key: bytes | None, row: Row | None) -> Fact | Trouble | None:
        try:
            kept = self._rebuilt(task, row) if row and self._holds(row) else None
            return kept[0] if kept else self._read(task, key)
        except Unreadable as error:
            return Trouble(task.kind.unreadable, task.path, error.span, error.message)
        except Skipped as reason:
            return Trouble("file-skipped", task.path, Span(0, 0), f"not linted: {reason}")
        except OSError as error:
            said = error.strerror or str(error)
            return Trouble("file-unreadable", task.path, Span(0, 0), f"it can't be opened: {said}")
        except Exception as error:
            return Trouble("rule-crashed", task.path, Span(0, 0), crash_line(task.kind.name, error))

    def _key(self, task: Task) -> bytes | None:
        digest = self._files.digest(task.path)
        if digest is None:
            return None
        kind = task.kind
        return key_of(task.path, kind.name, kind.version, self._settings_of(kind), digest)

    def _settings_of(self, kind: FactKind) -> str:
        if kind.name not in self._settings:
            values = {name: _digestible(getattr(self._policy, name)) for name in kind.settings}
            said = json.dumps(values, sort_keys=True)
            self._settings[kind.name] = digest_of(said.encode()).hex()
        return self._settings[kind.name]

    def _holds(self, row: Row) -> bool:
        """Whether every file that the reader consulted is still what it was."""
        for path, digest in row.consulted:
            now = self._files.digest(path) if path in self._paths else None
            if (now.hex() if now else None) != digest:
                return False
        return True

    def _rebuilt(self, task: Task, row: Row) -> tuple[Fact | None] | None:
        """The stored fact in a tuple; None where the row does not rebuild and so is a miss."""
        if row.value is None:
            return (None,)
        try:
            fact: Fact = codec_of(self._fact_type(task.kind)).decode(row.value)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            return None
        return (fact,) if fact.path == task.path else None

    def _read(self, task: Task, key: bytes | None) -> Fact | None:
        content = self._files.content(task.path)
        needles = task.kind.needles
        if needles and not any(needle in content for needle in needles):
            self._store(key, {}, None)
            return None
        reading = _Reading(self._policy, self._files, self._paths)
        made: Fact | None = self._reader(task.kind)(self._files.source(task.path), reading)
        value = None if made is None else codec_of(type(made)).encode(made)
        self._store(key, reading.consulted, value)
        return made

    def _store(self, key: bytes | None, consulted: Mapping[str, str | None], value: Any) -> None:
        if key:
            self._cache.store(key, list(consulted.items()), value)

    def _reader(self, kind: FactKind) -> Reader:
        if kind.name not in self._readers:
            module, _, function = kind.reader.partition(":")
            found: Any = getattr(import_module(f"runcrew_lint.domains.{module}"), function)
            self._readers[kind.name] = found
        return self._readers[kind.name]

    def _fact_type(self, kind: FactKind) -> type:
        """The class a kind's reader returns, found in the family's facts module."""
        if kind.reader:
            family = kind.reader.split(".", 1)[0]
            found: type = getattr(import_module(f"runcrew_lint.domains.{family}.facts"), kind.fact)
            return found
        from runcrew_lint.catalogue.declarative import Shapes

        return Shapes


def _digestible(value: Any) -> Any:
    """A policy's value in a form that json.dumps orders the same way each time."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _digestible(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _digestible(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_digestible(item) for item in value]
    return value


def crash_line(who: str, error: BaseException) -> str:
    """One line on a fault of ours: who, what and where in our code, and never a value of the input's."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = ""
    if trace:
        file = trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("runcrew_lint/")[2]
        where = f" at {file}:{trace.tb_lineno}"
    return f"{who} failed with {type(error).__name__}{where}; please report it, the rest was linted"
