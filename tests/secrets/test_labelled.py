"""The labelled set: every kind of value in every format, in pairs of contexts, drawn by a seeded generator.

A case is one file with one value. Recall is what is caught of the secrets, precision what of the catch is
one; both must reach 0.97, on the whole and for each context.
"""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.generated import KINDS
from tests.secrets.reading import uses_of

GOAL = 0.97
_BASE62 = string.ascii_letters + string.digits
_WORDS = [
    "runner",
    "harbour",
    "window",
    "pelican",
    "marble",
    "saffron",
    "timber",
    "velvet",
    "cactus",
    "meadow",
]


class Case(NamedTuple):
    """One file; `group` is the context and the kind of value."""

    group: str
    path: str
    text: str
    is_secret: bool


_CONTEXTS = ("production", "development", "test")
_COMPOSE = "services:\n  app:\n    environment:\n"

# How a format writes a name and a value, and where: a path for each context.
_PLACES = (
    (
        _COMPOSE + "      {name}: '{value}'\n",
        ("docker-compose.prod.yml", "docker-compose.yml", "tests/compose.yml"),
    ),
    (_COMPOSE + "      - {name}={value}\n", ("deploy/compose.yml", "compose.dev.yml", "e2e/compose.yml")),
    (
        'import os\n\n{name} = os.getenv("{name}", "{value}")\n',
        ("app/config.py", "app/settings/local.py", "tests/test_app.py"),
    ),
    (
        "export const config = {{ {name}: process.env.{name} ?? '{value}' }};\n",
        ("src/config.ts", "src/config.dev.ts", "src/config.test.ts"),
    ),
    ("OTHER=1\n{name}={value}\n", (".env.production", ".env.development", "tests/.env")),
    (
        '{{"env": {{"{name}": "{value}"}}}}\n',
        ("infra/production.json", "config.dev.json", "tests/config.json"),
    ),
    (
        "apiVersion: apps/v1\nkind: Deployment\nenv:\n  - name: {name}\n    value: '{value}'\n",
        ("k8s/app.yaml", "k8s/dev/app.yaml", "tests/k8s/app.yaml"),
    ),
    ('[app]\n{name} = "{value}"\n', ("config/production.toml", "config/dev.toml", "tests/config.toml")),
    ('export {name}="{value}"\n', ("deploy/run.sh", "dev/run.sh", "tests/run.sh")),
)
_LISTED = ["JWT_SECRET", "JWT_REFRESH_SECRET", "KAKAO_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY"]
_GENERIC = ["REDIS_PASSWORD", "WEBHOOK_SECRET", "STRIPE_API_KEY", "PUSH_TOKEN"]


def _random(source: random.Random) -> str:
    return {
        0: lambda: source.randbytes(16).hex(),
        1: lambda: source.randbytes(32).hex(),
        2: lambda: "".join(source.choices(_BASE62, k=24)),
        3: lambda: "".join(source.choices(_BASE62, k=40)),
        4: lambda: "".join(source.choices(_BASE62 + "+/", k=43)) + "=",
    }[source.randrange(5)]()


def _made_up(source: random.Random) -> str:
    word = source.choice(_WORDS)
    return source.choice(
        [f"{word}_dev", f"dev-{word}-secret", f"test-{word}", f"{word}-local", f"dummy-{word}1"]
    )


def _placeholder(source: random.Random) -> str:
    return source.choice(
        [
            "your-secret-here",
            "<secret>",
            "changeme",
            "xxxxxxxxxxxx",
            "CHANGE_ME",
            "여기에-입력",
            "replace-me-please",
        ]
    )


def _reference(source: random.Random) -> str:
    return source.choice(
        ["${SECRET_FROM_ENV}", "$(cat /run/secret)", "{{ .Values.secret }}", "${VALUE:-}", ""]
    )


def _words(source: random.Random) -> str:
    return source.choice(
        ["resetScreen", "auth.token.header", "X-Auth-Header", "Lösenord", "비밀번호", "/run/secrets/app"]
    )


def _vendor(source: random.Random) -> str:
    return KINDS[source.choice(["github-token", "aws-access-key-id", "mapbox-secret-token", "jwt"])](
        source
    ).decode()


def _passphrase(source: random.Random) -> str:
    return "-".join(source.sample(_WORDS, 3)) + str(source.randrange(10, 99))


_YES, _NO, _OPEN = (True, True), (False, False), (True, None)
# Whether a value is a secret under a name of the policy, and under one that only says so (None: a matter of
# taste, and no case); for production, development and tests.
_TRUTH = {
    "random": (_random, (_YES, _YES, _YES)),
    "vendor": (_vendor, (_YES, _YES, _YES)),
    "made up": (_made_up, (_OPEN, _NO, _NO)),
    "phrase": (_passphrase, (_OPEN, _NO, _NO)),
    "placeholder": (_placeholder, ((True, False), _NO, _NO)),
    "reference": (_reference, (_NO, _NO, _NO)),
    "words": (_words, ((None, False), _NO, _NO)),
}


def _cases() -> Iterator[Case]:
    source = random.Random("labelled")
    for form, paths in _PLACES:
        for kind, (draw, truth) in _TRUTH.items():
            for name in (*_LISTED, *_GENERIC):
                value = draw(source)  # the same in each context: only the place differs
                text = form.format(name=name, value=value)
                for context, path, labels in zip(_CONTEXTS, paths, truth, strict=True):
                    is_secret = labels[name not in _LISTED]
                    if is_secret is not None:
                        yield Case(f"{context}: {kind}", path, text, is_secret)


CASES = list(_cases())


def _judged() -> list[tuple[Case, bool]]:
    return [(case, bool(uses_of(case.path, case.text))) for case in CASES]


@pytest.fixture(scope="module")
def judged() -> list[tuple[Case, bool]]:
    return _judged()


def test_the_set_is_worth_its_name() -> None:
    counts = Counter(case.is_secret for case in CASES)
    assert counts[True] >= 300
    assert counts[False] >= 300


def _wrong(judged: list[tuple[Case, bool]], *, caught: bool) -> str:
    return "\n".join(f"{case.group}: {case.path}: {case.text!r}" for case, was in judged
                     if case.is_secret is not caught and was is caught)  # fmt: skip


def test_recall(judged: list[tuple[Case, bool]]) -> None:
    secrets = [was for case, was in judged if case.is_secret]
    assert sum(secrets) / len(secrets) >= GOAL, _wrong(judged, caught=False)


def test_precision(judged: list[tuple[Case, bool]]) -> None:
    caught = [case.is_secret for case, was in judged if was]
    assert sum(caught) / len(caught) >= GOAL, _wrong(judged, caught=True)


@pytest.mark.parametrize("group", sorted({case.group for case in CASES}))
def test_each_context_and_kind(group: str, judged: list[tuple[Case, bool]]) -> None:
    here = [(case, was) for case, was in judged if case.group == group]
    right = sum(case.is_secret is was for case, was in here)
    assert right / len(here) >= GOAL, _wrong(here, caught=True) + _wrong(here, caught=False)
