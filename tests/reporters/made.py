"""Reports made by hand, for the reporters' tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from runcrew_lint.engine.run import Outcome
from runcrew_lint.engine.veil import Veil
from runcrew_lint.model.finding import Fault, Finding, Note, Region, RelatedRegion, Severity
from runcrew_lint.model.mend import Edit, Fix, Safety
from runcrew_lint.model.report import Report
from runcrew_lint.model.rule import Mark, Rule, Scope
from runcrew_lint.text import Place, Position, Source, Span


class Tree:
    """A few files, and the places in them that a test points at."""

    def __init__(self, **files: str) -> None:
        """Keyword names are no paths: `a_py` is `a.py`, and one with a slash comes as a mapping."""
        self.sources = {
            name.replace("_", "."): Source(name.replace("_", "."), text) for name, text in files.items()
        }

    @classmethod
    def of(cls, files: Mapping[str, str]) -> Tree:
        """A tree by paths."""
        tree = cls()
        tree.sources = {path: Source(path, text) for path, text in files.items()}
        return tree

    def span(self, path: str, needle: str, last: str = "") -> Span:
        """The first `needle` of a file, up to and with the next `last`."""
        text = self.sources[path].text
        start = text.index(needle)
        end = text.index(last, start) + len(last) if last else start + len(needle)
        return Span(start, end)

    def region(self, path: str, needle: str, last: str = "") -> Region:
        """The same, in lines and columns."""
        span = self.span(path, needle, last)
        source = self.sources[path]
        return Region(path, source.position(span.start), source.position(span.end))

    def edit(self, path: str, needle: str, text: str) -> Edit:
        """What replaces the first `needle` of a file."""
        return Edit(path, self.span(path, needle), text)

    def outcome(
        self,
        *findings: Finding,
        notices: Iterable[str] = (),
        veiled: Iterable[Place] = (),
        rules: Mapping[str, Rule] | None = None,
        root: str = "/srv/runcrew",
    ) -> Outcome:
        """The run that ends in these findings."""
        report = Report(root, "runcrew", findings, len(self.sources), 40, notices=tuple(notices))
        faults = [Fault(place, "", veiled=(place,)) for place in veiled]
        return Outcome(
            report,
            Veil(self.sources.get, faults),
            lambda path: self.sources[path].text.encode(),
            rules or {},
        )


def finding(
    region: Region,
    message: str = "it is wrong and it hurts here",
    *,
    rule: str = "some-rule",
    severity: Severity = Severity.ERROR,
    help: str = "do it otherwise",
    related: Iterable[tuple[Region, str]] = (),
    notes: Iterable[tuple[str, str]] = (),
    fix: Fix | None = None,
) -> Finding:
    """A finding with the words that a test does not care about."""
    return Finding(
        rule=rule,
        family="some-family",
        severity=severity,
        message=message,
        help=help,
        region=region,
        related=tuple(RelatedRegion(*each) for each in related),
        notes=tuple(Note(*each) for each in notes),
        fix=fix,
    )


def point(path: str, line: int = 1, column: int = 1) -> Region:
    """A region without a character."""
    return Region(path, Position(line, column), Position(line, column))


def fix(*edits: Edit, title: str = "rewrites it", safety: Safety = Safety.SAFE) -> Fix:
    """A fix of these edits."""
    return Fix(title, safety, edits)


def rule(name: str, severity: Severity = Severity.ERROR) -> Rule:
    """A rule of the catalogue, as a run knows it."""
    return Rule(
        name=name,
        family="engine",
        severity=severity,
        mark=Mark.FACT,
        scope=Scope.ENGINE,
        reads=(),
        speaks=(),
        summary="a file that can't be read",
        remedy="save it as UTF-8",
        fix="none",
        options={},
    )
