"""What one run found, as an editor is shown it: diagnostics, fixes, words behind a place, links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    Diagnostic,
    DocumentLink,
    Hover,
    MarkupContent,
    MarkupKind,
    Position,
    PositionEncodingKind,
    Range,
)

from runcrew_lint.domains.kinds import KINDS, with_forms
from runcrew_lint.editor.actions import FIX_ALL, Desk, Takes, fix_all, quick_fix
from runcrew_lint.editor.diagnostics import diagnostic, mistake, overlapping
from runcrew_lint.editor.hover import of_finding, of_statement, statement_at
from runcrew_lint.editor.links import KINDS as LINKED
from runcrew_lint.editor.links import links_of
from runcrew_lint.editor.positions import Rulers
from runcrew_lint.editor.roots import uri_of
from runcrew_lint.editor.session import Judged, Session
from runcrew_lint.engine.fix import reads
from runcrew_lint.model.finding import Finding


class View:
    """One run of one repository; everything in it is made in the worker's thread."""

    def __init__(self, session: Session, judged: Judged, units: PositionEncodingKind | str) -> None:
        self.session, self.judged = session, judged
        self.rulers = Rulers(units, judged.written)
        rules = judged.outcome.rules if judged.outcome else {}
        self.rules = rules
        self.shown: dict[str, list[tuple[Finding, Diagnostic]]] = {path: [] for path in judged.documents}
        for finding in judged.findings:
            made = diagnostic(finding, rules, self.rulers, self.uri)
            self.shown.setdefault(finding.path, []).append((finding, made))

    def uri(self, path: str) -> str:
        """A file's address, as the editor itself writes it where it has the file open."""
        document = self.judged.documents.get(path)
        return document.uri if document else uri_of(self.session.root / path)

    def version(self, path: str) -> int | None:
        """The version of an open file that was judged."""
        document = self.judged.documents.get(path)
        return document.version if document else None

    def diagnostics(self) -> dict[str, list[Diagnostic]]:
        """By path; empty for an open file in which nothing was found."""
        found = {path: [each for _, each in pairs] for path, pairs in self.shown.items()}
        wrong = mistake(self.judged.mistake, self.session.root) if self.judged.mistake else None
        if wrong:
            found.setdefault(wrong[0], []).append(wrong[1])
        return found

    def actions(self, path: str, asked: Range, only: Sequence[str] | None, takes: Takes) -> list[CodeAction]:
        """The fixes of what a selection touches, and one for all safe ones of the file.

        Arguments:
            only: the kinds that the editor wants, None for all.
        """
        desk = Desk(takes, self.rulers, self.uri, self.version)
        found: list[CodeAction | None] = []
        if _wants(CodeActionKind.QuickFix, only):
            touched = overlapping(self.shown.get(path, ()), asked)
            found += [quick_fix(finding, shown, desk) for finding, shown in touched]
        if _wants(FIX_ALL, only):
            found.append(fix_all(path, self.judged.findings, self.judged.text, reads, desk))
        return [each for each in found if each]

    def hover(self, path: str, position: Position) -> Hover | None:
        """The rules of the findings there, and the locks of the statement.

        Errors:
            Overtaken where another change has come meanwhile.
        """
        here = list(overlapping(self.shown.get(path, ()), Range(position, position)))
        said = [of_finding(finding, self.rules) for finding, _ in here]
        span = here[0][1].range if here else None
        if _is_migration(path, self.judged.text(path) or ""):
            history, major = self.session.history(self.judged)
            statement = statement_at(history, path, self.rulers(path).offset(position), major)
            if statement:
                said.append(of_statement(statement))
                span = self.rulers(path).range(statement.place.span)
        content = MarkupContent(MarkupKind.Markdown, "\n\n---\n\n".join(said))
        return Hover(content, span) if said else None

    def links(self, path: str) -> list[DocumentLink]:
        """Where names in a file lead.

        Errors:
            Overtaken as above.
        """
        return list(self._links(path))

    def _links(self, path: str) -> Iterator[DocumentLink]:
        for link in links_of(path, self.session.glimpse(self.judged, LINKED).repository):
            place, target = link.target, self.uri(link.target.path)
            if place.span.start:
                target += f"#L{self.rulers(place.path).position(place.span.start).line + 1}"
            yield DocumentLink(self.rulers(path).range(link.span), target=target, tooltip=link.tooltip)


def _is_migration(path: str, text: str) -> bool:
    """Whether it may be one: of any other file nobody draws the history."""
    kinds = (KINDS[name] for name in with_forms(["migration"]))
    return any(
        kind.claims.match(path) and (not kind.needles or any(each.decode() in text for each in kind.needles))
        for kind in kinds
    )


def _wants(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind of action is asked for: by its name, or by that of one above it."""
    return only is None or any(kind == each or kind.startswith(f"{each}.") or not each for each in only)
