"""Writes further excuses into a policy file, every other character as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from runcrew_lint.documents.tree import Mapping, Sequence, at, plain
from runcrew_lint.documents.yaml import parse
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_PLAIN = lazily(r"[A-Za-z가-힣][\w가-힣 ./()-]*[\w가-힣.)]")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def with_excuses(source: Source, more: Iterable[dict[str, Any]]) -> str | None:
    """The text of a YAML policy with these at the end of its `excuses`; None where they can't be put there.

    Errors:
        Unreadable where it is no YAML.
    """
    wanted = list(more)
    root = parse(source)
    there = at(root, "excuses")
    ends = "\r\n" if "\r\n" in source.text else "\n"
    text = source.text if source.text.endswith("\n") or not source.text else source.text + ends
    if there is None:
        lines = ["excuses:", *(line for each in wanted for line in _lines(each, "  "))]
        made = text + "".join(f"{line}{ends}" for line in lines)
    elif isinstance(there, Sequence) and there.items:
        first, last = there.items[0].span.start, there.items[-1].span.end
        indent, dash, _ = source.text[source.text.rfind("\n", 0, first) + 1 : first].partition("- ")
        end = text.find("\n", max(last - 1, first)) + 1
        if not dash or indent.strip() or not end:
            return None
        made = (
            text[:end]
            + "".join(f"{line}{ends}" for each in wanted for line in _lines(each, indent))
            + text[end:]
        )
    else:
        return None
    before: dict[str, Any] = plain(root) or {}
    asked = {**before, "excuses": [*before.get("excuses", ()), *wanted]}
    now = parse(Source(source.path, made))
    return made if isinstance(now, Mapping) and plain(now) == asked else None


def _lines(excuse: dict[str, Any], indent: str) -> list[str]:
    said = [f"{key}: {_written(value)}" for key, value in excuse.items()]
    return [f"{indent}{'- ' if at == 0 else '  '}{line}" for at, line in enumerate(said)]


def _written(value: Any) -> str:
    """A value in YAML on one line: JSON's form where plain words could mean something else."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    return json.dumps(value, ensure_ascii=False)
