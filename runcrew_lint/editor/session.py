"""One repository under an editor: what is open in it, and what the last run found.

Runs happen in a worker thread, one at a time. A run that is overtaken by a change ends itself at its next
file or rule, and what it found is never told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from runcrew_lint.domains.migrations.history import History, history_of
from runcrew_lint.editor.positions import MARK
from runcrew_lint.engine import git
from runcrew_lint.engine.crash import crash_line
from runcrew_lint.engine.discover import work_tree
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.files import decode
from runcrew_lint.engine.glimpse import Glimpse, glimpsed
from runcrew_lint.engine.histories import READ as MIGRATIONS
from runcrew_lint.engine.mend import text_of
from runcrew_lint.engine.pulse import Step
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.finding import Finding


class Overtaken(BaseException):
    """A run whose texts are not the newest any more; no rule's own `except Exception` may swallow it."""


@frozen
class Document:
    """An open file, as the editor has it."""

    uri: str
    version: int
    text: str


@frozen
class Judged:
    """What a run found.

    Arguments:
        documents: what was open when it began, by path.
        outcome: None where `mistake` or `crash` kept it from its end.
        crash: a fault of ours, in one line; "" for none.
    """

    documents: Mapping[str, Document]
    outcome: Outcome | None = None
    mistake: SetupError | None = None
    crash: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is shown: all but what the linter has to say of itself, and what nobody may mend any more in
        a file that nobody looks at.
        """
        found = self.outcome.report.findings if self.outcome else ()
        return tuple(
            each
            for each in found
            if each.rule != "rule-crashed" and (each.path in self.documents or not each.settled)
        )

    @property
    def wrong(self) -> tuple[str, ...]:
        """Lines of a log: what the run failed by, or a rule in it."""
        found = self.outcome.report.findings if self.outcome else ()
        told = (each.message for each in found if each.rule == "rule-crashed")
        mistake = str(self.mistake) if self.mistake else ""
        return tuple(dict.fromkeys(filter(None, (mistake, self.crash, *told))))

    def text(self, path: str) -> str | None:
        """A file's text as it was judged; None where it can't be read, or could not be written back."""
        if path in self.documents:
            return self.documents[path].text.removeprefix(MARK)
        try:
            return text_of(self.outcome.content(path)) if self.outcome else None
        except (OSError, Skipped):
            return None

    def written(self, path: str) -> str | None:
        """The same as an editor shows it: an open file with its byte order mark, another in any encoding."""
        if path in self.documents:
            return self.documents[path].text
        try:
            return decode(self.outcome.content(path))[0] if self.outcome else None
        except (OSError, Skipped):
            return None


class Session:
    """A repository, or a folder that no git keeps."""

    def __init__(self, base: Request) -> None:
        """`base` is the run as the command line asks for it."""
        self.base = base
        self.documents: dict[str, Document] = {}
        self.last: Judged | None = None
        self._changes = 0
        self._fresh = -1  # what `_changes` was when the last run began
        self._typed = False  # whether anything but the disk has changed since then
        self._stirred: set[str] = set()  # what has changed on the disk since then
        self._history: tuple[Judged, History, int] | None = None

    @property
    def root(self) -> Path:
        """The folder that paths are relative to."""
        return self.base.root

    @property
    def is_fresh(self) -> bool:
        """Whether nothing has changed since the last run began."""
        return self._changes == self._fresh

    def overtake(self) -> None:
        """Ends a run that is under way."""
        self._changes += 1

    def touch(self, path: str, document: Document | None) -> None:
        """Takes the newest text of an open file; None for one that is closed."""
        if document is None:
            self.documents.pop(path, None)
        else:
            self.documents[path] = document
        self._typed = True
        self._changes += 1

    def stir(self, path: str) -> bool:
        """Notes that a file has changed on the disk; false for an open one: its text is the editor's."""
        if path in self.documents:
            return False
        self._stirred.add(path)
        self._changes += 1
        return True

    def judge(self) -> Judged:
        """Judges what is open now; in the worker thread.

        Errors:
            Overtaken where another change has come meanwhile.
        """
        begun, documents = self._changes, dict(self.documents)
        judged = self._judged(documents, begun)
        if self._changes != begun:
            raise Overtaken
        self.last, self._fresh, self._typed = judged, begun, False
        self._stirred.clear()
        return judged

    def glimpse(self, judged: Judged, kinds: Iterable[str]) -> Glimpse:
        """Facts of the texts that were judged; in the worker thread.

        Errors:
            Overtaken as above.
        """
        return glimpsed(self._request(judged.documents, self._changes), kinds)

    def history(self, judged: Judged) -> tuple[History, int]:
        """The migrations, and the major version of PostgreSQL that they run on; in the worker thread.

        Errors:
            Overtaken as above.
        """
        if self._history is None or self._history[0] is not judged:
            found = self.glimpse(judged, MIGRATIONS)
            self._history = judged, history_of(found.repository), found.policy.postgres
        return self._history[1:]

    def _request(self, documents: Mapping[str, Document], begun: int) -> Request:
        def pulse(_step: Step) -> None:
            if self._changes != begun:
                raise Overtaken

        overlay = {path: each.text.encode("utf-8", "replace") for path, each in documents.items()}
        return replace(self.base, targets=frozenset(documents), overlay=overlay, pulse=pulse)

    def _ignores(self, paths: set[str]) -> bool:
        """Whether these files are no concern of any run."""
        try:
            return paths <= git.ignored(self.root, paths, work_tree(self.root))
        except git.GitMissing:
            return False

    def _judged(self, documents: Mapping[str, Document], begun: int) -> Judged:
        if not documents:
            return Judged(documents)
        try:
            if self.last and not self._typed and self._ignores(set(self._stirred)):
                return self.last
            return Judged(documents, run(self._request(documents, begun)))
        except SetupError as error:
            return Judged(documents, mistake=error)
        except Exception as error:
            return Judged(documents, crash=crash_line("the run", error))
