"""What a certificate beside a private key says of whom the key stands for.

Source: RFC 5280 (subject, subjectAltName); nothing but the names is read, and nothing is verified.
"""

from __future__ import annotations

import base64
import binascii

from runcrew_lint.domains.fact import Reading
from runcrew_lint.patterns import lazily

_PEM = lazily(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,20000})-----END CERTIFICATE-----")
_COMMON_NAME = b"\x06\x03\x55\x04\x03"  # id-at-commonName, as DER has it; the text and its length follow
_ALTERNATIVES = b"\x06\x03\x55\x1d\x11"  # id-ce-subjectAltName
_LOCAL = frozenset((b"localhost", b"127.0.0.1", b"localhost.localdomain"))
_BESIDE = (".crt", ".cert", ".cer")


def is_of_this_machine(path: str, reading: Reading) -> bool:
    """Whether a key's certificate, of the same name beside it, is for localhost and for no other name."""
    if not path.endswith((".key", ".pem")):
        return False  # what holds a key among other things has no certificate of its name
    stem = path.rpartition(".")[0]
    for ending in _BESIDE:
        source = reading.consult(f"{stem}{ending}")
        if source is not None:
            found = _PEM.search(source.text)
            return found is not None and _names(found[1]) <= _LOCAL
    return False


def _names(body: str) -> set[bytes]:
    """The common names of subject and issuer; nothing is local where more names may be in it."""
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        return {b""}
    names: set[bytes] = set()
    for part in der.split(_COMMON_NAME)[1:]:
        names.add(part[2 : 2 + part[1]] if len(part) > 1 and part[1] < 128 else b"")
    return names if names and _ALTERNATIVES not in der else {b""}
