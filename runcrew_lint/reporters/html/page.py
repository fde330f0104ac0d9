"""The page around its parts: masthead, contents, sections, and what style and script it brings along."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from runcrew_lint import __version__
from runcrew_lint.model.finding import Severity
from runcrew_lint.model.mend import Safety
from runcrew_lint.model.report import Report
from runcrew_lint.reporters.html.findings import Findings
from runcrew_lint.reporters.html.words import Entry, Section, code, place, plain, prose
from runcrew_lint.reporters.maps.svg import STYLE
from runcrew_lint.reporters.said import FLAGS, counted

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome


def page(outcome: Outcome) -> str:
    """The report as one HTML document."""
    report = outcome.report
    name = Path(report.root).name or "repository"
    style, script = f"{STYLE}\n{_asset('report.css')}", _asset("report.js")
    sections = list(_sections(outcome, name))
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_law(style, script)}">',
            f"<title>{plain(name)}: {_verdict(report)}</title>",
            f"<style>{style}</style>\n<script>{script}</script>\n</head>\n<body>",
            '<a class="skip" href="#main">Skip to the report</a>',
            *_masthead(report, name),
            '<div class="sheet">',
            *_contents(sections),
            '<main id="main">',
            *(line for each in sections for line in _section(each)),
            "</main></div>",
            f"<footer>runcrew-lint {plain(__version__)}. Nothing was run to make this page, "
            "and it loads nothing.</footer>",
            "</body>\n</html>\n",
        ]
    )


def _sections(outcome: Outcome, name: str) -> Iterator[Section]:
    findings = Findings(outcome)
    yield findings.section()
    portrait = outcome.portrait()
    if portrait is None:
        return
    # What draws these is not imported by a run that shows none of it.
    from runcrew_lint.reporters.html.delivery import delivery
    from runcrew_lint.reporters.html.environment import environment
    from runcrew_lint.reporters.html.timeline import timeline

    found = (delivery(portrait, name), timeline(portrait, findings), environment(portrait))
    yield from (each for each in found if each)


def _masthead(report: Report, name: str) -> Iterator[str]:
    looked = [counted(report.files, "file"), counted(report.rules, "rule"), f"policy {plain(report.policy)}"]
    held = (
        (sum(bool(each.settled) for each in report.findings), '<a href="#settled">settled</a>'),
        (report.excused - report.baselined - report.before, "excused"),
        (report.before, "there before"),
        (report.baselined, "in the baseline"),
    )
    looked += [f"{count:,} {said}" for count, said in held if count]
    yield '<header class="masthead"><p class="maker">runcrew-lint</p>'
    yield '<button type="button" class="theme" hidden>Dark</button>'
    yield f"<h1>{plain(name)}</h1>"
    yield f'<p class="verdict">{_counts(report)}</p>'
    yield f'<p class="looked">{" · ".join(looked)}</p>'
    yield from _mends(report)
    if report.notices:
        yield '<ul class="notices">'
        yield from (f"<li>{prose(each)}</li>" for each in report.notices)
        yield "</ul>"
    yield "</header>"


def _verdict(report: Report) -> str:
    found = [counted(report.count(each), each.value) for each in _graded(report)]
    return ", ".join(found) or "no findings"


def _counts(report: Report) -> str:
    said = []
    for each in _graded(report):
        number, word = counted(report.count(each), each.value).split()
        said.append(f'<span class="{each.value}"><b>{number}</b> {word}</span>')
    return " ".join(said) or '<span class="good">No findings</span>'


def _graded(report: Report) -> list[Severity]:
    return [each for each in (Severity.ERROR, Severity.WARNING, Severity.INFO) if report.count(each)]


def _mends(report: Report) -> Iterator[str]:
    fixes = [each.offered.safety for each in report.findings if each.offered]
    found = [f"{code(FLAGS[each])} mends {fixes.count(each):,}" for each in Safety if each in fixes]
    if found:
        yield f'<p class="looked">{"; ".join(found)}</p>'


def _contents(sections: Iterable[Section]) -> Iterator[str]:
    yield '<nav aria-label="Contents"><ol>'
    for section in sections:
        parts = "".join(f"<li>{_link(each)}</li>" for each in section.parts)
        yield f"<li>{_link(section.entry)}{f'<ol>{parts}</ol>' if parts else ''}</li>"
    yield "</ol></nav>"


def _link(entry: Entry) -> str:
    note = f' <span class="tally">{entry.note}</span>' if entry.note else ""
    return f'<a href="#{plain(entry.anchor)}"><span>{place(entry.title)}</span>{note}</a>'


def _section(section: Section) -> Iterator[str]:
    anchor, title, _ = section.entry
    yield f'<section class="part" id="{anchor}" aria-labelledby="{anchor}-title">'
    yield f'<h2 id="{anchor}-title">{plain(title)}</h2>'
    if section.body:
        yield section.body
    else:
        yield "<p>Nothing was found.</p>"
    yield "</section>"


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").strip()


def _law(style: str, script: str) -> str:
    """A policy of the page's own: its style and its script, and nothing else, from anywhere."""
    said = (f"{kind}-src 'sha256-{_hash(text)}'" for kind, text in (("style", style), ("script", script)))
    return f"default-src 'none'; {'; '.join(said)}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
