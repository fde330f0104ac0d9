"""Nothing that a repository's git configuration, hooks or attributes name is started by a command of ours."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from runcrew_lint.engine import git as engine_git
from runcrew_lint.engine.git import asked, started
from tests.commands import said
from tests.fixtures_git import git, repository_from
from tests.hostile.sayings import ways

pytestmark = pytest.mark.usefixtures("git")

# Every setting of git-config(1) that names a program which reading a repository could start.
SETTINGS = (
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy"),
    *("core.alternateRefsCommand", "core.hooksPath=HOOKS", "credential.helper", "gpg.program"),
    *("gpg.ssh.program", "gpg.x509.program", "gpg.ssh.defaultKeyCommand", "log.showSignature=true"),
    *("pager.log", "pager.ls-files", "pager.cat-file", "pager.ls-tree", "sequence.editor"),
    *("diff.external", "diff.x.command", "diff.x.textconv", "merge.x.driver", "interactive.diffFilter"),
    *("filter.x.clean", "filter.x.smudge", "filter.x.process", "filter.x.required=true"),
    *("trailer.x.command", "trailer.x.cmd", "uploadpack.packObjectsHook", "remote.origin.uploadpack"),
    *("remote.origin.vcs", "remote.origin.url=ext::SPY", "remote.origin.promisor=true"),
    *("extensions.partialClone=origin", "protocol.allow=always", "protocol.ext.allow=always"),
    *("submodule.x.update=!SPY", "difftool.x.cmd", "mergetool.x.cmd", "web.browser", "browser.x.cmd"),
    *("maintenance.auto=true", "gc.auto=1", "core.untrackedCache=true", "init.templateDir=HOOKS"),
    *(f"alias.{name}=!SPY" for name in ("ls-files", "ls-tree", "log", "cat-file", "rev-parse", "merge-base")),
    *(f"alias.{name}=!SPY" for name in ("check-ignore", "for-each-ref", "show", "diff", "status")),
)
HOOKS = (
    *("fsmonitor-watchman", "query-watchman", "post-index-change", "post-checkout", "pre-auto-gc"),
    *(
        "reference-transaction",
        "post-rewrite",
        "pre-commit",
        "post-commit",
        "post-merge",
        "prepare-commit-msg",
    ),
)


def planted(folder: Path) -> tuple[Path, Path]:
    """A repository in which everything that git could start is a spy; and the file that a spy leaves."""
    ran, spy = folder / "ran", folder / "spy"
    root = repository_from(
        {
            "Dockerfile": "FROM python:latest\nUSER a\n",
            ".gitattributes": "* filter=x diff=x merge=x\n",
            ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = ./x\n\tupdate = !true\n',
            "gone.py": "x = 1\n",
        },
        folder / "root",
    )
    (root / "gone.py").unlink()
    git(root, "commit", "-qam", "second")
    _sign(root)
    (root / "Dockerfile").write_text("FROM python:latest\nUSER b\n")
    git(root, "add", "Dockerfile")
    (root / "Dockerfile").write_text("FROM python:latest\nUSER c\n")
    spy.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{ran}'\ncat\n")
    spy.chmod(0o755)
    for home in (folder / "hooks", root / ".git/hooks"):
        home.mkdir(exist_ok=True)
        for hook in HOOKS:
            (home / hook).write_text(spy.read_text())
            (home / hook).chmod(0o755)
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* filter=x diff=x\n")
    included = folder / "included"
    for setting in SETTINGS:
        name, _, value = setting.partition("=")
        value = value.replace("SPY", str(spy)).replace("HOOKS", str(folder / "hooks")) or str(spy)
        subprocess.run(["git", "config", "--file", included, name, value], check=True)
    with (root / ".git/config").open("a") as configuration:
        configuration.write(f"[include]\n\tpath = {included}\n[extensions]\n\tworktreeConfig = true\n")
    (root / ".git/config.worktree").write_text(f"[include]\n\tpath = {included}\n")
    return root, ran


def _sign(root: Path) -> None:
    """Gives the last commit a signature, which somebody would have to be asked about."""
    head, _, message = git(root, "cat-file", "commit", "HEAD").partition("\n\n")
    signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n{message}"
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    made = subprocess.run(command, cwd=root, input=signed.encode(), stdout=subprocess.PIPE, check=True)
    git(root, "update-ref", "HEAD", made.stdout.decode().strip())


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root, ran = planted(tmp_path_factory.mktemp("trap"))
    subprocess.run(["git", "diff"], cwd=root, capture_output=True)
    assert ran.exists(), "the trap works on git itself"
    ran.unlink()
    return root, ran


@pytest.mark.parametrize(
    "command", [*ways(), ["check", "--fix", "--unsafe-fixes"], ["init", "--yes"]], ids=" ".join
)
def test_no_command_starts_it(trap: tuple[Path, Path], command: list[str]) -> None:
    root, ran = trap
    done = said(root, *command, HOME=str(root.parent))
    assert done.returncode in (0, 1), done.stderr
    assert not ran.exists(), ran.read_text()


@pytest.mark.parametrize("words", [("hook", "run", "pre-commit"), ("ls-remote", "ext::touch RAN")])
def test_what_would_start_it_does_not(trap: tuple[Path, Path], words: tuple[str, ...]) -> None:
    """No command asks so much of git; if one did, hooks and transports would still be none."""
    root, ran = trap
    question = [word.replace("RAN", str(ran)) for word in words]
    subprocess.run(["git", *question], cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    assert ran.exists(), "git itself starts it"
    ran.unlink()
    assert asked(question, root).returncode
    assert not ran.exists(), ran.read_text()


def _as_a_file(root: Path) -> Path:
    """The configuration lies in the folder that `.git` names, as of a work tree or a submodule."""
    (root / ".git").rename(root.parent / "elsewhere")
    (root / ".git").write_text(f"gitdir: {root.parent / 'elsewhere'}\n")
    return root


def _below(root: Path) -> Path:
    """A folder of the repository that looks like a bare one, with a configuration of its own."""
    git_dir = root / "sub"
    for name in ("objects", "refs"):
        (git_dir / name).mkdir(parents=True)
    (git_dir / "HEAD").write_text("ref: refs/heads/main\n")
    (git_dir / "config").write_text((root / ".git/config").read_text())
    (git_dir / "a.py").write_text("x = 1\n")
    return git_dir


@pytest.mark.parametrize("shape", [_as_a_file, _below])
@pytest.mark.parametrize("command", ["check", "check --staged", "check --since HEAD~1", "check --history"])
def test_nor_where_git_lies_elsewhere(tmp_path: Path, shape: object, command: str) -> None:
    root, ran = planted(tmp_path)
    assert callable(shape)
    done = said(shape(root), *command.split(), HOME=str(tmp_path))
    assert done.returncode in (0, 1), done.stderr
    assert not ran.exists(), ran.read_text()


@pytest.mark.parametrize("folder", ["node_modules/.bin", "."])
def test_a_git_of_the_repository_is_not_the_git_that_is_asked(tmp_path: Path, folder: str) -> None:
    """npm puts the first of them at the head of PATH, by its whole name."""
    root = repository_from({"Dockerfile": "FROM python:latest\nUSER a\n"}, tmp_path / "root")
    ran = _planted_git(root / folder, tmp_path)
    done = said(root, "check", PATH=f"{root / folder}{os.pathsep}{os.environ['PATH']}")
    assert (done.returncode, ran.exists()) == (1, False)
    assert "base-untagged" in done.stdout


def test_nor_is_one_behind_a_link_of_path(tmp_path: Path) -> None:
    root = repository_from({"Dockerfile": "FROM python:latest\nUSER a\n"}, tmp_path / "root")
    ran = _planted_git(root / "bin", tmp_path)
    (tmp_path / "link").symlink_to(root / "bin")
    done = said(root, "check", PATH=f"{tmp_path / 'link'}{os.pathsep}{os.environ['PATH']}")
    assert (done.returncode, ran.exists()) == (1, False)


def test_nor_is_one_that_path_names_from_where_one_stands(tmp_path: Path) -> None:
    """In a folder of an archive, where no git says how far it reaches."""
    folder = tmp_path / "unpacked/part"
    folder.mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM python:latest\nUSER a\n")
    ran = _planted_git(tmp_path / "unpacked/bin", tmp_path)
    done = said(folder, "check", PATH=f"../bin{os.pathsep}{os.environ['PATH']}")
    assert (done.returncode, ran.exists()) == (1, False)


def _planted_git(folder: Path, tmp_path: Path) -> Path:
    """Puts a git there that leaves a mark when it is run, and says where."""
    ran = tmp_path / "ran"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "git").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (folder / "git").chmod(0o755)
    return ran


GUARDS = frozenset({"GIT_ALLOW_PROTOCOL", "GIT_NO_LAZY_FETCH"})


@pytest.mark.parametrize("left", [*map(frozenset, ([guard] for guard in sorted(GUARDS))), frozenset[str]()])
def test_what_a_partial_clone_left_out_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: frozenset[str]
) -> None:
    """Each of the two guards alone keeps git from it; without both it fetches, so this can fail."""
    origin = repository_from({"Dockerfile": "FROM a\n"}, tmp_path / "origin")
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", origin.as_uri(), "root")
    kept = {name: value for name, value in engine_git._ENVIRONMENT.items() if name not in GUARDS - left}
    assert left <= kept.keys()
    monkeypatch.setattr(engine_git, "_ENVIRONMENT", kept)
    told = asked(["cat-file", "blob", "main:Dockerfile"], tmp_path / "root")
    assert told.stdout == (b"" if left else b"FROM a\n")


def _told(question: list[str], root: Path) -> bytes:
    with started(question, root) as process:
        assert process.stdout
        return process.stdout.read()


@pytest.mark.parametrize("ask", [lambda question, root: asked(question, root).stdout, _told])
def test_no_variable_of_the_caller_tells_git_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[list[str], Path], bytes]
) -> None:
    """As in a hook of another repository, or where somebody traces git: a trace is a file that is written."""
    root = repository_from({"Dockerfile": "FROM a\n"}, tmp_path / "root")
    for name, value in {
        "GIT_DIR": str(tmp_path),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_TRACE": str(tmp_path / "trace"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.worktree",
        "GIT_CONFIG_VALUE_0": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    assert ask(["ls-files"], root) == b"Dockerfile\n"
    assert not (tmp_path / "trace").exists()
