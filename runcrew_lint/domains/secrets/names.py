"""Which names say that their value is secret."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from runcrew_lint.domains.secrets import shape
from runcrew_lint.domains.secrets.facts import Basis
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Secrets
from runcrew_lint.tuples import NamedTuple

_WORD = lazily(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")

# A name that says where its value is used is still the secret's name: JWT_SECRET_PROD.
# Names with a secret's ending whose values are handed to anyone, or are made from the secret; 1Password; and
# what Feishu's own documents call their ids.
_OPEN = lazily(
    r"(?:^|_)(?:CSRF|XSRF|AUTHENTICITY|PAGE|NEXT|CONTINUATION|SYNC|CANCEL|CANCELLATION|PAGINATION|SITE|DESIGN|SHARE|SHARE_AUTH|REMEMBER|BITABLE|SPREADSHEET|WIKI|FOLDER)_TOKEN$"
    r"|(?:^|_)(?:FACEBOOK|FB|DATADOG|DD)_CLIENT_TOKEN$|(?:^|_)(?:ONE|1)_PASSWORD$|(?:^|_)NO_?PASSW(?:OR)?D$"
    r"|(?:^|_)(?:ENCRYPTED|HASHED|ENCODED|MASKED|PUBLIC|PUBLISHABLE)_|(?:^|_)(?:REGEXP?|PATTERN)_"
)
_ENVIRONMENTS = frozenset(
    {"PROD", "PRODUCTION", "STAGING", "STG", "DEV", "DEVELOPMENT", "TEST", "LOCAL", "CI"}
)


class Named(NamedTuple):
    """Why a name is a secret's: the policy's own name, or the ending."""

    basis: Basis
    rule_name: str


def snake(identifier: str) -> str:
    """A name of any case style as UPPER_SNAKE: `kakaoClientId` and `kakao.client-id` are KAKAO_CLIENT_ID."""
    return "_".join(word.upper() for word in _WORD.findall(identifier))


def styles(name: str) -> frozenset[str]:
    """The ways a name of UPPER_SNAKE is written, each as one literal."""
    upper = name.upper().split("_")
    lower = [word.lower() for word in upper]
    title = [word.title() for word in upper]
    joined = {joint.join(words) for joint in ("_", "-", ".", "") for words in (upper, lower, title)}
    return frozenset(joined | {lower[0] + "".join(title[1:])})


def _last(literals: Iterable[str]) -> frozenset[str]:
    """Those that end with no other one: where it ends, the other is met, and a name is read backwards."""
    every = frozenset(literals)
    return frozenset(each for each in every if not any(each[at:] in every for at in range(1, len(each))))


class Names:
    """The names of one policy, with memory: a file repeats its names."""

    def __init__(self, policy: Secrets) -> None:
        self._listed = {name: name.replace("_", "") for name in map(snake, policy.names)}
        self._compact = frozenset(self._listed.values())
        self._behind = tuple(f"_{each}" for each in self._listed)
        self._public = tuple(f"_{snake(each)}" for each in policy.public)
        self._endings = tuple(
            sorted(
                ((snake(each), snake(each).replace("_", "")) for each in policy.endings),
                key=lambda e: -len(e[1]),
            )
        )
        self.literals = _last(
            style
            for name in (*self._listed, *(ending for ending, _ in self._endings))
            for style in styles(name)
        )
        self._placeholders = tuple(each.lower() for each in policy.placeholders)
        self._development = tuple(each.lower() for each in policy.development)
        self.named = lru_cache(maxsize=4096)(self._named)

    def is_placeholder(self, value: str) -> bool:
        """Whether a value asks to be replaced, in the linter's words or the policy's."""
        return shape.is_placeholder(value) or any(each in value.lower() for each in self._placeholders)

    def is_development(self, value: str) -> bool:
        """Whether a value says itself that it protects nothing, in the linter's words or the policy's."""
        return shape.is_development(value) or any(each in value.lower() for each in self._development)

    def _named(self, identifier: str) -> Named | None:
        """Why the value of `identifier` would be secret, or None."""
        name = snake(identifier)
        if not name or any(each.isspace() for each in identifier):
            return None  # nothing, or a label for people
        head, _, last = name.rpartition("_")
        if last in _ENVIRONMENTS and head:
            name = head
        compact = name.replace("_", "")
        behind = f"_{name}"
        if behind.endswith(self._public):
            return None
        if behind.endswith(self._behind) or compact in self._compact:
            for listed, listed_compact in self._listed.items():
                if behind.endswith(f"_{listed}") or compact == listed_compact:
                    return Named(Basis.POLICY, listed)
        if _OPEN.search(name):
            return None
        for ending, ending_compact in self._endings:
            if compact.endswith(ending_compact):
                return Named(Basis.NAME, ending)
        return None


@cache
def names_of(policy: Secrets) -> Names:
    """The names of a policy, made once."""
    return Names(policy)
