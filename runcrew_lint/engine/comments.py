"""Where in a file a comment may stand that excuses a line, and the text that comes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from runcrew_lint.documents.meaning import meaning
from runcrew_lint.domains.promises.forms import comment
from runcrew_lint.domains.promises.read import read
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_FIRST = lazily(r"#!|<\?xml|#[ \t]*(?:syntax|escape|check)[ \t]*=|#.*coding[:=]", re.IGNORECASE)


class Commented:
    """A file that gets comments; the lines are those of its text as it is."""

    def __init__(self, source: Source, reason: str, until: str) -> None:
        self._source = source
        self._tail = f"{f' until={until}' if until else ''} {reason}"
        self._stands: dict[int, int | None] = {}

    @property
    def takes_any(self) -> bool:
        """Whether its format has comments that we know how to write."""
        return comment(self._source.path, "") is not None and self._meaning is not None

    def stand(self, line: int) -> int | None:
        """The line above which a comment excuses this one and changes nothing: its own, or that of the block
        that it lies in; None where there is none.
        """
        if line not in self._stands:
            stands = (above for above in self._enclosing(line) if self._may_stand(above, line))
            self._stands[line] = next(stands, None)
        return self._stands[line]

    def text(self, above: Mapping[int, Iterable[str]], whole: Iterable[str]) -> str | None:
        """The text with its comments; None where it would say something else.

        Arguments:
            above: the rules that are excused, by the line that the comment heads.
            whole: the rules that are excused in all of the file.
        """
        starts = self._source.line_starts
        text, made, at = self._source.text, [], 0
        rules = sorted(set(whole))
        if rules and _FIRST.match(self._source.line(1)):
            return None
        if rules:
            made.append(self._line(1, "ignore-file", rules))
        for line in sorted(above):
            made += [text[at : starts[line - 1]], self._line(line, "ignore", sorted(set(above[line])))]
            at = starts[line - 1]
        found = "".join([*made, text[at:]])
        return found if self._means_the_same(found) else None

    def _line(self, above: int, verb: str, rules: Iterable[str]) -> str:
        line = self._source.line(above)
        indent = line[: len(line) - len(line.lstrip())]
        words = comment(self._source.path, f"runcrew-lint: {verb}[{', '.join(rules)}]{self._tail}")
        return f"{indent}{words}{self._end}"

    @property
    def _end(self) -> str:
        text = self._source.text
        return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"

    def _enclosing(self, line: int) -> Iterator[int]:
        """The line, and each one above that it is indented deeper than."""
        yield line
        depth = _depth(self._source.line(line))
        for above in range(line - 1, 0, -1):
            text = self._source.line(above)
            if text.strip() and _depth(text) < depth:
                yield above
                depth = _depth(text)

    def _may_stand(self, above: int, line: int) -> bool:
        before = self._source.line(above - 1) if above > 1 else ""
        if _FIRST.match(self._source.line(above)) or (before.endswith("\\") and self._meaning == _UNKNOWN):
            return False
        made = self.text({above: ["a-rule"]}, ())
        promises = read(Source(self._source.path, made)) if made else None
        return promises is not None and any(
            each.first <= line + 1 <= each.last for each in promises.promises if each.rules == ("a-rule",)
        )

    @cached_property
    def _meaning(self) -> Any:
        """What the file says; None where it does not read."""
        return _meaning_of(self._source)

    def _means_the_same(self, text: str) -> bool:
        return bool(_meaning_of(Source(self._source.path, text)) == self._meaning)


_UNKNOWN = ("a format that nobody here reads",)


def _meaning_of(source: Source) -> Any:
    try:
        said = meaning(source)
    except (Unreadable, SyntaxError, ValueError, RecursionError):
        return None
    return _UNKNOWN if said is None else said


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())
