"""Makes the fixes of a report, round after round, until none is left: in memory first, then on disk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from difflib import unified_diff
from functools import cache, partial
from importlib import import_module
from pathlib import Path

from runcrew_lint.engine.discover import discover
from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.draft import Draft, drafted
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.mend import applied, bytes_of, text_of
from runcrew_lint.engine.run import Outcome, Request, run
from runcrew_lint.engine.survey import Passed
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Fix, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

MAX_ROUNDS = 10  # a file whose fixes provoke each other for longer than this shows a fault of ours
_LINE_END = lazily(r"\r\n?|\n")
_FORMATS = {
    "python": r"[^/]+\.pyi?",
    "yaml": r"[^/]+\.ya?ml",
    "json": r"[^/]+\.json",
    "toml": r"[^/]+\.toml",
    "dockerfile": r"(?:[^/]+\.)?(?:Docker|Container)file(?:\.[^/]+)?",
    "nginx": r"[^/]+\.(?:conf|nginx)",
}


@frozen
class Mended:
    """What the fixes made of a repository.

    Arguments:
        contents: the new contents by path; `originals` the old ones, of the files that were there.
        before: the run that the fixes are from; `outcome` the one after them, with what is left.
    """

    contents: dict[str, bytes]
    originals: dict[str, bytes]
    fixes: tuple[Fix, ...]
    before: Outcome
    outcome: Outcome


def mend(request: Request, *, unsafe: bool, held: bool = False) -> Mended:
    """Every safe fix of the findings, and with `unsafe` every fix, made in memory to a fixpoint.

    With `held` also those that edit revisions which databases have run. A fix after which a file no longer
    reads is not made; files whose fixes come to no end keep their text, and with them those that share a
    fix with one.
    """
    contents: dict[str, bytes] = {}
    originals: dict[str, bytes] = {}
    made: list[Fix] = []
    rounds: Counter[str] = Counter()
    restless: frozenset[str] = frozenset()
    request = replace(request, memory=request.memory or Memory())  # most files are the same in every round
    before = outcome = run(request)
    while True:
        draft = _round(outcome, restless, unsafe=unsafe, held=held)
        if not draft.made:
            break
        rounds.update(draft.changed)
        for path in draft.changed:
            if path not in draft.created and path not in contents:
                originals[path] = outcome.content(path)
            contents[path] = bytes_of(
                draft.text(path) or "", like=contents.get(path, originals.get(path, b""))
            )
        made += draft.made
        tired = {path for path, times in rounds.items() if times > MAX_ROUNDS}
        if tired - restless:
            restless = _together(restless | tired, made)
            contents = {path: content for path, content in contents.items() if path not in restless}
            made = [fix for fix in made if restless.isdisjoint(fix.paths)]
        outcome = run(replace(request, overlay={**request.overlay, **contents}))
    kept = {path: content for path, content in originals.items() if path in contents}
    return Mended(contents, kept, tuple(made), before, outcome)


def _round(outcome: Outcome, restless: frozenset[str], *, unsafe: bool, held: bool) -> Draft:
    """The fixes of a report that can be made together."""
    found = (each.fix if held else each.offered for each in outcome.report.findings)
    wanted = (fix for fix in found if fix and (unsafe or fix.safety is Safety.SAFE))
    fixes = (fix for fix in wanted if restless.isdisjoint(fix.paths))
    return drafted(fixes, cache(partial(_text, outcome)), cache(reads))


def _text(outcome: Outcome, path: str) -> str | None:
    """A file's text, where it has one that can be written back."""
    try:
        return text_of(outcome.content(path))
    except (OSError, Skipped):
        return None


def _together(paths: frozenset[str], fixes: list[Fix]) -> frozenset[str]:
    """The files, and all that a fix ties to one of them."""
    while True:
        tied = paths.union(*(fix.paths for fix in fixes if not paths.isdisjoint(fix.paths)))
        if tied == paths:
            return paths
        paths = tied


def reads(path: str, text: str) -> bool:
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
        is_new = path not in mended.originals
        before, after = (
            re.findall(
                r"[^\n]*\n|[^\n]+", _veiled(content, mended.before.sources.again(outcome.sources(path)))
            )
            for content, outcome in (
                (mended.originals.get(path, b""), mended.before),
                (mended.contents[path], mended.outcome),
            )
        )
        old = "/dev/null" if is_new else _named("a/", path)
        for line in unified_diff(before, after, old, _named("b/", path)):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def changes(fix: Fix, outcome: Outcome) -> Iterator[tuple[str, list[str]]]:
    """What one fix makes of each file, for reading: its path and the hunks, secrets veiled."""
    created = {each.path: each.text for each in fix.creates}
    for path in sorted(fix.paths):
        source = outcome.sources(path)
        before, after = "", created.get(path, "")
        kept = after
        if path not in created:
            text = _text(outcome, path)
            if source is None or text is None:
                continue
            edits = [each for each in fix.edits if each.path == path]
            before, after, kept = source.text, applied(text, edits), applied(source.text, edits)
        old, new = (_LINE_END.split(each) for each in (before, outcome.sources.over(path, after, kept)))
        yield path, list(unified_diff(old, new, lineterm=""))[2:]


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
    """Writes what was mended, each file by replacement; those that were left alone, and why.

    Files that a fix ties together are written together: where one of them is not what was read any more,
    all are left alone. The new files come first, so that nothing names one that is not there.
    """
    disk, left = Disk(root), []
    _sweep(disk, root, {path.rpartition("/")[0] for path in mended.contents})
    done: set[str] = set()
    for path in mended.contents:
        if path in done:
            continue
        group = _together(frozenset({path}), list(mended.fixes))
        done |= group
        left += _written(disk, sorted(group, key=lambda each: (each in mended.originals, each)), mended)
    return tuple(left)


def _sweep(disk: Disk, root: Path, folders: set[str]) -> None:
    """Takes away what a run that was killed has left in these folders, but nothing that git tracks."""
    stale = [path for folder in sorted(folders) for path in disk.unfinished(folder)]
    if stale:
        tree = discover(root)
        for path in stale:
            if not tree.is_tracked(path):
                disk.remove(path)


def _written(disk: Disk, group: list[str], mended: Mended) -> list[Passed]:
    """Writes files that belong together; all of them are named where one can't be written."""
    try:
        for path in group:
            disk.expect(path, mended.originals.get(path))
    except Skipped as reason:
        return [Passed(path, str(reason)) for path in group]
    except OSError as error:
        return [Passed(path, f"it can't be written: {error.strerror}") for path in group]
    left = []
    for path in group:
        try:
            disk.replace(path, mended.originals.get(path), mended.contents[path])
        except Skipped as reason:
            left.append(Passed(path, str(reason)))
        except OSError as error:
            left.append(Passed(path, f"it can't be written: {error.strerror}"))
    return left
