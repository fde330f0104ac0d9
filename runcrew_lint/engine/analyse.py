"""The map: one fact a file and kind, from the cache or from its reader."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from runcrew_lint.domains.fact import Fact
from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.engine.bound import Bound, Reader
from runcrew_lint.engine.cache import Cache, Row, key_of
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.consulting import Consulting
from runcrew_lint.engine.disk import Binary, Skipped
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.memory import Memory, Remembered
from runcrew_lint.engine.pulse import Pulse, Step, still
from runcrew_lint.engine.seen import Seen
from runcrew_lint.engine.sift import is_ruled_out, sifted
from runcrew_lint.model.errors import NotLinted, Unreadable
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple

NOWHERE = Span(0, 0)


class Trouble(NamedTuple):
    """A file that gave no fact of a kind: unreadable, skipped, or met by a fault of ours."""

    rule: str
    path: str
    span: Span
    message: str


Answer = Fact | Trouble | None


class Task(NamedTuple):
    """One fact that is wanted."""

    kind: FactKind
    path: str


class Share(NamedTuple):
    """The files that are wanted for one kind: a task each, once somebody asks."""

    kind: FactKind
    paths: Sequence[str]


def tasks_of(shares: Iterable[Share]) -> Iterator[Task]:
    """The tasks of some kinds."""
    return (Task(kind, path) for kind, paths in shares for path in paths)


Keyed = tuple[tuple[Task, bytes | None], ...]  # tasks, each with its fact's key where facts are kept


@dataclass(slots=True)
class Analysis:
    """Every fact that was wanted, by kind, and the files that gave none.

    `unread` are the files that could not be read, by the type of fact that they may hold.
    """

    facts: dict[str, list[Fact]] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Fact]:
        """The facts of one kind, by path."""
        return self.facts.get(kind, [])


class Analyst:
    """Answers tasks for one run."""

    def __init__(
        self,
        files: Files,
        cache: Cache,
        policy: Policy,
        paths: Iterable[str],
        readers: Mapping[str, Reader],
        jobs: int = 1,
        memory: Memory | None = None,
        pulse: Pulse = still,
    ) -> None:
        """What a run reads by.

        Arguments:
            jobs: how many processes may read at once.
            memory: the answers of earlier runs in this process.
            pulse: called before each file; what it raises ends the reading.
        """
        self._jobs, self._memory, self._pulse = jobs, memory, pulse
        self._files, self._cache, self._policy = files, cache, policy
        self._paths = frozenset(paths)
        self._kinds: dict[str, Bound] = {}
        self._readers = readers
        self._answers: dict[tuple[str, str], Answer] = {}
        self._telling: set[str] = set()  # files with an answer: a verdict may stand in them
        self.consulted: dict[str, str | None] = {}  # by any reader, with each file's digest
        self.takers: dict[tuple[str, str], set[str]] = {}  # by kind and consulted file, whose reader did

    def answer(self, tasks: Iterable[Task], later: Iterable[Share] = ()) -> Analysis:
        """A fact for each task that yields one, by path; none is made twice.

        A file's tasks come together, so that what was made of its text can go before the next one. What may
        be asked for `later`, and the file's bytes rule out, is settled while they are at hand.
        """
        analysis = Analysis()
        pending = sorted(self._pending(tasks), key=lambda each: each[0].path)
        asked = {task.path for task, _ in pending}
        beside: dict[str, list[Task]] = {}
        for kind, paths in later:
            for path in asked.intersection(paths):
                beside.setdefault(path, []).append(Task(kind, path))
        rows = self._cache.rows(key for task, key in pending if key and not self._remembered(task, key))
        groups = [(path, tuple(group)) for path, group in groupby(pending, key=lambda each: each[0].path)]
        if self._jobs > 1:
            fresh = [group for group in groups if any(key not in rows for _, key in group[1])]
            self._read_together(fresh, rows, beside)
        for at, (path, group) in enumerate(groups):
            self._pulse(Step("files", at, len(groups)))
            answers = [(task, self._answered(task, key, rows)) for task, key in group]
            for task, answer in answers:
                if isinstance(answer, Trouble):
                    analysis.troubles.append(answer)
                    analysis.unread.setdefault(task.kind.fact, []).append(path)
                elif answer is not None:
                    analysis.facts.setdefault(task.kind.name, []).append(answer)
            if any(answer is not None for _, answer in answers):
                self._telling.add(path)
            self._settle(path, beside)
            self._files.release(path, whole=path not in self._telling)
        return analysis

    def _settle(self, path: str, beside: Mapping[str, Sequence[Task]]) -> list[Task]:
        """Answers what else a file was to be opened for, and can't hold."""
        content = self._files.at_hand(path)
        if content is None:
            return []
        ruled_out = [task for task in beside.get(path, ()) if is_ruled_out(task.kind, content)]
        for task, key in self._pending(ruled_out):
            self._answered(task, key, {})
        return ruled_out

    def _read_together(
        self,
        groups: Sequence[tuple[str, Keyed]],
        rows: Mapping[bytes, Row],
        beside: Mapping[str, Sequence[Task]],
    ) -> None:
        """Reads files that are not known yet, where they are many; what remains is read one by one."""
        from runcrew_lint.engine.crew import together  # most runs know most files

        here, mine = os.getpid(), set[tuple[str, str]]()

        def work(share: Sequence[tuple[str, Keyed]]) -> None:
            if os.getpid() != here:
                self._cache.forked()
                self.consulted, self.takers = {}, {}
                mine.clear()
            for path, group in share:
                answers = [self._answered(task, key, rows) for task, key in group]
                done = [*(task for task, _ in group), *self._settle(path, beside)]
                mine.update((task.kind.name, path) for task in done)
                self._files.release(path, whole=all(answer is None for answer in answers))

        def told() -> Any:
            answers = {named: self._answers[named] for named in mine}
            return answers, self.consulted, self.takers, self._cache.learnt()

        for answers, consulted, takers, learnt in together(groups, work, told, self._jobs):
            self._answers.update(answers)
            self.consulted.update(consulted)
            for taken, by in takers.items():
                self.takers.setdefault(taken, set()).update(by)
            self._cache.join(learnt)

    def _answered(self, task: Task, key: bytes | None, rows: Mapping[bytes, Row]) -> Answer:
        named = (task.kind.name, task.path)
        if named not in self._answers:
            self._answers[named] = self._answer(task, key, rows.get(key) if key else None)
        return self._answers[named]

    def _pending(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, bytes | None]]:
        """The tasks that are not known to yield nothing, each with its fact's key where facts are kept."""
        if not self._cache.is_open and self._memory is None:
            yield from ((task, None) for task in tasks)
            return
        for task in tasks:
            path, digest, tag = task.path, self._files.digest(task.path), self._bound(task.kind).tag
            if digest is None:
                yield task, None
            elif not self._cache.is_blank(path, digest, tag):
                yield task, key_of(path, tag, digest)

    def _bound(self, kind: FactKind) -> Bound:
        found = self._kinds.get(kind.name)
        if found is None:
            found = self._kinds[kind.name] = Bound(kind, self._policy, self._readers.get(kind.name))
        return found

    def _answer(self, task: Task, key: bytes | None, row: Row | None) -> Answer:
        kind, path = task
        try:
            kept = self._recalled(task, key) or (self._rebuilt(task, key, row) if row else None)
            return kept[0] if kept else self._read(task, key)
        except Skipped as reason:
            return Trouble("file-skipped", path, NOWHERE, f"not linted: {reason}")
        except FileNotFoundError:
            return Trouble("file-skipped", path, NOWHERE, "not linted: it vanished while this ran")
        except OSError as error:
            said = error.strerror or str(error)
            return Trouble("file-unreadable", path, NOWHERE, f"it can't be opened: {said}")
        except Exception as error:
            return Trouble("rule-crashed", path, NOWHERE, crash_line(f"the {kind.name} reader", error))

    def _remembered(self, task: Task, key: bytes | None) -> Remembered | None:
        return self._memory.recall(task.kind.name, task.path, key) if self._memory and key else None

    def _recalled(self, task: Task, key: bytes | None) -> tuple[Answer] | None:
        """The answer of an earlier run of this process in a tuple, by the rule of `_rebuilt`."""
        found = self._remembered(task, key)
        if found is None or not self._stands(task, found.consulted):
            return None
        return (found.answer,)

    def _stands(self, task: Task, consulted: Mapping[str, str | None]) -> bool:
        """Whether every file that a reader consulted is as it was."""
        if any(self._digest(path) != digest for path, digest in consulted.items()):
            return False
        self._took_in(task, consulted)
        return True

    def _took_in(self, task: Task, consulted: Mapping[str, str | None]) -> None:
        """Notes what a task's answer rests on beside its own file."""
        self.consulted.update(consulted)
        for path in consulted:
            self.takers.setdefault((task.kind.name, path), set()).add(task.path)

    def _rebuilt(self, task: Task, key: bytes | None, row: Row) -> tuple[Answer] | None:
        """The stored answer in a tuple; None where a file that its reader consulted has changed since, or
        where it does not rebuild.
        """
        consulted = dict(row.consulted)
        if not self._stands(task, consulted):
            return None
        answer: Answer = None
        if row.value is None:
            return self._noted(task, key, consulted, answer)
        fact_type = self._bound(task.kind).fact_type
        try:
            if isinstance(row.value, dict):
                answer = codec_of(Trouble).decode(row.value["trouble"])
            else:
                answer = codec_of(fact_type).decode(row.value)
        except Exception:  # whatever its own constructor says of strange values
            return None
        return self._noted(task, key, consulted, answer) if answer.path == task.path else None

    def _noted(
        self, task: Task, key: bytes | None, consulted: Mapping[str, str | None], answer: Answer
    ) -> tuple[Answer]:
        """Remembers an answer for the next run of this process."""
        if self._memory and key:
            self._memory.keep(task.kind.name, task.path, Remembered(key, consulted, answer))
        return (answer,)

    def _digest(self, path: str) -> str | None:
        """A file's digest as a reader's answer depends on it; None for what is not linted."""
        digest = self._files.digest(path) if path in self._paths else None
        return digest.hex() if digest else None

    def _read(self, task: Task, key: bytes | None) -> Answer:
        kind, path = task
        answer: Answer = None
        consulted: dict[str, str | None] = {}
        try:
            of = self._bound(kind)
            source = sifted(kind, of, self._files, path)
            if source is not None:  # most files hold few kinds: only here is anything set up
                reading = Consulting(of.settings, self._digest, self._files, consulted)
                answer = of.reader(source, reading)
        except NotLinted as error:
            answer = Trouble("file-skipped", path, error.span, f"not linted: {error.message}")
        except Unreadable as error:
            answer = Trouble(kind.unreadable, path, error.span, error.message)
        except Binary:
            if not kind.sweeps:
                raise
        self._took_in(task, consulted)
        self._noted(task, key, consulted, answer)
        if key and self._cache.is_open:
            self._keep(task, key, answer, consulted)
        return answer

    def _repeats_a_secret(self, path: str, value: Any) -> bool:
        """Whether what would be kept holds a secret of its file: such a fact is read each time."""
        try:
            values = Seen(self._policy).values(self._files.text(path))
        except (OSError, Skipped):
            return False
        if not values:
            return False
        written = json.dumps(value, ensure_ascii=False)
        return any(each in written or json.dumps(each)[1:-1] in written for each in values)

    def _keep(self, task: Task, key: bytes, answer: Answer, consulted: Mapping[str, str | None]) -> None:
        of = self._bound(task.kind)
        digest = self._files.digest(task.path)
        if answer is None and not consulted and digest:
            self._cache.mark_blank(task.path, digest, of.tag)
            return
        with suppress(TypeError, ValueError, RecursionError):  # a fact that is not plain is read each time
            if isinstance(answer, Trouble):
                value: Any = {"trouble": codec_of(Trouble).encode(answer)}
            else:
                value = None if answer is None else codec_of(of.fact_type).encode(answer)
            if value is not None and self._repeats_a_secret(task.path, value):
                return
            self._cache.store(key, consulted, value)


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
