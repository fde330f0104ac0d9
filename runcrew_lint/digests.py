"""BLAKE2 alone: `hashlib` loads OpenSSL beside it, which takes longer than all that a small run digests."""

from __future__ import annotations

try:
    from _blake2 import blake2b as blake2b  # what hashlib gives by this name
except ImportError:
    from hashlib import blake2b as blake2b
