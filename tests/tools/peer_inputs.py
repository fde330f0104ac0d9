"""The inputs of the specialists' own tests, read off a checkout of theirs: each asks one of their rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import yaml


class Input(NamedTuple):
    """A small file and the rule that it is there for.

    `name` is that of its file, with the line where that is a test; `tells` is whether the rule speaks of it,
    None where only the peer itself can say.
    """

    rule: str
    name: str
    text: str
    tells: bool | None = None


_FROM = re.compile(r"^\s*FROM\b", re.MULTILINE | re.IGNORECASE)
_STRING = re.compile(r'"((?:[^"\\]|\\.|\\\s*\n\s*\\)*)"')
_ASKED = re.compile(r'(?<!\w)ruleCatches(Not)?\s+"(DL\d+)"\s*\$?\s*')
_LINES = re.compile(r"\(?Text\.unlines\s*\$?\s*(\w*)")


def _hadolint(root: Path) -> Iterator[Input]:
    """`ruleCatches "DL3004" "RUN sudo ls"`, or the lines of a list, which may have a name."""
    for file in sorted((root / "test").rglob("DL*Spec.hs")):
        text = re.sub(r"^[ \t]*--.*$", "", file.read_text("utf-8"), flags=re.MULTILINE)
        for asked in _ASKED.finditer(text):
            written = _haskell(text, asked)
            if written is not None:
                base = "" if _FROM.search(written) else "FROM debian:12\n"
                line = text.count("\n", 0, asked.start()) + 1
                yield Input(asked[2], f"{file.name}:{line}", f"{base}{written}\n", not asked[1])


def _haskell(text: str, asked: re.Match[str]) -> str | None:
    """The text that is asked of, None where it is made in another way."""
    if one := _STRING.match(text, asked.end()):
        return _plain(one)
    lines = _LINES.match(text, asked.end())
    if not lines:
        return None
    named = [each.end() for each in re.finditer(rf"\b{lines[1]}\s*=\s*\[", text[: asked.start()])]
    at = named[-1] if lines[1] and named else text.find("[", lines.end()) + 1
    found = []
    while one := _STRING.match(text, re.compile(r"[\s,]*").match(text, at).end()):  # type: ignore[union-attr]
        found.append(_plain(one))
        at = one.end()
    return "\n".join(found) or None


def _plain(literal: re.Match[str]) -> str:
    joined = re.sub(r"\\\s*\n\s*\\", "", literal[1]).replace("\\&", "")
    return str(ast.literal_eval(f'"{joined}"'))


def _services(text: str) -> Iterator[tuple[str, str]]:
    """A file with several services as one file for each, by name.

    The whole under "" where it has one, does not parse, or its services stand on one another.
    """
    spans = _spans(text)
    if len(spans) < 2:
        yield "", text
        return
    lines = text.splitlines(keepends=True)
    for name in spans:
        others = {line for other, span in spans.items() if other != name for line in range(*span)}
        yield f"#{name}", "".join(line for number, line in enumerate(lines) if number not in others)


def _spans(text: str) -> dict[str, tuple[int, int]]:
    """The lines of each service, in block style and without anchors."""
    try:
        root = yaml.compose(text)
    except yaml.YAMLError:
        return {}
    if not isinstance(root, yaml.MappingNode) or re.search(r"(?m)(?:[:-]|^) +[&*]\w|<<:", text):
        return {}
    node = next((value for key, value in root.value if key.value == "services"), None)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return {}
    starts = [key.start_mark.line for key, _ in node.value]
    ends = [*starts[1:], node.value[-1][1].end_mark.line] if node.value else []
    return {key.value: (start, end) for (key, _), start, end in zip(node.value, starts, ends, strict=True)}


# Files that are named otherwise than the audit that they are there for.
_AUDITS = {
    "hardcoded-credentials": "hardcoded-container-credentials",
    "github_env": "github-env",
}


def _zizmor(root: Path) -> Iterator[Input]:
    """Workflows under the name of the audit that they are there for."""
    data = root / "crates" / "zizmor" / "tests" / "integration" / "test-data"
    for file in sorted(data.rglob("*.yml")):
        name = file.relative_to(data).as_posix()
        text = file.read_text("utf-8")
        if re.search(r"^jobs:", text, re.MULTILINE):
            audit = name.partition("/")[0].removesuffix(".yml")
            yield Input(_AUDITS.get(audit, audit), name, text)


def _compose_lint(root: Path) -> Iterator[Input]:
    """The texts in a rule's tests, and the files that they name, service by service."""
    for file in sorted((root / "tests").glob("test_CL*.py")):
        rule = re.sub(r"CL(\d+)", r"CL-\1", file.stem.removeprefix("test_"))
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            named = root / "tests" / "compose_files" / node.value if node.value.endswith(".yml") else None
            if named is not None and named.is_file():
                for part, its_text in _services(named.read_text("utf-8")):
                    yield Input(rule, f"{node.value}{part}", its_text)
            elif "services:\n" in node.value:
                yield Input(rule, f"{file.name}:{node.lineno}", dedent(node.value))


INPUTS: Mapping[str, Callable[[Path], Iterator[Input]]] = {
    "compose-lint": _compose_lint,
    "hadolint": _hadolint,
    "zizmor": _zizmor,
}
