"""The labelled set: every kind of value in every format, in pairs of contexts, drawn by a seeded generator.

A case is one file with one value. Recall is what is caught of the secrets, precision what of the catch is
one; both must reach 0.97, on the whole and for each context.
"""

from __future__ import annotations

import random
import string
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from textwrap import indent
from typing import NamedTuple
from xml.sax.saxutils import escape

import pytest

from runcrew_lint.domains.secrets import scan
from runcrew_lint.domains.secrets.matcher import Automaton
from tests.generated import KINDS
from tests.secrets.reading import policy, uses_of

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
    (
        '{{"cells": [{{"cell_type": "code", "metadata": {{}}, "outputs": [], '
        '"source": ["import os\\n", "{name} = \\"{value}\\"\\n"]}}], "nbformat": 4, "nbformat_minor": 5}}\n',
        ("deploy/report.ipynb", "notebooks/report_dev.ipynb", "tests/report.ipynb"),
    ),
    (
        "<?xml?>\n<plist><dict>\n  <key>{name}</key>\n  <string>{xml}</string>\n</dict></plist>",
        ("infra/Info.plist", "ios/Info.dev.plist", "tests/Info.plist"),
    ),
    (
        'android {{\n  defaultConfig {{\n    buildConfigField "String", "{name}", "\\"{value}\\""\n  }}\n}}',
        ("deploy/app.gradle", "dev/app.gradle", "tests/app.gradle"),
    ),
    ('val {name} = "{value}"\n', ("deploy/app.gradle.kts", "dev/app.gradle.kts", "tests/app.gradle.kts")),
    (
        "// Settings\n{name} = {value}\n",
        ("ios/Production.xcconfig", "ios/Dev.xcconfig", "tests/Run.xcconfig"),
    ),
    (
        'variable "{name}" {{\n  type    = string\n  default = "{value}"\n}}\n',
        ("infra/main.tf", "infra/dev/main.tf", "tests/main.tf"),
    ),
    ('{name} = "{value}"\n', ("infra/prod.tfvars", "infra/dev.tfvars", "tests/run.tfvars")),
    (
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: app}}\nstringData:\n  {name}: '{value}'\n",
        ("k8s/secret.yaml", "k8s/dev/secret.yaml", "tests/k8s/secret.yaml"),
    ),
    (
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: app}}\ndata:\n  {name}: {base64}\n",
        ("k8s/data.yaml", "k8s/dev/data.yaml", "tests/k8s/data.yaml"),
    ),
    (
        '{{"family": "app", "containerDefinitions": [{{"name": "app", "environment": '
        '[{{"name": "{name}", "value": "{value}"}}]}}]}}\n',
        ("deploy/task-definition.json", "deploy/dev/task-definition.json", "tests/task-definition.json"),
    ),
    (
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: app}}\ndata:\n  {name}: {base64_twice}\n",
        ("k8s/twice.yaml", "k8s/dev/twice.yaml", "tests/k8s/twice.yaml"),
    ),
    (
        "INSERT INTO settings (key, value) VALUES ('{name}', '{value}');\n",
        ("deploy/init.sql", "dev/init.sql", "tests/init.sql"),
    ),
    (
        '{name} = (\n    "{first}"\n    "{rest}"\n)\n',
        ("app/pieces.py", "app/settings/development.py", "tests/test_pieces.py"),
    ),
    (
        "export const {name} = '{first}' +\n  '{rest}';\n",
        ("src/pieces.ts", "src/pieces.dev.ts", "src/pieces.test.ts"),
    ),
    (
        "export const {name} = ['{first}', '{rest}'].join('');\n",
        ("src/joined.js", "src/joined.dev.js", "src/joined.test.js"),
    ),
    (
        'const given = "{{\\"{name}\\": \\"{value}\\"}}";\n',
        ("src/given.ts", "src/given.dev.ts", "src/given.test.ts"),
    ),
    ("FROM python:3.12\nENV {name}={value}\n", ("Dockerfile", "Dockerfile.dev", "tests/Dockerfile")),
    (
        "{name}={value}\n",
        ("deploy/application.properties", "application-dev.properties", "tests/application.properties"),
    ),
)
# A page shows what it shows to explain it: only what was issued is a secret there, whatever it is a page of.
_PAGES = (
    ("# Run\n\n```sh\nexport {name}={value}\n```\n", ("docs/deploy.md", "docs/develop.md", "docs/test.md")),
    ("# Run\n\n~~~yaml\n{name}: '{value}'\n~~~\n", ("README.md", "docs/dev/README.md", "tests/README.md")),
)
# A key over several lines, which only some formats hold; `{lines}` is indented.
_OVER_LINES = (
    ("tls:\n  key: |\n{lines}\n", ("k8s/tls.yaml", "k8s/dev/tls.yaml", "tests/k8s/tls.yaml")),
    ('KEY = """{key}"""\n', ("app/key.py", "app/settings/local.py", "tests/test_key.py")),
    ("export const key = `{key}`;\n", ("src/key.ts", "src/key.dev.ts", "src/key.test.ts")),
    ('KEY="{key}"\n', (".env.production", ".env.development", "tests/.env")),
    ("{key}\n", ("deploy/app.key", "dev/app.key", "app/id_ed25519")),
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


def _private_key(source: random.Random) -> str:
    """PEM as one line holds it: its line ends escaped."""
    return KINDS["private-key"](source).decode().replace("\n", "\\n")


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
    "private key": (_private_key, (_YES, _YES, _YES)),
}


