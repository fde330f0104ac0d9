"""An Image's facts: stages, bases and values, with every variable resolved or unknown for a reason."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.containers import image
from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.reference import Reference, parse
from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.text import Source
from tests.consulting import Consulting

DIGEST = "sha256:" + "0123456789abcdef" * 4


def _image(text: str) -> Image:
    return image.read(Source("Dockerfile", text), Consulting({}))


BASES = [
    ("a literal", "FROM a:1", ["a:1"]),
    ("an ARG", "ARG V=1\nFROM a:$V", ["a:1"]),
    ("braces", "ARG V=1\nFROM a:${V}-slim", ["a:1-slim"]),
    ("quoted", "ARG V='1'\nFROM \"a:$V\"", ["a:1"]),
    ("one by another", "ARG A=1\nARG B=${A}.2\nFROM a:$B", ["a:1.2"]),
    ("redeclared", "ARG V=1\nARG V=2\nFROM a:$V", ["a:2"]),
    ("a default in place", "ARG V\nFROM a:${V:-2}", ["a:2"]),
    ("the default gives way", "ARG V=1\nFROM a:${V:-2}", ["a:1"]),
    ("nested defaults", "FROM ${A:-${B:-a:3}}", ["a:3"]),
    ("an alternative", "ARG V=1\nFROM a${V:+:$V}", ["a:1"]),
    ("an alternative to nothing", "ARG V\nFROM a:1${V:+-$V}", ["a:1"]),
    ("a cut", "ARG V=3.11.2\nFROM a:${V%.*}", ["a:3.11"]),
    ("a stage's ARG comes too late", "FROM a:1\nARG V=2\nFROM b:$V", ["a:1", "b:"]),
    ("no default", "ARG V\nFROM a:$V", ["?V has no default here"]),
    ("never declared", "FROM $V", ["?no ARG before the first FROM"]),
    ("the platform", "FROM a-$TARGETARCH:1", ["?depends on the platform"]),
    ("ONBUILD declares nothing", "FROM a\nONBUILD ARG V=1\nFROM b:${V:-2}", ["a", "b:2"]),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in BASES])
def test_bases(text: str, expected: list[str]) -> None:
    for stage, wanted in zip(_image(text).stages, expected, strict=True):
        reference = stage.base.reference
        if wanted.startswith("?"):
            assert reference.value is None
            assert wanted[1:] in reference.unknown
        else:
            assert (reference.value, reference.unknown) == (wanted, "")


STAGES = [
    ("by name", "FROM a AS b\nFROM b", [None, 0]),
    ("in any case", "FROM a AS Build\nFROM bUILD", [None, 0]),
    ("by an ARG", "ARG B=b\nFROM a AS b\nFROM $B", [None, 0]),
    ("the last of a name", "FROM a AS b\nFROM c AS b\nFROM b", [None, None, 1]),
    ("not itself", "FROM b AS b", [None]),
    ("not a later one", "FROM b\nFROM a AS b", [None, None]),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in STAGES])
def test_stages_that_build_on_stages(text: str, expected: list[int | None]) -> None:
    assert [stage.base.stage for stage in _image(text).stages] == expected


VALUES = [
    ("ENV", "ENV U=app\nUSER $U", "app"),
    ("ENV wins over ARG", "ARG U=b\nENV U=app\nARG U=c\nUSER $U", "app"),
    ("ARG", "ARG U=app\nUSER ${U}", "app"),
    ("an ENV takes what stood before its line", "ENV U=app\nENV U=$U-2 V=$U\nUSER $V", "app"),
    ("a literal $", "USER a\\$b", "a$b"),
    ("the file's ARG is unseen", "USER ${G}", None),
    ("the file's ARG, asked for", "ARG G\nUSER ${G}", "global"),
    ("the base's ENV", "USER $HOME", None),
    ("a parent stage's ENV", "ENV U=app\nFROM b AS c\nUSER $U", "app"),
    ("scratch has none", "FROM scratch AS c\nUSER a$HOME", "a"),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case[1:], id=case[0]) for case in VALUES])
def test_values_in_a_stage(text: str, expected: str | None) -> None:
    built = _image(f"ARG G=global\nFROM a AS b\n{text}")
    user = built.stages[-1].instructions[-1]
    assert user.keyword == "USER"
    assert user.values[0].value == expected
    assert bool(user.values[0].unknown) == (expected is None)


def test_a_script_s_places_go_over_its_lines() -> None:
    text = "FROM a\nRUN apt-get update \\\n  # why\n  && apt-get install x\n"
    script = _image(text).stages[0].instructions[0].values[0]
    start = script.written.index("install")
    assert text[slice(*script.place(start, start + 7))] == "install"
    assert text[slice(*script.place(0, 3))] == "apt"


REFERENCES = [
    ("python", Reference("python", "", ""), False),
    ("python:3.11", Reference("python", "3.11", ""), True),
    ("python:latest", Reference("python", "latest", ""), False),
    ("host:5000/a/b", Reference("host:5000/a/b", "", ""), False),
    ("host:5000/a/b:1", Reference("host:5000/a/b", "1", ""), True),
    (f"a@{DIGEST}", Reference("a", "", DIGEST), True),
    (f"a:latest@{DIGEST}", Reference("a", "latest", DIGEST), True),
    ("a:", None, False),
    ("a b", None, False),
]


@pytest.mark.parametrize(("text", "expected", "pinned"), REFERENCES)
def test_references(text: str, expected: Reference | None, pinned: bool) -> None:
    reference = parse(text)
    assert reference == expected
    assert (reference is not None and reference.is_pinned) == pinned


CLAIMED = ["Dockerfile", "api/Dockerfile.prod", "Dockerfile-dev", "web.Dockerfile", "deploy/Containerfile"]
LEFT = [
    "Dockerfile.md",
    "Dockerfile.mirror.patch",
    "dockerfile-knGOOxt4.js.map",
    "Dockerfile.dockerignore",
    "DockerfileCommand.tsx",
    "Dockerfile.j2",
    "dockerfile.go",
]


@pytest.mark.parametrize(("path", "claimed"), [(p, True) for p in CLAIMED] + [(p, False) for p in LEFT])
def test_which_files_are_dockerfiles(path: str, claimed: bool) -> None:
    assert bool(KINDS["image"].claims.match(path)) == claimed
