"""Every repository that an editor has open, and the worker that judges them: debounced, one run at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from lsprotocol.types import PositionEncodingKind

from runcrew_lint.editor.roots import Roots
from runcrew_lint.editor.session import Document, Overtaken, Session
from runcrew_lint.editor.view import View
from runcrew_lint.engine.crash import crash_line
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.run import Request

T = TypeVar("T")

# Seconds without a further change before a run begins: files are opened together, letters typed in a row.
_OPENED, _TYPED = 0.05, 0.2


class Desk:
    """The sessions by root; all but the runs themselves happens in the loop's thread."""

    def __init__(self, base: Request, told: Callable[[View], None], log: Callable[[str], None]) -> None:
        """What it is set up with.

        Arguments:
            base: the run as the command line asks for it; its root is replaced.
            told: is handed what a run found, where nothing has changed since it began.
            log: takes a line for the editor's log.
        """
        self.roots = Roots()
        self.units: PositionEncodingKind | str = PositionEncodingKind.Utf16  # in which the editor counts
        self._base, self._told, self._log = base, told, log
        self._sessions: dict[Path, Session] = {}
        self._homes: dict[str, tuple[Session, str]] = {}  # of open files, by their address
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="runcrew-lint")
        self._timers: dict[Path, asyncio.TimerHandle] = {}
        self._awaited: dict[Path, asyncio.Future[View]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def opened(self, uri: str, version: int, text: str) -> None:
        """Takes a file that an editor has opened; what lies in no repository is left alone, and said."""
        located = self.roots.located(uri)
        if located is None:
            self._log(f"{uri} lies in no repository and in no folder of the workspace: it is not linted")
            return
        root, path = located
        session = self._sessions.get(root)
        if session is None:
            session = self._sessions[root] = Session(replace(self._base, root=root, memory=Memory()))
        self._homes[uri] = session, path
        session.touch(path, Document(uri, version, text))
        self._begin(session, _OPENED)

    def typed(self, uri: str, version: int, text: str) -> None:
        """Takes an open file's new text."""
        if uri in self._homes:
            session, path = self._homes[uri]
            session.touch(path, Document(uri, version, text))
            self._begin(session, _TYPED)

    def saved(self, uri: str) -> None:
        """Looks again at everything, where nobody else says what has changed on the disk."""
        if uri in self._homes:
            session, path = self._homes[uri]
            session.touch(path, session.documents[path])
            self._begin(session, _OPENED)

    def closed(self, uri: str) -> None:
        """Forgets a file: what lies on the disk counts again."""
        home = self._homes.pop(uri, None)
        if home:
            session, path = home
            session.touch(path, None)
            self._begin(session, _OPENED)

    def stirred(self, uri: str) -> None:
        """Notes that a file has changed on the disk."""
        located = self.roots.located(uri)
        session = self._sessions.get(located[0]) if located else None
        if located and session and session.stir(located[1]):
            self._begin(session, _TYPED)

    async def asked(self, uri: str, ask: Callable[[View, str], T]) -> T | None:
        """What is made of the newest texts of an open file's repository, in the worker, as soon as they are
        judged; None for a file that is not linted.

        Arguments:
            ask: is given the view and the file's path in it.
        """
        while uri in self._homes:
            session, path = self._homes[uri]
            view = await asyncio.shield(self._awaited[session.root])
            if session.is_fresh:
                with suppress(Overtaken):
                    return await asyncio.get_running_loop().run_in_executor(self._worker, ask, view, path)
        return None

    def close(self) -> None:
        """Ends what runs; whoever still asks is told nothing."""
        self._homes.clear()
        for session in self._sessions.values():
            session.overtake()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _begin(self, session: Session, delay: float) -> None:
        loop, root = asyncio.get_running_loop(), session.root
        if root not in self._awaited or self._awaited[root].done():
            self._awaited[root] = loop.create_future()
        if root in self._timers:
            self._timers[root].cancel()
        self._timers[root] = loop.call_later(delay, self._start, session)

    def _start(self, session: Session) -> None:
        task = asyncio.get_running_loop().create_task(self._judge(session))
        self._running.add(task)  # the loop itself keeps no hold on it
        task.add_done_callback(self._running.discard)

    async def _judge(self, session: Session) -> None:
        loop, awaited = asyncio.get_running_loop(), self._awaited[session.root]
        try:
            view = await loop.run_in_executor(self._worker, self._seen, session)
            if session.is_fresh and not awaited.done():
                self._told(view)
                awaited.set_result(view)
        except Overtaken:
            pass  # whatever overtook it has begun another run
        except Exception as error:
            self._log(crash_line("the server", error))
            if not awaited.done():
                awaited.set_exception(error)

    def _seen(self, session: Session) -> View:
        return View(session, session.judge(), self.units)
