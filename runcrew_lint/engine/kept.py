"""The answers of earlier runs: what this process remembers, and what the store holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from functools import cached_property
from typing import Any

from runcrew_lint.engine.answers import Answer, Task, Trouble
from runcrew_lint.engine.bound import Bound
from runcrew_lint.engine.cache import Cache, Row, repeated
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.memory import Memory, Remembered
from runcrew_lint.engine.seen import Seen
from runcrew_lint.policy.model import Policy


class Kept:
    """Hands out an answer while every file that its reader consulted is as it was.

    Arguments:
        consulted: what any reader has consulted, with each file's digest; None for one that is not linted.
        takers: by kind and consulted file, the files whose reader consulted it.
    """

    def __init__(
        self, files: Files, cache: Cache, policy: Policy, paths: Iterable[str], memory: Memory | None
    ) -> None:
        self._files, self._cache, self._policy, self._memory = files, cache, policy, memory
        self._paths = frozenset(paths)
        self.consulted: dict[str, str | None] = {}
        self.takers: dict[tuple[str, str], set[str]] = {}

    @cached_property
    def _seen(self) -> Seen:
        return Seen(self._policy)

    def rows(self, pending: Iterable[tuple[Task, bytes | None]]) -> dict[bytes, Row]:
        """What the store holds of the answers that this process does not remember."""
        return self._cache.rows(key for task, key in pending if key and not self._remembered(task, key))

    def answer(self, task: Task, of: Bound, key: bytes, row: Row | None) -> tuple[Answer] | None:
        """The answer of an earlier run in a tuple; None where there is none that still holds."""
        remembered = self._remembered(task, key)
        if remembered and self._stands(task, remembered.consulted):
            return (remembered.answer,)
        return self._rebuilt(task, of, key, row) if row else None

    def _remembered(self, task: Task, key: bytes) -> Remembered | None:
        return self._memory.recall(task.kind.name, task.path, key) if self._memory else None

    def _stands(self, task: Task, consulted: Mapping[str, str | None]) -> bool:
        """Whether every file that a reader consulted is as it was."""
        if any(self.digest(path) != digest for path, digest in consulted.items()):
            return False
        self._took_in(task, consulted)
        return True

    def _took_in(self, task: Task, consulted: Mapping[str, str | None]) -> None:
        """Notes what a task's answer rests on beside its own file."""
        self.consulted.update(consulted)
        for path in consulted:
            self.takers.setdefault((task.kind.name, path), set()).add(task.path)

    def _rebuilt(self, task: Task, of: Bound, key: bytes, row: Row) -> tuple[Answer] | None:
        """The stored answer; none where a consulted file has changed since, or where it does not rebuild."""
        consulted = dict(row.consulted)
        if not self._stands(task, consulted):
            return None
        answer: Answer = None
        if row.value is not None:
            try:
                if isinstance(row.value, dict):
                    answer = codec_of(Trouble).decode(row.value["trouble"])
                else:
                    answer = codec_of(of.fact_type).decode(row.value)
            except Exception:  # whatever its own constructor says of strange values
                return None
            if answer.path != task.path:
                return None
        self._remember(task, key, consulted, answer)
        return (answer,)

    def _remember(self, task: Task, key: bytes, consulted: Mapping[str, str | None], answer: Answer) -> None:
        if self._memory:
            self._memory.keep(task.kind.name, task.path, Remembered(key, consulted, answer))

    def digest(self, path: str) -> str | None:
        """A file's digest as a reader's answer depends on it; None for what is not linted."""
        digest = self._files.digest(path) if path in self._paths else None
        return digest.hex() if digest else None

    def keep(
        self, task: Task, of: Bound, key: bytes | None, consulted: Mapping[str, str | None], answer: Answer
    ) -> None:
        """Takes down what a reader has answered, for the next run where it has a key."""
        self._took_in(task, consulted)
        if key:
            self._remember(task, key, consulted, answer)
            if self._cache.is_open:
                self._store(task, of, key, consulted, answer)

    def _store(
        self, task: Task, of: Bound, key: bytes, consulted: Mapping[str, str | None], answer: Answer
    ) -> None:
        digest = self._files.digest(task.path)
        if answer is None and not consulted and digest:
            self._cache.mark_blank(task.path, digest, of.tag)
            return
        with suppress(TypeError, ValueError, RecursionError):  # a fact that is not plain is read each time
            if isinstance(answer, Trouble):
                value: Any = {"trouble": codec_of(Trouble).encode(answer)}
            else:
                value = None if answer is None else codec_of(of.fact_type).encode(answer)
            read = (task.path, *(path for path, found in consulted.items() if found))
            secrets = [each for path in read for each in self._values(path)]
            if not repeated(secrets, consulted, value):  # such a fact is read each time
                self._cache.store(key, consulted, value)

    def _values(self, path: str) -> tuple[str, ...]:
        try:
            return self._seen.values(self._files.text(path))
        except (OSError, Skipped):
            return ()

    def forked(self) -> None:
        """Begins anew what is to be handed on: this process is a fork."""
        self.consulted, self.takers = {}, {}

    def join(self, consulted: Mapping[str, str | None], takers: Mapping[tuple[str, str], Set[str]]) -> None:
        """Takes over what a fork has noted."""
        self.consulted.update(consulted)
        for taken, by in takers.items():
            self.takers.setdefault(taken, set()).update(by)
