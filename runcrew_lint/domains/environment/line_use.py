"""Gradle, Ruby (fastlane) and Terraform: forms that a line tells by itself."""

from __future__ import annotations

import re

from runcrew_lint.domains.environment.facts import EnvUse, Given, Read, Way
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_RUBY = lazily(
    r"\bENV(?:\[\s{0,4}[\"'](\w{1,80})[\"']\s{0,4}\](\s{0,4}\|\|)?|\.fetch\(\s{0,4}[\"'](\w{1,80})[\"'](\s{0,4}[,)]))"
)
_GRADLE = lazily(r"\bSystem\.getenv\(\s{0,4}[\"'](\w{1,80})[\"']\s{0,4}\)(\s{0,4}\?:)?")
_VARIABLE = lazily(r"^variable\s{1,4}\"(\w{1,80})\"\s{0,4}\{([^{}]{0,2000})", re.MULTILINE)
_PAIR = lazily(r"name\s{0,4}=\s{0,4}\"([A-Z][A-Z0-9_]{1,80})\"\s{0,20},?\s{0,20}(?:value|valueFrom)\s{0,4}=")
_COMMENT = lazily(r"^[ \t]*(?:#|//|\*)")


def read(source: Source) -> EnvUse:
    """The file's reads, and what Terraform hands to the containers that it describes."""
    text = source.text
    if source.path.endswith(".tf"):
        variables = tuple(
            Read(f"TF_VAR_{found[1]}", Span(*found.span(1)), Way.TERRAFORM, "default" not in found[2])
            for found in _VARIABLE.finditer(text)
        )
        given = (
            Given(found[1], Span(*found.span(1)), Way.TERRAFORM, "production")
            for found in _PAIR.finditer(text)
        )
        return EnvUse(source.path, variables, tuple(given))
    way = Way.GRADLE if source.path.endswith((".gradle", ".kts")) else Way.RUBY
    reads = []
    for found in (_GRADLE if way is Way.GRADLE else _RUBY).finditer(text):
        group = 1 if found[1] else 3
        if not _COMMENT.match(source.line(source.position(found.start()).line)):
            defaulted = found[2] if group == 1 else "," in found[4]
            reads.append(Read(found[group], Span(*found.span(group)), way, not defaulted))
    return EnvUse(source.path, tuple(reads), ())
