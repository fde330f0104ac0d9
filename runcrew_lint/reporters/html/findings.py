"""The findings: a section a family, the gravest first, and in it what each rule has found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from runcrew_lint.engine.fix import changes
from runcrew_lint.model.finding import Finding, Severity
from runcrew_lint.reporters.excerpt import marks_of
from runcrew_lint.reporters.html.code import diff, frame
from runcrew_lint.reporters.html.search import search
from runcrew_lint.reporters.html.words import Entry, Section, code, place, plain, prose, title_of
from runcrew_lint.reporters.identity import identities
from runcrew_lint.reporters.said import counted, notes, where

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome

OPEN = 40  # findings of a report that is shown with all of them open
MOST = 60  # findings of one rule that are shown with their code
MOST_OF_ALL = 1_000  # findings that are, the gravest first
_WEIGHTS = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class Findings:
    """The findings of a report with a name for each, by which the page links to them."""

    def __init__(self, outcome: Outcome) -> None:
        found = outcome.report.findings
        names = identities(found, outcome.sources)
        self._anchors = {id(each): f"f-{name[:12]}" for each, name in zip(found, names, strict=True)}
        self._outcome = outcome
        self.shown = [each for each in found if not each.settled]
        self.settled = [each for each in found if each.settled]
        self._open = " open" if len(self.shown) <= OPEN else ""
        self._framed: set[int] = set()
        rules: Counter[str] = Counter()
        for each in sorted(self.shown, key=_weight):
            if len(self._framed) < MOST_OF_ALL and rules[each.rule] < MOST:
                self._framed.add(id(each))
                rules[each.rule] += 1

    def of(self, path: str) -> tuple[int, str]:
        """How many findings a file has, and where the gravest is."""
        found = sorted((each for each in self.shown if each.path == path), key=_weight)
        return len(found), self._anchors[id(found[0])] if found else ""

    def section(self) -> Section:
        """All of them."""
        families = sorted({each.family for each in self.shown}, key=self._gravity)
        parts = [Entry(f"family-{name}", title_of(name), f"{self._count(name):,}") for name in families]
        body = list(search({each: self._rules(each) for each in families})) if families else []
        body += map(self._family, families)
        if self.settled:
            parts.append(Entry("settled", "Settled", f"{len(self.settled):,}"))
            body += _settled(self.settled)
        return Section(Entry("findings", "Findings"), tuple(parts), "\n".join(body))

    def _rules(self, family: str) -> list[str]:
        return sorted({each.rule for each in self.shown if each.family == family})

    def _count(self, family: str) -> int:
        return sum(each.family == family for each in self.shown)

    def _gravity(self, family: str) -> tuple[object, ...]:
        counts = Counter(each.severity for each in self.shown if each.family == family)
        return (*(-counts[each] for each in _WEIGHTS), family)

    def _family(self, family: str) -> str:
        found = sorted((each for each in self.shown if each.family == family), key=lambda each: each.rule)
        rules = [list(each) for _, each in groupby(found, key=lambda each: each.rule)]
        rules.sort(key=lambda each: (min(map(_weight, each)), each[0].rule))
        return "\n".join(
            [
                f'<section class="family" id="family-{plain(family)}" data-family="{plain(family)}">',
                f'<h3>{plain(title_of(family))} <span class="tally">{tally(found)}</span></h3>',
                *(line for each in rules for line in self._rule(each)),
                "</section>",
            ]
        )

    def _rule(self, found: Sequence[Finding]) -> Iterator[str]:
        name = found[0].rule
        known = self._outcome.rules.get(name)
        about = f' <span class="about">{prose(known.summary)}</span>' if known else ""
        yield f'<section class="rule" data-rule="{plain(name)}"><h4>{code(name)}{about}</h4>'
        yield from (self._finding(each) for each in found if id(each) in self._framed)
        if rest := [each for each in found if id(each) not in self._framed]:
            yield f'<details class="rest"><summary>{len(rest):,} more of this rule</summary><ul>'
            for each in rest:
                yield f"<li {self._named(each)}>{code(where(each.region))} {prose(each.message)}</li>"
            yield "</ul></details>"
        yield "</section>"

    def _named(self, finding: Finding) -> str:
        return f'id="{self._anchors[id(finding)]}" data-severity="{finding.severity.value}"'

    def _finding(self, finding: Finding) -> str:
        weight = finding.severity.value
        return "\n".join(
            [
                f'<details class="finding" {self._named(finding)}{self._open}>'
                f'<summary><span class="severity {weight}">{weight}</span> '
                f'<span class="message">{prose(finding.message)}</span> '
                f'<span class="where">{place(where(finding.region))}</span></summary>',
                '<div class="evidence">',
                *self._frames(finding),
                "<dl>",
                *(
                    f"<div><dt>{plain(label)}</dt><dd>{prose(text)}</dd></div>"
                    for label, text in notes(finding)
                ),
                "</dl>",
                *self._changes(finding),
                "</div></details>",
            ]
        )

    def _frames(self, finding: Finding) -> Iterator[str]:
        for path, marks in marks_of(finding).items():
            source = self._outcome.sources(path)
            is_shown = source is not None and bool(source.text.strip())
            if path != finding.path:
                label = f": {prose(marks[0].label)}" if marks[0].label and not is_shown else ""
                yield f'<p class="place">{place(where(marks[0].region))}{label}</p>'
            if source is not None and is_shown:
                yield frame(source, marks)

    def _changes(self, finding: Finding) -> Iterator[str]:
        if finding.offered is None:
            return
        for path, lines in changes(finding.offered, self._outcome):
            if path != finding.path:
                yield f'<p class="place">{place(path)}</p>'
            yield diff(lines)


def tally(found: Iterable[Finding]) -> str:
    """`3 errors, 1 warning`."""
    counts = Counter(each.severity for each in found)
    return ", ".join(counted(counts[each], each.value) for each in _WEIGHTS if counts[each])


def _weight(finding: Finding) -> int:
    return -finding.severity.weight


def _settled(findings: Sequence[Finding]) -> Iterator[str]:
    """What nobody can act on any more, by severity and rule."""
    files = counted(len({each.path for each in findings}), "revision")
    yield '<section class="settled" id="settled"><h3>Settled</h3>'
    yield (
        f"<p>{counted(len(findings), 'finding')} in {files} that {plain(findings[0].settled)} has already; "
        f"{prose('`migrations.after` settles them, `--format concise` lists them')}.</p><dl>"
    )
    for severity in _WEIGHTS:
        rules = Counter(each.rule for each in findings if each.severity is severity)
        if rules:
            said = ", ".join(f"{code(rule)} {many:,}" for rule, many in rules.most_common())
            yield f'<div><dt class="severity {severity.value}">{severity.value}</dt><dd>{said}</dd></div>'
    yield "</dl></section>"
