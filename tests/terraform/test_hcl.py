"""The reader of Terraform's language: its values and places, and a second implementation beside it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.documents import hcl
from runcrew_lint.documents.hcl import Block, Kind, Value
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source
from tests.bounded import must_end

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

VALUES = [
    ('"a b"', (Kind.TEXT, "a b")),
    ('""', (Kind.TEXT, "")),
    ("7", (Kind.NUMBER, "7")),
    ("true", (Kind.BOOL, "true")),
    ("null", (Kind.NULL, "null")),
    ("var.x", (Kind.EXPRESSION, "var.x")),
    ('"a${var.x}"', (Kind.EXPRESSION, '"a${var.x}"')),
    ("a ? b : c", (Kind.EXPRESSION, "a ? b : c")),
    ('file("x")', (Kind.EXPRESSION, 'file("x")')),
    ("<<EOT\nhello\nEOT\n", (Kind.TEXT, "hello")),
    ('[1, "b", var.c]', [(Kind.NUMBER, "1"), (Kind.TEXT, "b"), (Kind.EXPRESSION, "var.c")]),
    (
        '{ a = 1, "b" = 2, c : 3 }',
        {"a": (Kind.NUMBER, "1"), "b": (Kind.NUMBER, "2"), "c": (Kind.NUMBER, "3")},
    ),
    ("jsonencode([{ a = 1 }])", [{"a": (Kind.NUMBER, "1")}]),
    ("toset([])", []),
]


def _plain(value: Value) -> Any:
    if value.kind is Kind.LIST:
        return [_plain(each) for each in value.items]
    if value.kind is Kind.OBJECT:
        return {key: _plain(each) for key, each in zip(value.keys, value.items, strict=True)}
    return (value.kind, value.text.strip())


@pytest.mark.parametrize(("written", "expected"), VALUES)
def test_values(written: str, expected: Any) -> None:
    (block,) = hcl.parse(Source("a.tf", f"locals {{\n  x = {written}\n}}\n"))
    assert _plain(block.attributes[0].value) == expected


def test_places_are_characters() -> None:
    text = '# 한국어 설명\nresource "aws_x" "이름" {\n  name = "값" # c\n  inner {\n    a = 1\n  }\n}\n'
    (block,) = hcl.parse(Source("a.tf", text))
    assert text[slice(*block.head)] == 'resource "aws_x" "이름"'
    assert text[slice(*block.attributes[0].value.span)] == '"값"'
    assert text[slice(*block.span)].endswith("}")
    assert [each.labels for each in (block, *block.inner("inner"))] == [("aws_x", "이름"), ()]


def test_dynamic_blocks_are_blocks() -> None:
    inner = 'dynamic "ingress" {\n    for_each = var.x\n    content {\n      a = 1\n    }\n  }'
    text = f'resource "a" "b" {{\n  {inner}\n}}\n'
    (block,) = hcl.parse(Source("a.tf", text))
    assert [each.attributes[0].name for each in block.inner("ingress")] == ["a"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("resource {", 1),
        ("a = 1\nb = \n", 2),
        ("x y z\n", 1),
        ("{{ if .Values }}\n", 1),
        ('a "b" {\n  c = [1,\n}\n', 2),
    ],
)
def test_what_is_refused(text: str, line: int) -> None:
    source = Source("a.tf", text)
    with pytest.raises(Unreadable) as caught:
        hcl.parse(source)
    assert abs(source.position(caught.value.span.start).line - line) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5_000,
        "a = " + "[" * 5_000 + "]" * 5_000 + "\n",
        "a = 1\n" * 20_000,
        "a {\n" * 3_000 + "}\n" * 3_000,
    ],
    ids=["open", "deep", "long", "blocks"],
)
def test_odd_input_comes_to_an_end(text: str) -> None:
    with must_end(), contextlib.suppress(Unreadable):
        hcl.parse(Source("a.tf", text))


hcl2: Any = pytest.importorskip("hcl2", reason="python-hcl2 is not installed")


def _ours(blocks: tuple[Block, ...]) -> Any:
    found: list[Any] = []
    for block in blocks:
        names = sorted(each.name for each in block.attributes)
        texts = sorted(
            (each.name, each.value.text)
            for each in block.attributes
            if each.value.kind in (Kind.NUMBER, Kind.BOOL)
            or (each.value.kind is Kind.TEXT and "\\" not in each.value.text and "\n" not in each.value.text)
        )
        found.append(
            (block.kind, block.labels, names, [(name, text) for name, text in texts], _ours(block.blocks))
        )
    return sorted(found, key=repr)


def _theirs(node: dict[str, Any]) -> tuple[list[str], list[tuple[str, str]], list[Any]]:
    names, texts, blocks = [], [], []
    for key, value in node.items():
        if key.startswith("__"):
            continue
        if (
            isinstance(value, list)
            and value
            and all(isinstance(each, dict) and _is_block(each) for each in value)
        ):
            for each in value:
                labels, body = _labelled(each)
                inner = _theirs(body)
                blocks.append((key, labels, *inner))
            continue
        names.append(key)
        if isinstance(value, bool):
            texts.append((key, str(value).lower()))
        elif isinstance(value, (int, float)):
            texts.append((key, str(value)))
        elif isinstance(value, str) and value.startswith('"') and "${" not in value and "%{" not in value:
            plain = value[1:-1]
            if "\\" not in plain and "\n" not in plain and not plain.startswith("<<"):
                texts.append((key, plain))
    return sorted(names), sorted(texts), sorted(blocks, key=repr)


def _is_block(node: dict[str, Any]) -> bool:
    while "__is_block__" not in node:
        values = [value for key, value in node.items() if key.startswith('"') and isinstance(value, dict)]
        if len(node) != 1 or not values:
            return False
        node = values[0]
    return True


def _labelled(node: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    labels: list[str] = []
    while "__is_block__" not in node:
        (key,) = node
        labels.append(key.strip('"'))
        node = node[key]
    return tuple(labels), node


def _files() -> Iterator[Path]:
    """The fixtures' files, and a number of those in the folder that RUNCREW_REAL names."""
    yield from sorted(FIXTURES.rglob("*.tf"))
    real = os.environ.get("RUNCREW_REAL")
    yield from sorted(Path(real).rglob("*.tf")) if real else ()


def test_both_read_alike() -> None:
    paths = list(_files())
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        names, texts, blocks = _theirs(hcl2.loads(text))
        mine = _ours(hcl.parse(Source("a.tf", text)))
        assert (names, texts) == ([], []), path
        assert mine == blocks, path
