"""The fixes of one round laid together: each is made whole, in every file that it touches, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from runcrew_lint.engine.mend import applied, fits
from runcrew_lint.model.mend import Edit, Fix, NewFile

Texts = Callable[[str], str | None]
Reads = Callable[[str, str], bool]


class Draft:
    """Fixes that go together, and what the files become by them.

    Of two new files in one folder the second waits for the next round, for what is new may take its place
    from what lies there; but a migration takes its place from the one that it follows: of two that follow
    the same one the second follows the first instead.
    """

    def __init__(self, texts: Texts) -> None:
        """`texts` gives a file's text; None where there is none, or none that could be written back."""
        self._texts = texts
        self._edits: dict[str, list[Edit]] = {}
        self.created: dict[str, str] = {}
        self._last: dict[tuple[str, str], NewFile] = {}  # by folder, and by what a migration follows
        self.made: list[Fix] = []
        self.asked: list[Fix] = []  # the same as they were before one was put behind another

    @property
    def changed(self) -> frozenset[str]:
        """Every file that the fixes change or create."""
        return frozenset((*self._edits, *self.created))

    def text(self, path: str) -> str | None:
        """What a file becomes."""
        if path in self.created:
            return self.created[path]
        text = self._texts(path)
        return applied(text, self._edits.get(path, ())) if text is not None else None

    def add(self, fix: Fix) -> bool:
        """Whether the fix goes with those before it; if so it is one of them now."""
        edits: dict[str, list[Edit]] = {}
        for edit in fix.edits:
            taken = edits.setdefault(edit.path, list(self._edits.get(edit.path, ())))
            text = self._texts(edit.path)
            if text is None or not fits(edit, taken, len(text)):
                return False
            taken.append(edit)
        placed = [self._placed(new) for new in fix.creates]
        created = tuple(new for new in placed if new is not None)
        if len(created) < len(placed):
            return False
        self._edits |= edits
        for new, asked in zip(created, fix.creates, strict=True):
            self.created[new.path] = new.text
            self._last[_folder(new.path), asked.follows] = new
        title = fix.title
        for new, asked in zip(created, fix.creates, strict=True):
            title = title.replace(asked.path, new.path)
        self.made.append(replace(fix, title=title, creates=created))
        self.asked.append(fix)
        return True

    def _placed(self, new: NewFile) -> NewFile | None:
        """A new file as it can be created beside those of the draft; None where it can't."""
        if self._is_taken(new.path):
            return None
        folder = _folder(new.path)
        last = self._last.get((folder, new.follows))
        if last is None:
            plain = any(each == folder and not (follows and new.follows) for each, follows in self._last)
            return None if plain else new
        if not new.follows:
            return None
        from runcrew_lint.mends.revision import behind  # where two are created, one was already

        placed = behind(new, last.name)
        if placed is None or (placed.path != new.path and self._is_taken(placed.path)):
            return None
        return placed

    def _is_taken(self, path: str) -> bool:
        return path in self.created or self._texts(path) is not None


def drafted(fixes: Iterable[Fix], texts: Texts, reads: Reads) -> Draft:
    """As many of the fixes as go together and leave every file readable that was, the first ones first."""
    draft = Draft(texts)
    wanted = [fix for fix in fixes if draft.add(fix)]
    broken = {path for path in draft.changed if _breaks(path, draft, texts, reads)}
    if not broken:
        return draft
    doubtful = [fix for fix in wanted if not broken.isdisjoint(fix.paths)]
    sure = Draft(texts)
    for fix in wanted:
        if fix not in doubtful:
            sure.add(fix)
    for fix in doubtful:
        tried = Draft(texts)
        fitting = all(tried.add(each) for each in (*sure.asked, fix))
        if fitting and not any(_breaks(path, tried, texts, reads) for path in fix.paths):
            sure = tried
    return sure


def _breaks(path: str, draft: Draft, texts: Texts, reads: Reads) -> bool:
    """Whether a file reads no more, or a new one does not read."""
    before, after = texts(path), draft.text(path)
    return after is not None and not reads(path, after) and (before is None or reads(path, before))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
