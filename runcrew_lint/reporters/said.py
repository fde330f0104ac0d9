"""What the formats for people say alike."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.model.finding import Finding, Region
from runcrew_lint.model.mend import Safety

FLAGS = {Safety.SAFE: "--fix", Safety.UNSAFE: "--fix --unsafe-fixes"}


def where(region: Region) -> str:
    """`path:line:column`, which terminals and editors open."""
    return f"{region.path}:{region.start.line}:{region.start.column}"


def notes(finding: Finding) -> Iterator[tuple[str, str]]:
    """The lines under a finding, as label and text: its own notes, what to do, and its fix."""
    yield from finding.notes
    yield "help", finding.help
    if finding.offered:
        yield (
            "fix",
            f"`{FLAGS[finding.offered.safety]}` {finding.offered.title} ({finding.offered.safety.value})",
        )
    elif finding.fix:
        yield "fix", f"none is made: {finding.held} has this revision, and databases have run it"


def counted(number: int, word: str) -> str:
    """`1 error`, `1,204 errors`; of infos there is no plural."""
    plural = word if word == "info" or number == 1 else f"{word}s"
    return f"{number:,} {plural}"
