"""What a value looks like: a reference, words, a placeholder, a development value, or randomness."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from runcrew_lint.domains.secrets.language import naturalness
from runcrew_lint.domains.secrets.words import DEFAULTS, DEVELOPMENT, PLACEHOLDERS
from runcrew_lint.patterns import lazily

# The default of a shell's `${NAME:-default}`, and of Spring's `${NAME:default}`.
_DEFAULTED = lazily(r"\$\{[\w.-]+(?::[-=]?|[-=])(?![?+])([^${}]*)\}\Z")
_REFERENCE = lazily(
    r"\$\{|\$\(|\$[A-Za-z_]\w*\Z|\{\{|\}\}|<%|#\{|%\(\w+\)s|%[sdvq@]|\{[\w.\[\]:!]*\}|@@\w+@@|\[\[|@\w+@\Z"
    r"|(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|env|ENV|secrets|vars?|local|data|module"
    r"|settings|[Cc]onfig|self|this|cls|ctx|vault|ssm|op|file|sops|awskms|gcpkms|keychain|secretref)[.\[(:]"
    r"|arn:aws|projects/[^/]+/secrets/|[A-Za-z_][\w.]*+\([^()]*+\)\Z"
)
# How values begin that dotenvx and sops have encrypted; those of Jasypt, Spring Cloud and Vault look like
# references.
_CIPHERTEXT = lazily(r"encrypted:[\w+/]{40,}={0,2}\Z|ENC\[[A-Z0-9_]+,")
_FILLED = lazily(r"\$[{(]|\{\{|<%|#\{|%[(s]")
# Text that spans more than one word, or that no credential holds.
_PROSE = lazily(r"\s|[^\x21-\x7e]")
_PLAIN = lazily(
    r"(?:[-+]?[0-9.]{1,7}|true|false|yes|no|on|off|null|none|nil|undefined|optional|required|string|str)\Z",
    re.IGNORECASE,
)
_ADDRESS = lazily(r"[a-z][a-z0-9+.-]*+://|urn:|data:|[\w.-]++@[\w-]++\.\w|#[0-9a-fA-F]{3,8}\Z|[&*]\w++\Z")
_PATH = lazily(r"(?:~|\.{0,2})/|[A-Za-z]:\\|(?=[^/]*[a-z])[\w.-]++/[\w./-]++\Z")
_FILE = lazily(r"[\w./-]*\.(?:ya?ml|json|pem|key|txt|py|[jt]sx?|html?|xml|crt|p8|p12|env|md|sh|png|svg)\Z")
_CODE = lazily(r"\w\(|\w\[|=>|==|&&|\|\||</|/>|[;,]\w+[;,]|\{\w*\}|\w=\w|^[<({\[]|[>)}\]]$")
_PIECE = lazily(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
_SPLIT = lazily(r"[^A-Za-z0-9]+")
_HEX = lazily(r"[0-9a-fA-F]+\Z")
_UUID = lazily(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RUN = lazily(r"[A-Za-z0-9+/]+")
_CLASSES = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")))
# What is made from a secret and gives it away to no one: a password's hash, a checksum, an account's address.
_DERIVED = lazily(
    r"\$(?:2[abxy]?|5|6|1|argon2\w*|pbkdf2[\w-]*|scrypt|y|plaintext)\$|\{(?:S?SHA\d*|CRYPT|MD5)\}|pbkdf2[_:]|bcrypt"
    r"|sha(?:1|256|384|512)[-:]|md5[-:]|0x[0-9a-fA-F]{40}\Z|ssh-\w+ |SHA256:",
)

_PLACEHOLDER = lazily(
    r"<[^<>]*>|\*{3,}|x{4,}|\.{3}|\u2026|_{4,}|-{6,}|0{8,}|example|change-?_?me|change-?_?this|replace-?_?me"
    r"|\bto[ _-](?:be[ _-])?(?:set|filled|defined?)\b"
    "|여기에|여기|입력|생성|발급|변경|예시|비밀번호|시크릿|토큰|하세요",
    re.IGNORECASE,
)


# Letters that passwords made up by hand write as digits and marks.
_LEET = str.maketrans("0134567@$", "oleasgtas")
_GIVEAWAYS = ("password", "passwort", "supersecret", "topsecret", "notsecure", "changeme", "longrandom")


def defaulted(value: str) -> str | None:
    """The default of `${NAME:-default}`, or None where the value is nothing of the kind."""
    found = _DEFAULTED.match(value)
    return found[1] if found else None


def is_reference(value: str) -> bool:
    """Whether the value stands for one that is kept elsewhere."""
    return _REFERENCE.match(value) is not None or _FILLED.search(value) is not None


def is_ciphertext(value: str) -> bool:
    """Whether a tool has encrypted it so that it may be committed."""
    return _CIPHERTEXT.match(value) is not None


def is_text(value: str) -> bool:
    """Whether it is empty, a plain word of a format, prose, an address, a path, a hash or code.

    What base64 makes has slashes too: a path is one only where its parts read as names.
    """
    if not value or value[0] == "[" or _PROSE.search(value) or _PLAIN.match(value):
        return True
    if _ADDRESS.match(value) or _FILE.match(value) or _DERIVED.match(value):
        return True
    if _PATH.match(value) and naturalness(value) >= 0.4:
        return True
    return _CODE.search(value.rstrip("=")) is not None and (len(value) < 16 or naturalness(value) >= 0.3)


def tokens(value: str) -> list[str]:
    """The parts between marks, in lower case."""
    return [part.lower() for part in _SPLIT.split(value) if part]


def is_placeholder(value: str) -> bool:
    """Whether it asks to be replaced, in English or Korean."""
    if _PLACEHOLDER.search(value) is not None or not PLACEHOLDERS.isdisjoint(tokens(value)):
        return True
    return "changeme" in value.lower().translate(_LEET)


def is_development(value: str) -> bool:
    """Whether it says itself that it protects nothing: dev, test, `runcrew_dev`, a bare `postgres`."""
    found = tokens(value)
    if value.lower() in DEFAULTS or not DEVELOPMENT.isdisjoint(found):
        return True
    plainly = value.lower().translate(_LEET)
    if any(word in plainly for word in _GIVEAWAYS) or not DEVELOPMENT.isdisjoint(tokens(plainly)):
        return True
    if "secret" in plainly and "secret" not in value.lower():
        return True
    if not DEVELOPMENT.isdisjoint(part.rstrip("0123456789") for part in found):
        return True
    camel = (piece.lower() for piece in _PIECE.findall(value))
    return is_words(value) and not DEVELOPMENT.isdisjoint(camel)


def is_guessable(value: str) -> bool:
    """Whether it is a development value or a placeholder, and nothing that chance has made."""
    return not random(value) and (is_development(value) or is_placeholder(value))


def is_words(value: str) -> bool:
    """Whether it reads as an identifier or a phrase."""
    phrase = value.islower() and not any(each.isdigit() for each in value) and len(tokens(value)) > 1
    return naturalness(value) >= (0.4 if phrase else 0.5)


def entropy(value: str) -> float:
    """Shannon's, in bits a character."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values()) if size else 0.0


