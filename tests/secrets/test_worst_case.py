"""No text makes the reader slow: each of these is the worst case of some pattern or loop."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from runcrew_lint.domains.secrets.table import FORMATS
from tests.bounded import must_end
from tests.secrets.reading import uses_of

SIZE = int(os.environ.get("RUNCREW_LINT_WORST_CASE", "100000"))  # characters
PATHS = ["x.py", "x.ts", "x.yaml", "x.toml", "x.tf", "x.properties", "Dockerfile"]


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
    "tokens that begin": _times("sk-eyJghp_AKIA"),
    "tokens in pieces": _times("'+'a", "x = 'ghp_"),
    "web tokens without an end": _times("eyJ" + "a" * 400 + "."),
    "keys without PEM": _times("MC4CAQAwBQYDK2VwBCIEI"),
    "service accounts": _times('"type": "service_account", "private_key": "'),
    "encoded accounts": _times("eyJ0eXBlIjoic2VydmljZV9hY2NvdW50"),
    "Kakao without a key": _times("kakao" + "a" * 31 + " "),
    "twilio without a key": _times("twilio token = '" + "0" * 31),
    "users of addresses": _times("https://" + "a" * 64 + "@"),
    "documents in documents": _times("<<A\npassword=x\n"),
    "lines carried on": _times("a\\\n", "password="),
    "base64 in base64": _times("QUFB", 'password="'),
}


# What each format of a credential is worst at: its literal again and again, a body that is too short or never
# ends, and one in pieces.
def _beginnings(literal: str) -> dict[str, str]:
    return {
        "repeated": literal * (SIZE // len(literal)),
        "short": f"{literal}A1b2C3d4E5 " * (SIZE // (len(literal) + 11)),
        "endless": literal + "aB3-" * (SIZE // 4),
        "joined": f"x = '{literal}" + "'+'a" * (SIZE // 4),
        "long": (literal + "aB3xQ9_-" * 60 + " ") * (SIZE // (len(literal) + 481)),
    }


@pytest.mark.parametrize("literal", sorted({(each.begins or each.beside)[0] for each in FORMATS}))
def test_each_detector_ends(literal: str) -> None:
    with must_end():
        for text in _beginnings(literal).values():
            uses_of("x.ts", text)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", TEXTS)
def test_it_ends(name: str, path: str) -> None:
    with must_end():  # what is quadratic takes minutes at this size
        uses_of(path, TEXTS[name](SIZE))
