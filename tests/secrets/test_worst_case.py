"""No text makes the reader slow: each of these is the worst case of some pattern or loop."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bounded import must_end
from tests.secrets.reading import uses_of

SIZE = 100_000  # characters
PATHS = ["x.py", "x.ts", "x.yaml", "x.toml", "Dockerfile"]


def _times(unit: str, head: str = "") -> Callable[[int], str]:
    return lambda size: head + unit * (size // len(unit))


TEXTS = {
    "names run together": _times("password"),
    "dotted names": _times("password."),
    "white space behind names": _times("password" + " " * 200),
    "values on lines to come": _times("password:\n" + " " * 80),
    "strings that never close": _times('password="' + "a" * 50),
    "backslashes": _times("\\", 'password="'),
    "empty joins": _times('+""', 'password=""'),
    "types without a value": _times("password: " + "a<" * 30),
    "arguments": _times('"password", '),
    "blocks without a default": _times('"password" {' + " a" * 190),
    "elements without an end": _times("<password>" + "x" * 90),
    "addresses": _times("a://b:"),
    "long addresses": _times("a://" + "b" * 120 + ":" + "c" * 250),
    "keys that begin": _times("-----BEGIN PRIVATE KEY-----"),
    "base64 that begins": _times("LS0tLS1CRUdJTi"),
    "defaults in defaults": _times("${a:-", "password="),
    "fences": _times("```\npassword=x\n"),
    "tables": _times("[a]\npassword=x\n"),
    "nested mappings": _times('{"password":'),
    "aliases": _times("password: *a\n", "a: &a [x]\n"),
    "one long value": _times("aB3-", 'password="'),
    "long values": _times('password="' + "aB3xQ9" * 600 + '"\n'),
    "sums": _times("+'b'", "password='a'"),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", TEXTS)
def test_it_ends(name: str, path: str) -> None:
    with must_end():  # what is quadratic takes minutes at this size
        uses_of(path, TEXTS[name](SIZE))
