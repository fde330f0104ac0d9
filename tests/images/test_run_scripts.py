"""What a RUN does: its shell, its commands with their places, pipelines and what looks at a failure."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.containers import run_scripts
from runcrew_lint.domains.containers.scripted import ImageScripts
from runcrew_lint.mends import dockerfile, nginx, text, yaml
from runcrew_lint.model.mend import MendRequest, Plain
from runcrew_lint.text import Place, Source, Span
from tests.consulting import Consulting


def _scripts(text: str) -> ImageScripts:
    return run_scripts.read(Source("Dockerfile", text), Consulting({}))


COMMANDS = [
    ("RUN a b && c; d", ["a b", "c", "d"]),
    ("RUN a \\\n  # said\n  b \\\n  && c", ["a b", "c"]),
    ('RUN ["sh", "-c", "a b | c"]', ["a b", "c"]),
    ('RUN ["a", "b c"]', ["a b c"]),
    ("RUN <<EOF\na b\nc\nEOF", ["a b", "c"]),
    ("RUN <<-EOF\n\ta b\n\tc\n\tEOF", ["a b", "c"]),
    ("RUN bash -e <<'EOF'\na b\nEOF", ["a b"]),
    ("RUN <<EOF\n#!/usr/bin/env python3\nimport a\nEOF", []),
    ("RUN python3 <<EOF\nimport a\nEOF", ["python3"]),
    ("RUN cat <<EOF > /x && apt-get update\na\nEOF", ["cat", "apt-get update"]),
    ("RUN sudo -E -u x apt-get update", ["apt-get update"]),
    ("RUN env A=b C=d time pip install x", ["pip install x"]),
    ("RUN A=b apt-get update", ["apt-get update"]),
    ("RUN case $a in x) a b;; *) c;; esac", ["a b", "c"]),
    ("RUN while a b; do c; done", ["a b", "c"]),
    ("RUN for x in 1 2; do a b; done", ["a b"]),
    ("RUN f() { a b; }; { c; } > d", ["a b", "c"]),
    ("RUN x=$(a b) && c", ["a b", "c"]),
    ('SHELL ["pwsh", "-c"]\nRUN a | b', []),
    ("ONBUILD RUN a", []),
]


@pytest.mark.parametrize(("instructions", "expected"), COMMANDS)
def test_commands(instructions: str, expected: list[str]) -> None:
    found = _scripts(f"FROM debian:12\n{instructions}\n")
    commands = [command for run in found.runs for command in run.commands]
    assert [" ".join((each.program, *each.texts)) for each in commands] == expected


def test_a_place_is_where_the_word_is_written() -> None:
    chain = "RUN 한글 \\\n    # 설명\n    && apt-get install -y 가 나\n"
    text = f"FROM debian:12\n{chain}RUN <<-EOF\n\tcurl x\n\tEOF\n"
    found = _scripts(text)
    spans = [text[slice(*command.span)] for run in found.runs for command in run.commands]
    assert spans == ["한글", "apt-get install -y 가 나", "curl x"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a | b", [(1, False, False), (1, True, False)]),
        ("a || b", [(0, False, True), (0, False, False)]),
        ("if a | b; then c; fi", [(1, False, True), (1, True, True), (0, False, False)]),
        ("! a && b", [(0, False, True), (0, False, False)]),
        ("(a | b) && c | d", [(1, False, False), (1, True, False), (2, False, False), (2, True, False)]),
    ],
)
def test_pipelines_and_what_is_looked_at(script: str, expected: list[tuple[int, bool, bool]]) -> None:
    (run,) = _scripts(f"FROM debian:12\nRUN {script}\n").runs
    assert [(each.pipe, each.last, each.guarded) for each in run.commands] == expected


def test_a_stage_inherits_its_shell() -> None:
    shell = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]'
    found = _scripts(f"FROM debian:12 AS a\n{shell}\nRUN x\nFROM a\nRUN y\nFROM debian:12\nRUN z\n")
    assert ["pipefail" in run.shell for run in found.runs] == [True, True, False]


def test_only_a_plain_chain_can_be_added_to() -> None:
    found = _scripts("FROM debian:12\nRUN a && b | c\nRUN a; b\nRUN a || b\nRUN <<EOF\na\nEOF\n")
    assert [run.chained for run in found.runs] == [True, False, False, False]


def _request(name: str, span: Span, **told: Plain) -> MendRequest:
    return MendRequest(name, Place("x", span), tuple({"title": "t", "safety": "safe", **told}.items()))


def test_edits_that_do_not_fit_are_refused() -> None:
    source = Source("x", "pip install a\n")
    fits, moved = (4, 11, "install", "i"), (5, 12, "install", "i")
    assert text.several(_request("text.several", Span(0, 1), edits=(fits,)), source)
    assert not text.several(_request("text.several", Span(0, 1), edits=(fits, moved)), source)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("    a b;\n}", "    a b;\n    c;\n}"),
        ("    a b; # why\n}", "    a b; # why\n    c;\n}"),
        ("    a b;", "    a b;\n    c;\n"),
        ("    a b; d;\n}", None),
        ("x { a b;\n}", None),
    ],
)
def test_lines_behind_a_directive(written: str, mended: str | None) -> None:
    at = written.index("a b")
    fix = nginx.add_lines(_request("nginx.add_lines", Span(at, at + 3), lines=("c;",)), Source("x", written))
    assert (_applied(written, fix) if fix else None) == mended


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ('version: "3"\n\nservices: {}\n', "services: {}\n"),
        ('services: {}\nversion: "3" # old\nvolumes: {}\n', "services: {}\nvolumes: {}\n"),
        ('{version: "3", services: {}}\n', None),
    ],
)
def test_a_key_with_its_line(written: str, mended: str | None) -> None:
    at = written.index("version")
    request = _request("yaml.drop_key", Span(at, at + len('version: "3"')))
    fix = yaml.drop_key(request, Source("x", written))
    assert (_applied(written, fix) if fix else None) == mended


def test_an_install_is_moved_only_where_it_stands_alone() -> None:
    whole = 'FROM a\nCOPY . .\nRUN npm ci\nCMD ["b"]\n'
    span = Span(whole.index("RUN"), whole.index("\nCMD"))
    request = _request("dockerfile.install_first", span, copy=whole.index("COPY"), manifests="package*.json")
    fix = dockerfile.install_first(request, Source("x", whole))
    assert fix and _applied(whole, fix) == 'FROM a\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["b"]\n'
    assert not dockerfile.install_first(
        _request("dockerfile.install_first", span, copy=span.end, manifests="x"), Source("x", whole)
    )


def _applied(written: str, fix: object) -> str:
    for edit in sorted(getattr(fix, "edits", ()), key=lambda it: it.span, reverse=True):
        written = written[: edit.span.start] + edit.text + written[edit.span.end :]
    return written
