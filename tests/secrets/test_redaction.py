"""A value is in nothing that is kept or said: not in a fact, a fault or the cache."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runcrew_lint.domains.secrets.facts import SecretUses
from runcrew_lint.domains.secrets.redaction import fingerprint, preview, veil
from runcrew_lint.engine.codec import codec_of
from runcrew_lint.model.finding import Fault
from tests.fixtures_git import repository_from
from tests.generated import KINDS, filled
from tests.secrets.reading import fact_of, policy

PLANTED = sorted(KINDS.keys() - {"mapbox-public-token"})
PATHS = [
    "deploy/compose.prod.yml",
    "app/settings.py",
    "src/config.ts",
    "k8s/app.json",
    ".env",
    "run.sh",
    "tests/test_a.py",
]
KEY_HEAD = "MC4CAQAwBQYDK2VwBCIEI"  # what PKCS#8 puts before every Ed25519 key


def _text(path: str, kind: str) -> str:
    value = filled(f"@@GENERATED:{kind}@@".encode()).decode()
    if path.endswith((".py", ".ts")):
        return f'JWT_SECRET = """{value}"""\nURL = "amqp://u:{value[:30]}@mq.internal/"\n'
    if path.endswith(".json"):
        return json.dumps({"JWT_SECRET": value}) + "\n"
    return f"JWT_SECRET: {value}\n" if path.endswith(".yml") else f"JWT_SECRET={value}\n"


def _told(kind: str) -> set[str]:
    """Every six characters of a value that come after what may be shown."""
    value = KINDS[kind](random.Random(kind)).decode()
    lines = [line.split(KEY_HEAD)[-1] for line in value.replace("\\n", "\n").splitlines()]
    parts = {line[at : at + 6] for line in lines if "-----" not in line for at in range(4, len(line) - 5)}
    return {part for part in parts if not part.strip('._/:@-"').isalpha()}  # a host's or a key's words


def _faults(path: str, kind: str) -> Iterator[Fault]:
    fact = fact_of(path, _text(path, kind))
    for rule in ("secret_in_code", "password_in_url", "private_key"):
        if fact:
            yield from import_module(f"runcrew_lint.checks.secrets.{rule}").check(fact, policy())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", PLANTED)
def test_no_fact_and_no_fault_holds_a_value(path: str, kind: str) -> None:
    fact = fact_of(path, _text(path, kind))
    said = repr(fact) + repr(list(_faults(path, kind)))
    if fact:
        said += repr(codec_of(SecretUses).encode(fact))
    assert {part for part in _told(kind) if part in said} == set()


def test_they_are_found() -> None:
    found = sum(bool(fact_of(path, _text(path, kind))) for path in PATHS for kind in PLANTED)
    assert found >= 0.8 * len(PATHS) * len(PLANTED)


def test_the_cache_holds_none(tmp_path: Path) -> None:
    files = {f"{number}/{path}": _text(path, kind) for path in PATHS for number, kind in enumerate(PLANTED)}
    root = repository_from(files, tmp_path / "repository")
    cache = tmp_path / "cache"
    program = Path(sys.executable).with_name("runcrew-lint")
    for _ in range(2):
        done = subprocess.run(
            [program, "--cache-dir", cache, "--format", "json", "--verbose"],
            cwd=root,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        kept = b"".join(path.read_bytes() for path in cache.rglob("*") if path.is_file())
        assert b"JWT_SECRET" in kept
        said = (kept + done.stdout + done.stderr).decode("latin-1")
        assert {part for kind in PLANTED for part in _told(kind) if part in said} == set()


@given(st.text())
def test_a_veil_keeps_places_and_hides_the_rest(value: str) -> None:
    veiled = veil(value)
    assert len(veiled) == len(value)
    assert len(preview(value)) <= min(4, len(value) / 4)
    assert veiled.startswith(preview(value))
    assert set(veiled[len(preview(value)) :]) <= {"*", "\r", "\n"}


@given(st.text(), st.text())
def test_equal_values_have_equal_fingerprints(one: str, other: str) -> None:
    assert len(fingerprint(one)) == 6
    assert fingerprint(one) == fingerprint(one + "")
    assert (fingerprint(one) == fingerprint(other)) is (one == other)
