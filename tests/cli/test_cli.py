"""The command line as a person meets it: one line for a mistake, exit codes, pipes, interrupts."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runcrew_lint.cli import main as entry
from tests.commands import said
from tests.fixtures_git import repository_from

PROGRAM = str(Path(sys.executable).with_name("runcrew-lint"))
BAD = "FROM python\n"
ONE = ("--select", "base-untagged")
UNWANTED = {"NO_COLOR", "FORCE_COLOR", "PYTHONUNBUFFERED"}
UNNAMED = "no policy is named here"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plain folder with one finding."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "Dockerfile").write_text(BAD)
    return folder


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in UNWANTED}
    return {**kept, "PYTHONUTF8": "1", **more}


def lint(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=environment(RUNCREW_LINT_CACHE_DIR=str(folder.parent / "cache"), **env),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--fromat", "json"], "there is no option --fromat; did you mean --format?"),
        (["check", "--fromat=json"], "there is no option --fromat; did you mean --format?"),
        (["-q"], "no such option '-q'; `runcrew-lint check --help` says more"),
        (["--format", "jsno"], "there is no format 'jsno'; did you mean json?"),
        (["--format", "xml"], "there is no format 'xml'; there are text, concise, json, sarif, github, "
                              "gitlab, junit, rdjson, markdown, html"),
        (["--format", "sarif="], "`--format sarif=` names no file; write `--format sarif=FILE`"),
        (["--format", "json", "--format", "text"],
         "json and text can't share the standard output; give each a file: `--format NAME=FILE`"),
        (["--format", "json=a", "--format", "sarif=./a"],
         "json and sarif can't share a; give each a file: `--format NAME=FILE`"),
        (["--format", "json=no/a.json"],
         "can't write no/a.json: there is no folder no; name a file that can be written"),
        (["--format", "json=../repository"],
         "can't write ../repository: it is a folder; name a file that can be written"),
        (["--fail-on", "bad"],
         "invalid value for '--fail-on': 'bad' is not one of 'error', 'warning', 'info'; "
         "`runcrew-lint check --help` says more"),
        (["--unsafe-fixes"], "--unsafe-fixes does nothing alone; add --fix or --diff"),
        (["--since", ""], "--since is empty; name a commit, or leave it out to judge the tree by itself"),
        (["--policy-from="],
         "--policy-from is empty; name a commit, or leave it out to judge the tree by itself"),
        (["--diff", "--format", "json=a"],
         "--diff shows changes and writes no report; leave out --format or --diff"),
        (["no/such"], "there is no no/such; name a file or folder of the repository"),
        (["chekc"], "there is no path chekc; did you mean the command check?"),
        (["--select", "imges"], "there is no rule or family imges; did you mean images?"),
        (["--policy", "runcrw"], None),
        (["explain"], "missing argument 'RULE|WORDS|FILE:LINE'; `runcrew-lint explain --help` says more"),
        (["explain", "nope"], "there is no rule or family nope; `runcrew-lint rules` lists them"),
        (["explain", "nope", "no"], "there is no rule or family nope no; `runcrew-lint rules` lists them"),
        (["rules", "al"], "there is no rule or family al; did you mean all?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line(folder: Path, arguments: list[str], line: str | None) -> None:
    done = said(folder, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    if line is None:
        assert done.stderr.startswith("runcrew-lint: ")
    else:
        assert done.stderr == f"runcrew-lint: {line}\n"
    assert [file.name for file in folder.iterdir()] == ["Dockerfile"]


def test_help_names_commands_and_options(folder: Path) -> None:
    told = lint(folder, "--help")
    assert (told.returncode, told.stderr) == (0, "")
    for word in ("[PATHS]", "--format", "--fix", "--version", "check ", "rules ", "explain "):
        assert word in told.stdout
    assert lint(folder, "check", "-h").stdout.startswith("Usage: runcrew-lint check [OPTIONS] [PATHS]...")


def test_version(folder: Path) -> None:
    assert lint(folder, "--version").stdout.startswith("runcrew-lint, version ")


@pytest.mark.parametrize("arguments", [[], ["check"], ["."], ["Dockerfile"], ["check", "."]])
def test_check_is_what_it_does_unasked(folder: Path, arguments: list[str]) -> None:
    done = lint(folder, *arguments)
    assert (done.returncode, done.stderr) == (1, "")
    assert " --> Dockerfile:1:6\n" in done.stdout
    assert f"note: {UNNAMED}" in done.stdout


def test_the_exit_code_is_the_verdict(folder: Path) -> None:
    assert lint(folder, "--ignore", "all").returncode == 0
    assert lint(folder, *ONE).returncode == 1
    assert lint(folder, *ONE, "--fail-on", "info").returncode == 1


def test_several_reports_of_one_run(folder: Path, tmp_path: Path) -> None:
    (folder / "Dockerfile").write_text("# 한글\n" + BAD)
    files = {form: tmp_path / f"out.{form}" for form in ("json", "sarif", "text", "github")}
    wanted = [f"--format={form}={file}" for form, file in files.items()]
    done = lint(folder, *ONE, *wanted, "--format", "concise", FORCE_COLOR="1")
    assert done.returncode == 1
    assert "Dockerfile:2:6: \x1b[31m\x1b[1merror[base-untagged]\x1b[0m " in done.stdout
    assert json.loads(files["json"].read_bytes())["findings"][0]["line"] == 2
    assert json.loads(files["sarif"].read_bytes())["version"] == "2.1.0"
    assert "\x1b" not in files["text"].read_text("utf-8")  # colour is for terminals
    assert files["github"].read_text("utf-8").startswith("::error file=Dockerfile,line=2,")
    assert UNNAMED in done.stderr and "1 error in 1 file" in done.stderr


def test_a_report_to_a_file_leaves_a_summary(folder: Path, tmp_path: Path) -> None:
    done = lint(folder, *ONE, "--format", f"json={tmp_path / 'out.json'}")
    assert (done.returncode, done.stdout) == (1, "")
    assert "1 error in 1 file" in done.stderr


def test_what_a_program_reads_is_utf8_whatever_the_terminal(folder: Path) -> None:
    (folder / "한🏃").mkdir()
    (folder / "한🏃" / "Dockerfile").write_text(BAD)
    run = subprocess.run(
        [PROGRAM, "--no-cache", "--format", "json"],
        cwd=folder,
        env=environment(PYTHONIOENCODING="cp949"),
        capture_output=True,
        check=False,
    )
    assert {each["path"] for each in json.loads(run.stdout)["findings"]} == {"Dockerfile", "한🏃/Dockerfile"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps names that are no text")
def test_a_name_that_is_no_text_breaks_no_report(folder: Path, tmp_path: Path) -> None:
    strange = os.fsdecode(b"\xff/Dockerfile")
    (folder / strange).parent.mkdir()
    (folder / strange).write_text(BAD)
    wanted = [f"--format={form}={tmp_path / form}" for form in ("json", "sarif", "github")]
    told = lint(folder, *ONE, *wanted, "--format", "text").stdout
    assert "\\udcff/Dockerfile:1\n" in told
    findings = json.loads((tmp_path / "json").read_bytes())["findings"]
    assert {each["path"] for each in findings} == {"Dockerfile", strange}
    assert b'"uri": "%FF/Dockerfile"' in (tmp_path / "sarif").read_bytes()
    assert (tmp_path / "github").read_bytes().isascii()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to fill")
@pytest.mark.parametrize("arguments", [[], ["--format", "json"], ["--format", "json=/dev/full"]])
def test_a_full_disk_is_told_in_one_line(folder: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROGRAM, "--no-cache", *arguments], cwd=folder, env=environment(),
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("runcrew-lint: can't write ")
    assert done.stderr.count("\n") == 1


def closed_pipe(folder: Path, *arguments: str) -> tuple[int, str]:
    """What becomes of a run whose reader has left before it prints."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=folder, env=environment(),
            stdout=pipe, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_a_reader_that_leaves_changes_no_verdict(folder: Path, form: str) -> None:
    assert closed_pipe(folder, "--no-cache", "--format", form) == (1, "")


