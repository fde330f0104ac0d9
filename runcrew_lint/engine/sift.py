"""Most files hold few kinds of fact: by a file's bytes it is told whether a reader is asked at all."""

from __future__ import annotations

from runcrew_lint.domains.kinds import FactKind
from runcrew_lint.engine.bound import Bound
from runcrew_lint.engine.disk import SNIFFED, Binary, Skipped
from runcrew_lint.engine.files import Files, is_utf16
from runcrew_lint.text import Source

# What runs, compiles or goes by these reads bytes that are no UTF-8 as they come: none is unreadable for it.
_LENIENT = (
    ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".gitignore", ".dockerignore",
)  # fmt: skip


def sifted(kind: FactKind, of: Bound, files: Files, path: str) -> Source | None:
    """What the kind's reader is given; None for a file that can't hold one.

    Errors:
        as of Files.source.
    """
    if kind.named_alone:
        return _text_or_nothing(files, path)
    content = files.content(path)
    if not _may_hold(content, kind.needles):
        return None
    if kind.sieve and (passes := of.sieve) and not is_utf16(content):
        if content.find(0, 0, SNIFFED) >= 0:
            raise Binary
        if not passes(content):
            return None
    return files.text(path) if kind.sweeps or path.endswith(_LENIENT) else files.source(path)


def is_ruled_out(kind: FactKind, content: bytes) -> bool:
    """Whether a file of these bytes can't hold the kind, whatever its reader would say."""
    return not kind.named_alone and not _may_hold(content, kind.needles)


def _text_or_nothing(files: Files, path: str) -> Source:
    try:
        return files.text(path)
    except Skipped:
        return Source(path, "")


def _may_hold(content: bytes, needles: tuple[bytes, ...]) -> bool:
    if not needles:
        return True
    text = content.decode("utf-16", "replace").encode() if is_utf16(content) else content
    for needle in needles:  # noqa: SIM110 - asked of every file and kind, where a generator costs the most
        if needle in text:
            return True
    return False
