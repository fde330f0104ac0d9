"""What lies within base64, two deep at most; and whether bytes in it are a private key."""

from __future__ import annotations

import base64
import binascii
import re

from runcrew_lint.patterns import lazily

_BASE64 = lazily(r"(?:[A-Za-z0-9+/]{4}){3,8192}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\Z")
_SHORTEST = 16  # characters; of 12 random bytes, 1 in 140,000 is text
DEPTH = 2
_DATA = bytes.fromhex("06092a864886f70d010701")  # the object identifier of PKCS#7 `data`


def unpacked(value: str) -> str:
    """The text in a value that is base64 of text, once or twice; the value itself where it is not."""
    for _ in range(DEPTH):
        inner = _text(value)
        if inner is None:
            break
        value = inner
    return value


def _text(value: str) -> str | None:
    if len(value) < _SHORTEST or not _BASE64.match(value):
        return None
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error):
        return None
    return text if text and all(each.isprintable() or each in "\r\n\t" for each in text) else None


def is_private_key(value: str) -> bool:
    """Whether a value is a private key's DER in base64, without its PEM lines.

    PKCS#8 (RFC 5958, section 2) and PKCS#1 (RFC 8017, A.1.2) are a SEQUENCE that begins with a version,
    the INTEGER 0 or 1, and goes on with another SEQUENCE or a large INTEGER; SEC 1 with an OCTET STRING.
    """
    inside = _sequence(value)
    if inside[:2] != b"\x02\x01" or inside[2] > 1:
        return False
    return inside[3] == 0x04 or inside[3:4] == b"\x30" or (inside[3] == 0x02 and len(inside) > 100)


def is_key_store(value: str) -> bool:
    """Whether a value is a PKCS#12 store in base64: version 3, and contents of the type `data`.

    RFC 7292, section 4; what is signed with a public key instead of a password is nothing that tools write.
    """
    inside = _sequence(value)
    return inside[:4] == b"\x02\x01\x03\x30" and _DATA in inside[4:24]


def _sequence(value: str) -> bytes:
    """What a DER SEQUENCE in base64 holds, if it is as long as it says; else nothing."""
    if len(value) < 60 or not value.lstrip().startswith("M"):  # which is how a SEQUENCE begins in base64
        return b""
    body = "".join(value.split())
    if len(body) < 60 or not re.fullmatch(r"[A-Za-z0-9+/]{60,}={0,2}", body):
        return b""
    try:
        der = base64.b64decode(body + "=" * (-len(body) % 4))
    except (ValueError, binascii.Error):
        return b""
    long = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + long]) if long else der[1]
    inside = der[2 + long :]
    return inside if der[:1] == b"\x30" and length == len(inside) else b""
