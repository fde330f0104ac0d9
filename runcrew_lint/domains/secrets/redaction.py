"""How much of a value may leave the file it stands in."""

from __future__ import annotations

from runcrew_lint.digests import blake2b

_KEY = b"runcrew-lint secret fingerprint 1"
_FOLD = {letter: letter + 32 for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def preview(value: str) -> str:
    """The leading characters that may be shown: one in four, four at most."""
    return value[: min(4, len(value) // 4)]


def fingerprint(value: str) -> str:
    """Six hex digits that tell equal values from different ones.

    BLAKE2 under a key of our own, so that no table of common hashes answers it, and 24 bits short, so
    that it confirms no guess: one in 16 million guesses agrees by chance.
    """
    return blake2b(value.encode(errors="surrogatepass"), key=_KEY, digest_size=3).hexdigest()


def folded(text: str) -> str:
    """The text in lower case at its own length: what folds names folds the secrets in them."""
    return text.translate(_FOLD)


def veil(value: str) -> str:
    """The value at its own length with all but its preview covered; line ends stay."""
    shown = len(preview(value))
    return value[:shown] + "".join(each if each in "\r\n" else "*" for each in value[shown:])
