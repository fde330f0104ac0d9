"""What tells one finding from another in a service that keeps reports of several runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from runcrew_lint.digests import blake2b
from runcrew_lint.model.finding import Finding
from runcrew_lint.text import Source


def identities(findings: Iterable[Finding], sources: Callable[[str], Source | None]) -> list[str]:
    """One a finding: its rule, its file and the words of its first line, and which of those it is.

    Lines that move keep theirs, as does a line that is indented otherwise.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    made = []
    for finding in findings:
        source = sources(finding.path)
        line = " ".join(source.line(finding.line).split()) if source else ""
        told = (finding.rule, finding.path, line)
        said = "\0".join((*told, str(seen[told]))).encode(errors="surrogatepass")
        made.append(blake2b(said, digest_size=16).hexdigest())
        seen[told] += 1
    return made
