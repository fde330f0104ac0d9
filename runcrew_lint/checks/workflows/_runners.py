"""GitHub's own runners, by the labels that jobs ask for.

Source: docs.github.com, "GitHub-hosted runners reference", and the announcements of actions/runner-images,
as of 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Job, Text
from runcrew_lint.patterns import lazily

KNOWN = frozenset(
    (
        "ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-24.04-arm", "ubuntu-22.04-arm",
        "ubuntu-slim", "ubuntu-26.04", "ubuntu-26.04-arm", "windows-latest", "windows-2025", "windows-2022",
        "windows-2025-vs2026", "windows-11-arm", "macos-latest", "macos-15", "macos-26", "macos-15-intel",
        "macos-26-intel", "macos-latest-large", "macos-latest-xlarge", "macos-15-large", "macos-15-xlarge",
        "macos-26-large", "macos-26-xlarge",
    )
)  # fmt: skip
# Labels that no runner answers to any more: since when, and the oldest that does.
GONE: dict[str, tuple[str, str]] = {
    "ubuntu-16.04": ("September 2021", "ubuntu-24.04"),
    "ubuntu-18.04": ("April 2023", "ubuntu-24.04"),
    "ubuntu-20.04": ("April 2025", "ubuntu-24.04"),
    "windows-2016": ("April 2022", "windows-2022"),
    "windows-2019": ("June 2025", "windows-2022"),
    "macos-10.15": ("March 2023", "macos-15"),
    "macos-11": ("June 2024", "macos-15"),
    "macos-12": ("December 2024", "macos-15"),
    "macos-13": ("December 2025", "macos-15"),
    "macos-13-large": ("December 2025", "macos-15-large"),
    "macos-13-xlarge": ("December 2025", "macos-15-xlarge"),
    "macos-14": ("November 2026", "macos-15"),
    "macos-14-large": ("November 2026", "macos-15-large"),
    "macos-14-xlarge": ("November 2026", "macos-15-xlarge"),
}
# Labels whose last day is announced: that day, and what to take.
LEAVING: dict[str, tuple[str, str]] = {
    "ubuntu-22.04": ("17 April 2027", "ubuntu-24.04"),
    "ubuntu-22.04-arm": ("17 April 2027", "ubuntu-24.04-arm"),
}
_MATRIX = lazily(r"\$\{\{\s*matrix\.([\w.-]+)\s*\}\}\Z")


def labels(job: Job) -> Iterator[Text]:
    """Every label that the job may ask GitHub's runners for, those of its matrix at the matrix's key."""
    if any("self-hosted" in each.value.lower() for each in job.runs_on):
        return
    for each in job.runs_on:
        for found in from_matrix(job, each):
            if "${{" not in found.value:
                yield Text(found.value.lower(), found.span)


def from_matrix(job: Job, text: Text) -> Iterator[Text]:
    """A text, or the values of the matrix that it stands for, at the matrix's key."""
    found = _MATRIX.match(text.value.strip())
    if not found:
        yield text
        return
    name = found[1].lower()
    for axis in job.matrix:
        for key, value in (pair for cell in axis.cells for pair in cell):
            if key == name:
                yield Text(value, axis.span)
    for key, value in (pair for row in job.matrix_include for pair in row):
        if key == name:
            yield Text(value, text.span)