def is_sequence(value: str) -> bool:
    """Whether half of it or more counts up, counts down or stands still: `aBcDeF`, `12345`, `aaaa`; or, in
    turn, two rows of it do: `a1b2c3d4`.
    """
    value = value.lower()
    return _counts(value) or (_counts(value[::2]) and _counts(value[1::2]))


def _counts(value: str) -> bool:
    steps = [ord(right) - ord(left) for left, right in pairwise(value)]
    return bool(steps) and sum(step in (-1, 0, 1) for step in steps) * 2 >= len(steps)


def classes(value: str) -> int:
    """How many of lower case, upper case, digits and marks it has."""
    return sum(each.search(value) is not None for each in _CLASSES)


def opaque(value: str) -> str:
    """Why a value without words must be taken for a secret, or "" where it need not.

    Sixteen characters or more, 32 hex digits, or mixed classes with 3.3 bits a character.
    """
    if len(set(value)) < 6 or is_sequence(value) or is_words(value):
        return ""
    if _HEX.match(value) and len(value) >= 32:
        return f"{len(value)} hex digits"
    if len(value) >= 16:
        return f"{len(value)} characters that are no words"
    if classes(value) >= 3 and entropy(value) >= 3.3:
        return f"{classes(value)} classes of character, {entropy(value):.1f} bits each"
    return ""


def random(value: str) -> str:
    """Why a value can't have been made up by hand, or "": what even a test must not hold."""
    rest = _UUID.sub("", value)  # a resource's id as often as not
    if (
        len(rest) < 16
        or len(set(rest)) < 10
        or is_sequence(rest)
        or naturalness(rest) >= 0.45
        or rest.isdigit()
    ):
        return ""
    if _HEX.match(rest):
        return f"{len(rest)} random hex digits" if len(rest) >= 32 and entropy(rest) > 3.0 else ""
    kinds = classes(rest)
    digits = any(each.isdigit() for each in rest)
    if kinds < 2 or entropy(rest) < 3.5 or (not digits and naturalness(rest) >= 0.35):
        return ""
    if kinds < 4 and max(map(len, _RUN.findall(rest)), default=0) < 12:
        return ""
    return f"{len(rest)} random characters, {entropy(rest):.1f} bits each"
