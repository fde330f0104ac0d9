"""Makes the fixes of a report, round after round, until none is left: in memory first, then on disk."""

from __future__ import annotations

import ast
import codecs
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from runcrew_lint.engine.files import decode
from runcrew_lint.engine.mend import apply
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Fix, Safety
from runcrew_lint.text import Source

MAX_ROUNDS = 10  # fixes that provoke each other for longer than this are a fault of ours


@dataclass(frozen=True, slots=True)
class Mended:
    """What the fixes made of a repository: new contents by path, the fixes made, and what is left."""

    contents: dict[str, bytes]
    originals: dict[str, bytes]
    fixes: tuple[Fix, ...]
    outcome: Outcome


def mend(request: Request, *, unsafe: bool) -> Mended:
    """Every safe fix of the findings, and with `unsafe` every fix, made in memory to a fixpoint.

    A file whose mended text no longer reads keeps its text of the round before.
    """
    contents: dict[str, bytes] = {}
    originals: dict[str, bytes] = {}
    made: list[Fix] = []
    outcome = run(request)
    for _ in range(MAX_ROUNDS):
        fixes = [
            finding.fix
            for finding in outcome.report.findings
            if finding.fix and (unsafe or finding.fix.safety is Safety.SAFE)
        ]
        changed = dict(_round(fixes, outcome, made))
        if not changed:
            break
        for path in changed:
            originals.setdefault(path, outcome.content(path))
        contents.update(changed)
        outcome = run(replace(request, overlay=dict(contents)))
    return Mended(contents, originals, tuple(made), outcome)


def _round(fixes: list[Fix], outcome: Outcome, made: list[Fix]) -> Iterator[tuple[str, bytes]]:
    """New contents by path; the fixes that were made are added to `made`."""
    single = [fix for fix in fixes if len({edit.path for edit in fix.edits}) == 1]
    for path in sorted({edit.path for fix in single for edit in fix.edits}):
        before = outcome.content(path)
        mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
        text = decode(before)
        if mark + text.encode() != before:
            continue  # UTF-16, or bytes that would not come back as they were
        here = [fix for fix in single if fix.edits[0].path == path]
        mended, done = apply(text, here, path)
        if mended != text and _reads(path, mended):
            made += done
            yield path, mark + mended.encode()


def _reads(path: str, text: str) -> bool:
    """Whether a mended text still parses in its format."""
    try:
        if path.endswith(".py"):
            ast.parse(text)
        elif path.endswith((".yaml", ".yml")):
            from runcrew_lint.documents import yaml

            yaml.parse(Source(path, text))
        elif path.endswith(".json"):
            from runcrew_lint.documents import json

            json.parse(Source(path, text))
    except (SyntaxError, ValueError, Unreadable):
        return False
    return True


def diff(mended: Mended) -> Iterator[str]:
    """What the fixes change, as git shows it."""
    for path in sorted(mended.contents):
        before, after = (decode(each[path]).splitlines(keepends=True)
                         for each in (mended.originals, mended.contents))  # fmt: skip
        for line in unified_diff(before, after, f"a/{path}", f"b/{path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def write(root: Path, mended: Mended) -> None:
    """Writes each mended file by replacement: a kill leaves the old file or the new one.

    A path that leads through a link, or whose file changed since it was read, is left alone.
    """
    for path, content in mended.contents.items():
        file = root / path
        if file.resolve() == root.resolve() / path and file.read_bytes() == mended.originals[path]:
            _replace(file, content)


def _replace(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.chmod(file.stat().st_mode & 0o7777)
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