_ON_PAGES = {
    "random": (_random, ((True, None),) * 3),
    "vendor": (_vendor, (_YES,) * 3),
    "made up": (_made_up, (_NO,) * 3),
    "placeholder": (_placeholder, (_NO,) * 3),
    "reference": (_reference, (_NO,) * 3),
}


def _written(form: str, name: str, value: str) -> str:
    encoded = b64encode(value.encode())
    return form.format(
        name=name,
        value=value,
        first=value[: len(value) // 2],
        rest=value[len(value) // 2 :],
        xml=escape(value),
        base64=encoded.decode(),
        base64_twice=b64encode(encoded).decode(),
    )


def _cases() -> Iterator[Case]:
    source = random.Random("labelled")
    for places, truths in ((_PLACES, _TRUTH), (_PAGES, _ON_PAGES)):
        for form, paths in places:
            for kind, (draw, truth) in truths.items():
                for name in (*_LISTED, *_GENERIC):
                    value = draw(source)  # the same in each context: only the place differs
                    text = _written(form, name, value)
                    for context, path, labels in zip(_CONTEXTS, paths, truth, strict=True):
                        is_secret = labels[name not in _LISTED]
                        if is_secret is not None:
                            yield Case(f"{context}: {kind}", path, text, is_secret)
    for form, paths in _OVER_LINES:
        for _ in range(4):
            key = KINDS["private-key"](source).decode()
            text = form.format(key=key, lines=indent(key, "    "))
            for context, path in zip(_CONTEXTS, paths, strict=True):
                yield Case(f"{context}: private key", path, text, True)


CASES = list(_cases())


def _judged() -> list[tuple[Case, bool]]:
    return [(case, bool(uses_of(case.path, case.text))) for case in CASES]


@pytest.fixture(scope="module")
def judged() -> list[tuple[Case, bool]]:
    return _judged()


def test_both_matchers_judge_every_case_alike(
    judged: list[tuple[Case, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the wheel the whole reader comes to the same facts, not only to the same places."""
    pytest.importorskip("ahocorasick_rs")
    with_wheel = [uses_of(case.path, case.text) for case in CASES]
    monkeypatch.setitem(sys.modules, "ahocorasick_rs", None)
    scan._wanted.cache_clear()
    try:
        assert [uses_of(case.path, case.text) for case in CASES] == with_wheel
        assert not isinstance(scan._wanted(policy().secrets).find, Automaton)
    finally:
        scan._wanted.cache_clear()
    assert [bool(uses) for uses in with_wheel] == [was for _, was in judged]


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


def _counts(judged: list[tuple[Case, bool]], kind: str) -> tuple[int, int, int, int]:
    """Of one kind of value: secrets caught, secrets missed, clean ones told, clean ones left alone."""
    here = [(case.is_secret, was) for case, was in judged if case.group.endswith(f": {kind}")]
    return tuple(here.count(each) for each in ((True, True), (True, False), (False, True), (False, False)))  # type: ignore[return-value]


@pytest.mark.parametrize("kind", [*_TRUTH])
def test_each_kind(kind: str, judged: list[tuple[Case, bool]]) -> None:
    """Recall over the secrets of a kind; of its clean ones, as many are left alone."""
    caught, missed, told, left = _counts(judged, kind)
    assert caught + missed + told + left >= 300
    assert caught >= GOAL * (caught + missed)
    assert left >= GOAL * (told + left)


@pytest.mark.parametrize("group", sorted({case.group for case in CASES}))
def test_each_context_and_kind(group: str, judged: list[tuple[Case, bool]]) -> None:
    here = [(case, was) for case, was in judged if case.group == group]
    right = sum(case.is_secret is was for case, was in here)
    assert right / len(here) >= GOAL, _wrong(here, caught=True) + _wrong(here, caught=False)


@pytest.mark.parametrize("extension", sorted({case.path.rpartition(".")[2] for case in CASES}))
def test_each_format(extension: str, judged: list[tuple[Case, bool]]) -> None:
    here = [(case, was) for case, was in judged if case.path.rpartition(".")[2] == extension]
    right = sum(case.is_secret is was for case, was in here)
    assert right / len(here) >= GOAL, _wrong(here, caught=True) + _wrong(here, caught=False)
