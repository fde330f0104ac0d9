"""What tells one finding from another in a service that keeps reports of several runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache

from runcrew_lint.digests import blake2b
from runcrew_lint.model.finding import Finding
from runcrew_lint.text import Source


def identities(findings: Iterable[Finding], sources: Callable[[str], Source | None]) -> list[str]:
    """One a finding: its rule, its file and the words of its first line, and which of those it is.

    Lines that move keep theirs, as does a line that is indented otherwise.
    """

    @cache  # thousands may stand on one line, of megabytes
    def words(path: str, line: int) -> str:
        source = sources(path)
        return " ".join(source.line(line).split()) if source else ""

    seen: Counter[tuple[str, str, str]] = Counter()
    begun = cache(_begun)
    made = []
    for finding in findings:
        told = (finding.rule, finding.path, words(finding.path, finding.line))
        digest = begun(*told).copy()
        digest.update(str(seen[told]).encode())
        made.append(digest.hexdigest())
        seen[told] += 1
    return made


def _begun(*told: str) -> blake2b:
    return blake2b("\0".join((*told, "")).encode(errors="surrogatepass"), digest_size=16)
