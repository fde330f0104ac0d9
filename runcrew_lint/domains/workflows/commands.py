"""Workflow commands in scripts that GitHub has replaced by files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.tree import Mapping, Node, Scalar, walk
from runcrew_lint.domains.workflows.expression_facts import Command
from runcrew_lint.domains.workflows.scripts import stepped
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_COMMAND = lazily(r"::(set-output|save-state|set-env|add-path)(?=[ :])")
# The whole of an `echo`, in one pair of quotes or bare; what follows would be more than that.
_ECHO = lazily(
    r"(?<![\w-])echo (?P<quote>[\"']?)::(?P<name>set-output|save-state|set-env|add-path)"
    r"(?: name=(?P<key>[\w-]+))?"
    r"::(?P<value>(?:\$\{\{[^}\n]*\}\}|[^\"'\n;&|<>])*)(?P=quote)[ \t]*$",
    re.MULTILINE,
)
SWITCH = "ACTIONS_ALLOW_UNSECURE_COMMANDS"
_FILES = {"set-output": "OUTPUT", "save-state": "STATE", "set-env": "ENV", "add-path": "PATH"}


def commands(source: Source, root: Node, is_action: bool) -> Iterator[Command]:
    """Every such command, with what to write instead where the line says nothing else, and each switch that
    turns on what GitHub has switched off.
    """
    if SWITCH in source.text:
        yield from _switches(root)
    if not _COMMAND.search(source.text):
        return
    for around, step in stepped(root, is_action):
        entry = step.entry("run")
        if entry is None or not isinstance(entry.value, Scalar) or not isinstance(entry.value.value, str):
            continue
        body, script = entry.value.value, spliced(source.text, entry.value)
        whole = {each.start("name"): each for each in _ECHO.finditer(body)}
        for found in _COMMAND.finditer(body):
            echo = whole.get(found.start(1))
            plain = entry.value.style in ("", "|") and around.language != "powershell"
            if echo and plain and (echo["key"] or found[1] == "add-path"):
                span = script.span(echo.start(), echo.end())
                quote = echo["quote"] or '"'
                said = f"{echo['key']}={echo['value']}" if echo["key"] else echo["value"]
                instead = f'echo {quote}{said.rstrip()}{quote} >> "$GITHUB_{_FILES[found[1]]}"'
                yield Command(found[1], span, source.text[span.start : span.end], instead)
            else:
                yield Command(found[1], script.span(found.start(), found.end()))


def _switches(root: Node) -> Iterator[Command]:
    for node in walk(root):
        found = node.entry(SWITCH) if isinstance(node, Mapping) else None
        if found and isinstance(found.value, Scalar) and str(found.value.value).lower() == "true":
            yield Command(SWITCH, found.span)
