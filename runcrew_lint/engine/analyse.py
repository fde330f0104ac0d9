"""The map: one fact a file and kind, from the cache or from its reader."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from errno import ENOENT
from itertools import groupby
from typing import Any

from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.engine.answers import NOWHERE, Analysis, Answer, Share, Task, Trouble
from runcrew_lint.engine.bound import Bound, Reader
from runcrew_lint.engine.cache import Cache, Row, key_of
from runcrew_lint.engine.consulting import Consulting
from runcrew_lint.engine.crash import crash_line
from runcrew_lint.engine.disk import Binary, Skipped
from runcrew_lint.engine.files import Files, Unopened
from runcrew_lint.engine.kept import Kept
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.pulse import Pulse, Step, still
from runcrew_lint.engine.sift import is_ruled_out, sifted
from runcrew_lint.model.errors import NotLinted, Unreadable
from runcrew_lint.policy.model import Policy

_FEW = 200  # files that no second process is made for
Keyed = tuple[tuple[Task, bytes | None], ...]  # tasks, each with its fact's key where facts are kept


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
            jobs: how many processes may read at once; 0 for what the machine has.
            memory: the answers of earlier runs in this process.
            pulse: called before each file; what it raises ends the reading.
        """
        self._jobs, self._pulse = jobs, pulse
        self._files, self._cache, self._policy = files, cache, policy
        self._keeps = cache.is_open or memory is not None
        self._kinds: dict[str, Bound] = {}
        self._readers = readers
        self._answers: dict[tuple[str, str], Answer] = {}
        self._telling: set[str] = set()  # files with an answer: a verdict may stand in them
        self.kept = Kept(files, cache, policy, paths, memory)

    def answer(self, tasks: Iterable[Task], later: Iterable[Share] = (), *, aside: bool = False) -> Analysis:
        """A fact for each task that yields one, by path; none is made twice.

        A file's tasks come together, so that what was made of its text can go before the next one. What may
        be asked for `later`, and the file's bytes rule out, is settled while they are at hand. What is asked
        `aside` nobody hears of, and no second process is made for it.
        """
        analysis = Analysis()
        pending = sorted(self._pending(tasks), key=lambda each: each[0].path)
        asked = {task.path for task, _ in pending}
        beside: dict[str, list[Task]] = {}
        for kind, paths in later:
            for path in asked.intersection(paths):
                beside.setdefault(path, []).append(Task(kind, path))
        rows = self.kept.rows(pending)
        groups = [(path, tuple(group)) for path, group in groupby(pending, key=lambda each: each[0].path)]
        if self._jobs != 1 and len(groups) >= _FEW and not aside:
            fresh = [group for group in groups if any(key not in rows for _, key in group[1])]
            if len(fresh) >= _FEW:
                self._read_together(fresh, rows, beside)
        for at, (path, group) in enumerate(groups):
            if not aside:
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

    @property
    def heard(self) -> frozenset[str]:
        """The files that have told anything, by an answer of their own or for another's."""
        consulted = (path for path, digest in self.kept.consulted.items() if digest)
        return frozenset((*self._telling, *consulted))

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
                self.kept.forked()
                mine.clear()
            for path, group in share:
                answers = [self._answered(task, key, rows) for task, key in group]
                done = [*(task for task, _ in group), *self._settle(path, beside)]
                mine.update((task.kind.name, path) for task in done)
                self._files.release(path, whole=all(answer is None for answer in answers))

        def told() -> Any:
            answers = {named: self._answers[named] for named in mine}
            return answers, self.kept.consulted, self.kept.takers, self._cache.learnt()

        for answers, consulted, takers, learnt in together(groups, work, told, self._jobs):
            self._answers.update(answers)
            self.kept.join(consulted, takers)
            self._cache.join(learnt)

    def _answered(self, task: Task, key: bytes | None, rows: Mapping[bytes, Row]) -> Answer:
        named = (task.kind.name, task.path)
        if named not in self._answers:
            self._answers[named] = self._answer(task, key, rows.get(key) if key else None)
        return self._answers[named]

    def _pending(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, bytes | None]]:
        """The tasks that are not known to yield nothing, each with its fact's key where facts are kept."""
        if not self._keeps:
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
            kept = self.kept.answer(task, self._bound(kind), key, row) if key else None
            return kept[0] if kept else self._read(task, key)
        except Skipped as reason:
            return Trouble("file-skipped", path, NOWHERE, f"not linted: {reason}")
        except Unopened as error:
            if error.errno == ENOENT:
                return Trouble("file-skipped", path, NOWHERE, "not linted: it vanished while this ran")
            return Trouble("file-unreadable", path, NOWHERE, f"it can't be opened: {error.strerror}")
        except Exception as error:
            return Trouble("rule-crashed", path, NOWHERE, crash_line(f"the {kind.name} reader", error))

    def _read(self, task: Task, key: bytes | None) -> Answer:
        kind, path = task
        answer: Answer = None
        consulted: dict[str, str | None] = {}
        try:
            of = self._bound(kind)
            source = sifted(kind, of, self._files, path)
            if source is not None:  # most files hold few kinds: only here is anything set up
                reading = Consulting(of.settings, self.kept.digest, self._files, consulted)
                answer = of.reader(source, reading)
        except NotLinted as error:
            answer = Trouble("file-skipped", path, error.span, f"not linted: {error.message}")
        except Unreadable as error:
            answer = Trouble(kind.unreadable, path, error.span, error.message)
        except Binary:
            if not kind.sweeps:
                raise
        except ValueError as error:
            if "integer string conversion" not in str(error):
                raise
            answer = Trouble(kind.unreadable, path, NOWHERE, "it holds a number of more than 4,300 digits")
        self.kept.keep(task, self._bound(kind), key, consulted, answer)
        return answer
