"""Makes the fixes of a report, round after round, until none is left: in memory first, then on disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from importlib import import_module
from pathlib import Path

from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.mend import apply, bytes_of, text_of
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.engine.survey import Passed
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Fix, Safety
from runcrew_lint.text import Source

MAX_ROUNDS = 10  # fixes that provoke each other for longer than this are a fault of ours
_FORMATS = {
    "python": r"[^/]+\.pyi?",
    "yaml": r"[^/]+\.ya?ml",
    "json": r"[^/]+\.json",
    "toml": r"[^/]+\.toml",
    "dockerfile": r"(?:[^/]+\.)?(?:Docker|Container)file(?:\.[^/]+)?",
    "nginx": r"[^/]+\.(?:conf|nginx)",
}


@dataclass(frozen=True, slots=True)
class Mended:
    """What the fixes made of a repository.

    Arguments:
        contents: the new contents by path; `originals` the old ones.
        before: the run that the fixes are from; `outcome` the one after them, with what is left.
    """

    contents: dict[str, bytes]
    originals: dict[str, bytes]
    fixes: tuple[Fix, ...]
    before: Outcome
    outcome: Outcome


def mend(request: Request, *, unsafe: bool) -> Mended:
    """Every safe fix of the findings, and with `unsafe` every fix, made in memory to a fixpoint.

    A fix after which a file no longer reads is not made; a file whose fixes come to no end keeps its
    text.
    """
    contents: dict[str, bytes] = {}
    originals: dict[str, bytes] = {}
    made: dict[str, list[Fix]] = {}
    restless: set[str] = set()
    before = outcome = run(request)
    for round in range(2 * MAX_ROUNDS):
        changed = dict(_round(_wanted(outcome, unsafe=unsafe), outcome, restless))
        if not changed:
            break
        if round == MAX_ROUNDS:
            restless |= set(changed)
        for path, (content, fixes) in changed.items():
            originals.setdefault(path, outcome.content(path))
            contents[path] = content
            made.setdefault(path, []).extend(fixes)
        for path in restless.intersection(contents):
            del contents[path], made[path]
        outcome = run(replace(request, overlay=dict(contents)))
    all_made = tuple(fix for each in made.values() for fix in each)
    return Mended(contents, {path: originals[path] for path in contents}, all_made, before, outcome)


def _wanted(outcome: Outcome, *, unsafe: bool) -> list[Fix]:
    found = (finding.fix for finding in outcome.report.findings)
    return [fix for fix in found if fix and (unsafe or fix.safety is Safety.SAFE)]


def _round(
    fixes: list[Fix], outcome: Outcome, restless: set[str]
) -> Iterator[tuple[str, tuple[bytes, list[Fix]]]]:
    """New contents by path with the fixes that were made; a fix lies in one file."""
    for path in sorted({edit.path for fix in fixes for edit in fix.edits} - restless):
        before = outcome.content(path)
        text = text_of(before)
        here = [fix for fix in fixes if {edit.path for edit in fix.edits} == {path}]
        if text is not None:
            mended, made = _mended(path, text, here)
            if mended != text:
                yield path, (bytes_of(mended, like=before), made)


def _mended(path: str, text: str, fixes: list[Fix]) -> tuple[str, list[Fix]]:
    """The text with its fixes; where they break it, with those that each leave it readable."""
    mended, made = apply(text, fixes, path)
    if _reads(path, mended) or not _reads(path, text):
        return mended, made
    mended, made = text, []
    for fix in fixes:
        tried, done = apply(text, [*made, fix], path)
        if fix in done and _reads(path, tried):
            mended, made = tried, done
    return mended, made


def _reads(path: str, text: str) -> bool:
    """Whether a text parses in the format that its path says."""
    for module, names in _FORMATS.items():
        if re.fullmatch(f"(?:.*/)?(?:{names})", path, re.IGNORECASE | re.DOTALL):
            try:
                import_module(f"runcrew_lint.documents.{module}").parse(Source(path, text))
            except Unreadable:
                return False
    return True


def diff(mended: Mended) -> Iterator[str]:
    """What the fixes change, as `git apply` takes it; a hunk with a veiled secret is for reading alone."""
    for path in sorted(mended.contents):
        before, after = (
            re.findall(r"[^\n]*\n|[^\n]+", _veiled(content, outcome.sources(path)))
            for content, outcome in (
                (mended.originals[path], mended.before),
                (mended.contents[path], mended.outcome),
            )
        )
        for line in unified_diff(before, after, _named("a/", path), _named("b/", path)):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _veiled(content: bytes, shown: Source | None) -> str:
    """A file's text as a report shows it, behind the byte order mark that is no part of a Source."""
    text = content.decode()
    return "\ufeff" * text.startswith("\ufeff") + shown.text if shown else text


def _named(side: str, path: str) -> str:
    """A path as git writes it in a diff: quoted where it holds a control character, quote or backslash."""
    shown = re.sub(r'["\\]', r"\\\g<0>", path)
    shown = re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\{ord(found[0]):03o}", shown)
    return f'"{side}{shown}"' if shown != path else f"{side}{path}"


def write(root: Path, mended: Mended) -> tuple[Passed, ...]:
    """Writes each mended file by replacement; those that were left alone, and why."""
    disk, left = Disk(root), []
    for path, content in mended.contents.items():
        try:
            disk.replace(path, mended.originals[path], content)
        except Skipped as reason:
            left.append(Passed(path, str(reason)))
        except OSError as error:
            left.append(Passed(path, f"it can't be written: {error.strerror}"))
    return tuple(left)
