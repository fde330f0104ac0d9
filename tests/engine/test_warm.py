"""The cache's law: warm output equals cold output, whatever is edited, and whatever the clock does."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runcrew_lint.engine import analyse, bound, cache, echo, grounds
from runcrew_lint.engine.grounds import Grounds, Rests
from runcrew_lint.engine.kept import Kept
from runcrew_lint.engine.memory import Memory
from runcrew_lint.engine.run import Court
from tests.engine import toy
from tests.engine.walk import Step, Walk, go

pytestmark = pytest.mark.usefixtures("git")

REVISION = 'revision = "{}"\ndown_revision = {}\nfrom alembic import op\n'
ADDS = '\ndef upgrade():\n    op.create_index("i{}", "runs", ["a"])\n'
MANY = (
    REVISION.format("1", None)
    + "\ndef upgrade():\n"
    + "".join(f'    op.create_index("i{number}", "runs", ["a{number}"])\n' for number in range(6))
)
EXCUSED = "# runcrew-lint: ignore[base-untagged] until=2026-11-25 it moves\nFROM python:latest\nUSER a\n"
ENVS = ".env\n.env.development\n.env.staging\n"
POOL: dict[str, list[str]] = {
    "a.note": ["include b.note\nbad1\n", "include b.note\nbad2\n", "include c.note\n", "name swap-x\n",
               "broken\n"],
    "b.note": ["bad1\n", "bad2\n", "good\n", "main\n"],
    "d/a.note": ["bad1\n", "include ../b.note\n", "boom\n", "good\n"],
    "Dockerfile": ["FROM python:latest\nUSER a\n", "FROM python:3.1\nUSER a\n", "FROM python\n", "FROMM x\n",
                   EXCUSED],
    ".github/workflows/ci.yml": [
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: sh go.sh}]\n",
        "on: push\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: 5\n    steps: [{run: sh go.sh}]\n",
        "on: push\njobs: {a: [}\n",
    ],
    "go.sh": ["eas build --profile production\n", "eas build --profile  preview\n", "true\n"],
    "eas.json": ['{"build": {"production": {}}}', '{"build": {"production": {"extends": "x"}}}', "{"],
    "compose.yml": ["services:\n  db:\n    image: postgres:16\n    ports: [${P}]\n", "services: {}\n"],
    ".env": ["P=5432:5432\n", "P=127.0.0.1:1:1\n"],
    ".gitignore": [ENVS, "*.note\n", "# nothing\n"],
    "alembic/versions/1_a.py": [MANY, *(REVISION.format("1", None) + more for more in (ADDS.format(1), ""))],
    "alembic/versions/2_b.py": [REVISION.format("2", '"1"') + ADDS.format(2), REVISION.format("2", None)],
}  # fmt: skip
POLICIES = ["", "extends: recommended\n", "branches: [name]\n", "branches: [main]\npostgres: 14\n",
            "exclude: [{glob: b.note, reason: x}]\n"]  # fmt: skip
BASELINE = ".runcrew-lint-baseline.json"
HELD = {"path": "Dockerfile", "rule": "base-untagged", "text": "FROM python:latest"}
BASELINES = [json.dumps({"version": 1, "findings": found}) for found in ([], [HELD])]
PATHS = st.sampled_from(sorted(POOL))
WRITES = PATHS.flatmap(lambda path: st.tuples(st.just("write"), st.just(path), st.sampled_from(POOL[path])))
STEPS = st.one_of(
    WRITES,
    WRITES,
    st.tuples(st.just("tick"), st.sampled_from([0.5, 1, 3, 40 * 24 * 3600, -3.25])),
    st.tuples(st.just("delete"), PATHS),
    st.tuples(st.just("move"), PATHS, PATHS),
    st.tuples(st.just("policy"), st.sampled_from(POLICIES)),
    st.sampled_from([("track",), ("commit",)]),
    st.tuples(st.just("day"), st.integers(20, 30)),
    st.tuples(st.just("baseline"), st.sampled_from(BASELINES)),
    st.sampled_from([("select",), ("select", "toy-word"), ("select", "toy", "environment")]),
    st.tuples(st.just("ignore"), st.sampled_from(["", ".env.production\n", "a.note\n", BASELINE])),
    st.sampled_from(
        [("exclude",), ("exclude", "b.note"), ("targets",), ("targets", "d"), ("targets", "a.note")]
    ),
)


def walked(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        toy.install(patch)
        go(Walk(Path(folder, "root"), Path(folder, "cache"), patch), steps)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=4, max_size=14))
def test_warm_is_cold(steps: list[Step]) -> None:
    walked(steps)


LATER = ("tick", 10)
PUT, KEY, KEY_OF_WORDS = Grounds.put, Grounds.key, echo._key


def forgetful(self: Grounds, key: bytes, _: Rests, encode: Callable[[], object]) -> None:
    """Keeps an answer without what it rests on beside the files."""
    PUT(self, key, Rests(), encode)


def without(place: int) -> Callable[..., bytes]:
    """The key of words, but for one of the things that they rest on."""

    def key(grounds: Grounds, court: Court, manner: object) -> bytes:
        def kept(kind: str, about: tuple[object, ...]) -> bytes:
            return KEY(grounds, kind, (*about[:place], *about[place + 1 :]))

        return KEY_OF_WORDS(SimpleNamespace(key=kept), court, manner)  # type: ignore[arg-type]

    return key


WRONG_KEYS: dict[str, tuple[list[Step], Callable[[pytest.MonkeyPatch], None]]] = {
    "the kind is left out": (
        [("write", "a.note", "bad1\n"), LATER, ("track",), ("write", "b.note", "good\n")],
        lambda patch: patch.setattr(bound, "tag_of", lambda *_: "tag"),
    ),
    "the content is left out": (
        [("write", "a.note", "bad1\n"), LATER, ("track",), ("write", "a.note", "bad2\n")],
        lambda patch: patch.setattr(analyse, "key_of", lambda path, tag, _content: f"{tag}{path}".encode()),
    ),
    "the settings are left out": (
        [("write", "a.note", "name main\n"), LATER, ("track",), ("policy", "branches: [name]\n")],
        lambda patch: patch.setattr(bound, "tag_of", lambda kind, version, _: f"{kind}{version}"),
    ),
    "what was consulted is left out": (
        [("write", "a.note", "include b.note\n"), ("write", "b.note", "bad1\n"), LATER, ("track",),
         ("write", "b.note", "bad2\n")],
        lambda patch: patch.setattr(cache, "_pairs", lambda _: []),
    ),
    "what was absent is left out": (
        [("write", "a.note", "include b.note\n"), LATER, ("track",), ("write", "b.note", "bad2\n")],
        lambda patch: patch.setattr(
            cache, "_pairs", lambda pairs: [tuple(pair) for pair in pairs if pair[1] is not None]
        ),
    ),
    "what was consulted is left out of what a process remembers": (
        [("write", "a.note", "include b.note\n"), ("write", "b.note", "bad1\n"), LATER, ("track",),
         ("write", "b.note", "bad2\n")],
        lambda patch: patch.setattr(Kept, "_stands", lambda *_: True),
    ),
    "the content is left out of what a process remembers": (
        [("write", "a.note", "bad1\n"), LATER, ("track",), ("write", "a.note", "bad2\n")],
        lambda patch: patch.setattr(Memory, "recall", lambda self, *named: self._answers.get(named[:2])),
    ),
    "what git said is left out": (
        [("write", ".gitignore", ENVS), ("write", ".env.example", "A=\n"), ("track",), LATER,
         ("ignore", ".env.production\n")],
        lambda patch: patch.setattr(Grounds, "put", forgetful),
    ),
    "the rules are left out": (
        [("select", "toy-include"), ("write", "a.note", "bad1\n"), LATER, ("track",), ("select",)],
        lambda patch: patch.setattr(Grounds, "key", lambda self, kind, _: kind.encode()),
    ),
    "the folders are left out": (
        [("targets", "d"), ("write", "d/a.note", "good\n"), ("write", "a.note", "bad1\n"), LATER, ("track",),
         ("targets",)],
        lambda patch: patch.setattr(grounds, "repr", lambda about: repr(about[:2]), raising=False),
    ),
    "what is tracked is left out": (
        [("write", ".env", "PASSWORD=hunter2hunter2\n"), LATER, ("ignore", ""), ("track",)],
        lambda patch: patch.setattr(grounds, "repr", lambda about: repr(about[1]), raising=False),
    ),
    "the day is left out of what words rest on": (
        [("write", "Dockerfile", EXCUSED), LATER, ("track",), ("day", 27)],
        lambda patch: patch.setattr(echo, "_key", without(4)),
    ),
    "the baseline is left out of what words rest on": (
        [("ignore", BASELINE), ("write", "Dockerfile", "FROM python:latest\nUSER a\n"), LATER, ("track",),
         ("baseline", BASELINES[1])],
        lambda patch: patch.setattr(echo, "_key", without(1)),
    ),
    "the rules are left out of what words rest on": (
        [("select", "toy-include"), ("write", "a.note", "bad1\n"), LATER, ("track",), ("select",)],
        lambda patch: patch.setattr(echo, "_key", without(0)),
    ),
    "what the default branch has is left out": (
        [("write", "alembic/versions/1_a.py", MANY), LATER, ("track",), ("commit",)],
        lambda patch: patch.setattr(Grounds, "put", forgetful),
    ),
    "how the files look is left out": (
        [("write", "a.note", "bad1\n"), LATER, ("track",), ("write", "a.note", "bad2\n"), LATER],
        lambda patch: patch.setattr(Grounds, "_looks", "as ever"),
    ),
    "what else is listed is left out of how the files look": (
        [("write", ".env", "PASSWORD=hunter2hunter2\n"), LATER, ("ignore", ""), LATER, ("track",)],
        lambda patch: patch.setattr(Grounds, "_listing", b""),
    ),
    "times are trusted at once": (
        [("write", "a.note", "bad1\n"), ("tick", 0.2), ("write", "a.note", "bad2\n")],
        lambda patch: patch.setattr(cache, "_RACY", -(10**9)),
    ),
    "nothing found is kept for other content": (
        [("write", "a.note", "good\n"), LATER, ("track",), ("write", "a.note", "bad2\n")],
        lambda patch: patch.setattr(
            cache.Cache, "is_blank", lambda self, path, _, tag: tag in str(self._known.get(path))
        ),
    ),
}  # fmt: skip


def test_a_report_shows_what_is_not_linted() -> None:
    """A place in an excluded file is shown by what stands there now, whoever else consulted it."""
    includes = ("write", "a.note", "include b.note\nbad2\n")
    walked(
        [("policy", POLICIES[-1]), includes, ("write", "b.note", "bad1\n"), LATER, ("write", "b.note", "x\n")]
    )


@pytest.mark.parametrize("name", WRONG_KEYS)
def test_the_law_would_notice(name: str) -> None:
    """Each part of the key, left out on purpose, shows within a few steps; left in, the steps pass."""
    steps, break_it = WRONG_KEYS[name]
    walked(steps)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(AssertionError):
        break_it(patch)
        walked(steps)
