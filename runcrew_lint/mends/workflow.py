"""Mends of GitHub workflows as a whole."""

from __future__ import annotations

import re

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Mapping
from runcrew_lint.mends.text import line_end
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.text import Source, Span

_TOKEN = re.compile(
    r"github[_.]token|secrets\s*:\s*inherit|toJSON\(\s*(?:github|secrets)\s*\)", re.IGNORECASE
)


def restrict_token(_request: MendRequest, source: Source) -> Fix | None:
    """Lets the workflow's token read the code and nothing else, said before `jobs` and its comments.

    Refused where the file mentions the token anywhere, has permissions already, or is no block mapping.
    """
    if _TOKEN.search(source.text):
        return None
    try:
        root = source.derive(yaml.parse)
    except Unreadable:
        return None
    jobs = root.entry("jobs") if isinstance(root, Mapping) else None
    if jobs is None or not isinstance(root, Mapping) or root.entry("permissions"):
        return None
    position = source.position(jobs.key.span.start)
    if position.column != 1 or source.text[root.span.start] == "{":
        return None
    line = position.line
    while line > 1 and source.line(line - 1).startswith("#"):
        line -= 1
    at, end = source.offset(line), line_end(source)
    gap = end if line > 1 and not source.line(line - 1).strip() else ""
    text = f"permissions:{end}  contents: read{end}{gap}"
    return Fix(
        "gives the token `contents: read` alone", Safety.SAFE, (Edit(source.path, Span(at, at), text),)
    )
