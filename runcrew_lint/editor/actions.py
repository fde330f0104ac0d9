"""Fixes as code actions: a safe one is preferred, an unsafe one says that it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    CreateFile,
    CreateFileOptions,
    Diagnostic,
    OptionalVersionedTextDocumentIdentifier,
    Position,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from runcrew_lint.editor.positions import Rulers
from runcrew_lint.engine.draft import Reads, Texts, drafted
from runcrew_lint.frozen import frozen
from runcrew_lint.model.finding import Finding
from runcrew_lint.model.mend import Fix, Safety

FIX_ALL = "source.fixAll.runcrew-lint"
_START = Range(Position(0, 0), Position(0, 0))


@frozen
class Takes:
    """What the editor can do with an edit.

    Arguments:
        documents: it takes edits by document and version.
        creates: it makes new files.
    """

    documents: bool = True
    creates: bool = True


@frozen
class Desk:
    """What an edit is written for.

    Arguments:
        uris: a file's address, by its path.
        versions: the version of each file that is open, of which the fixes were made.
    """

    takes: Takes
    rulers: Rulers
    uris: Callable[[str], str]
    versions: Callable[[str], int | None]


def quick_fix(finding: Finding, shown: Diagnostic, desk: Desk) -> CodeAction | None:
    """The fix of a finding; None where it has none, or the editor could make but a part of it."""
    fix = finding.fix
    edit = _edit([fix], desk) if fix else None
    if fix is None or edit is None:
        return None
    safe = fix.safety is Safety.SAFE
    title = f"{fix.title[:1].upper()}{fix.title[1:]}"
    return CodeAction(
        title=f"{title} ({finding.rule})" if safe else f"Unsafe: {fix.title} ({finding.rule})",
        kind=CodeActionKind.QuickFix,
        diagnostics=[shown],
        is_preferred=safe,
        edit=edit,
    )


def fix_all(
    path: str, findings: Iterable[Finding], texts: Texts, reads: Reads, desk: Desk
) -> CodeAction | None:
    """Every safe fix of a file's findings that touches no other file: nobody saves one and changes two.

    Arguments:
        texts: a file's text as the fixes were made of it.
        reads: whether a text still parses as what its path says it is.
    """
    wanted = [
        each.fix
        for each in findings
        if each.path == path and each.fix and each.fix.safety is Safety.SAFE and each.fix.paths == {path}
    ]
    made = drafted(wanted, texts, reads).made
    edit = _edit(made, desk) if made else None
    if edit is None:
        return None
    return CodeAction(title=f"Make the safe fixes of this file ({len(made)})", kind=FIX_ALL, edit=edit)


def _edit(fixes: Sequence[Fix], desk: Desk) -> WorkspaceEdit | None:
    """Fixes that fit together, new files first: nothing then names one that is not there."""
    created = [new for fix in fixes for new in fix.creates]
    edits: dict[str, list[TextEdit]] = {}
    for edit in (edit for fix in fixes for edit in fix.edits):
        place = desk.rulers(edit.path).range(edit.span)
        edits.setdefault(edit.path, []).append(TextEdit(place, edit.text))
    if not desk.takes.documents:
        return (
            None
            if created
            else WorkspaceEdit(changes={desk.uris(path): each for path, each in edits.items()})
        )
    if created and not desk.takes.creates:
        return None
    changes: list[CreateFile | TextDocumentEdit] = []
    for new in created:
        uri = desk.uris(new.path)
        changes.append(CreateFile(uri, options=CreateFileOptions(overwrite=False, ignore_if_exists=False)))
        changes.append(_of_document(uri, None, [TextEdit(_START, new.text)]))
    changes += [_of_document(desk.uris(path), desk.versions(path), each) for path, each in edits.items()]
    return WorkspaceEdit(document_changes=changes)


def _of_document(uri: str, version: int | None, edits: Sequence[TextEdit]) -> TextDocumentEdit:
    return TextDocumentEdit(OptionalVersionedTextDocumentIdentifier(uri, version), edits)