@pytest.mark.parametrize(("arguments", "code"), [(["rules"], 0), (["explain", "all"], 1), (["--help"], 1)])
def test_a_reader_that_leaves_is_no_crash(folder: Path, arguments: list[str], code: int) -> None:
    assert closed_pipe(folder, *arguments) == (code, "")


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send to another program")
def test_an_interrupt_is_told_in_one_line(folder: Path, tmp_path: Path) -> None:
    """While git is asked: the longest wait there is."""
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    tools, begun = tmp_path / "tools", tmp_path / "begun"
    tools.mkdir()
    slow = tools / "git"
    slow.write_text(f"#!/bin/sh\n: > '{begun}'\nexec sleep 30\n")
    slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    with subprocess.Popen(
        [PROGRAM, "--no-cache"], cwd=folder, env=environment(PATH=path),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        # A shell's background job, as a whole run of the tests may be one, hands down a deaf ear.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as program:  # fmt: skip
        until = time.monotonic() + 30
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.02)
        program.send_signal(signal.SIGINT)
        out, told = program.communicate(timeout=30)
    assert begun.exists()
    assert (program.returncode, out, told.strip()) == (130, "", "runcrew-lint: interrupted")


def test_a_fault_of_ours_is_no_finding(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1 means findings; a crash must not read as one, nor tell what was read."""

    def broken(_request: object) -> None:
        raise ValueError("s3cr3t")

    monkeypatch.setattr("runcrew_lint.engine.hearing.heard", broken)
    monkeypatch.setattr(sys, "argv", ["runcrew-lint", str(folder)])
    with pytest.raises(SystemExit) as stopped:
        entry.main()
    told = capsys.readouterr()
    assert (stopped.value.code, told.out) == (2, "")
    assert told.err.count("\n") == 1
    assert "ValueError" in told.err and "s3cr3t" not in told.err
    monkeypatch.setenv("RUNCREW_LINT_TRACEBACK", "1")
    with pytest.raises(ValueError, match="s3cr3t"):
        entry.main()


@pytest.mark.parametrize(
    ("env", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_is_for_who_wants_it(folder: Path, env: dict[str, str], coloured: bool) -> None:
    assert ("\x1b[" in lint(folder, **env).stdout) is coloured


def test_verbose_says_what_was_looked_at(tmp_path: Path) -> None:
    root = repository_from({"a.txt": "text\n"}, tmp_path / "repository")
    done = subprocess.run(
        [PROGRAM, "--no-cache", "--verbose"], cwd=root, capture_output=True, text=True, check=True
    )
    assert re.search(r"policy runcrew, 1 files, \d+ rules, 0 excused\ncache off, \d+\.\d\d s\n", done.stderr)
