"""Scripts over the lattice: which commands they come to, with which words, where, and how surely."""

from __future__ import annotations

import pytest

from runcrew_lint.documents import shell
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.domains.delivery.interpret import MAX_STEPS, Interpreter
from runcrew_lint.domains.delivery.leniency import shell_of
from runcrew_lint.domains.delivery.state import Command, State
from runcrew_lint.domains.delivery.workspace import WORKSPACE
from runcrew_lint.domains.lattice import Value, known, one_of, unknown
from runcrew_lint.text import Span

VARIABLES = {
    "REF": known("refs/heads/develop"),
    "NAME": known("develop"),
    "EMPTY": known(""),
    "TWO": known("a b"),
    "EITHER": one_of(["x", "y"], "the matrix"),
    "DARK": unknown("it is set on GitHub"),
    "HERE": known(WORKSPACE),
}


def run(text: str) -> tuple[list[Command], State]:
    statements = shell.parse(Spliced.join(text, (Span(0, len(text)),)))
    state = State(known(""))
    commands = list(Interpreter("w.yml", unknown, VARIABLES.get).run(statements, state))
    return commands, state


def shown(text: str) -> list[str]:
    lines = []
    for command in run(text)[0]:
        words = " ".join("|".join(map(str, each.value.options or "?")) for each in command.words)
        lines.append(words + ("" if command.sure else " ~"))
    return lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $NAME", ["a develop"]),
        ("a ${NAME:-x} ${UNSET:-y} ${EMPTY:-z}", ["a develop y z"]),
        ("a ${REF#refs/heads/} ${REF##*/} ${REF%%/*} ${REF%/*}", ["a develop develop refs refs/heads"]),
        ("a $TWO '$TWO' \"$TWO\"", ["a a b $TWO a b"]),
        ("a $EMPTY b", ["a b"]),
        ('a "$EMPTY"', ["a "]),
        ("a $EITHER-1", ["a x-1|y-1"]),
        ("a $DARK $UNSET", ["a ? ?"]),
        ("X=1; Y=$X-2; a $Y", ["a 1-2"]),
        ("X=1 a; b $X", ["a", "b ?"]),
        ("export P=q; a $P", ["a q"]),
        ("a && b || c", ["a", "b", "c ~"]),
        ("false && a; true || b; true && c", ["c"]),
        ("[ $NAME = main ] && a; [ $NAME = develop ] && b", ["b"]),
        ("[ $DARK = x ] && a; b", ["a ~", "b"]),
        ("if [ $NAME = main ]; then a; elif [[ $NAME == dev* ]]; then b; else c; fi", ["b"]),
        ("if [ -z $DARK ]; then a; else b; fi; c", ["a ~", "b ~", "c"]),
        ("if git diff; then a; fi", ["git diff", "a ~"]),
        ("if [[ -n $NAME && ! -z $NAME ]]; then a; fi", ["a"]),
        ("if [ $NAME = main ]; then exit 0; fi; a", ["a"]),
        ("if [ $NAME != main ]; then exit 0; fi; a", []),
        ("if [ $DARK != main ]; then exit 0; fi; a", ["a ~"]),
        ("a || exit 1; b", ["a", "b"]),
        ("exit 1; a", []),
        ("case $NAME in main) a ;; dev*|x) b ;; *) c ;; esac", ["b"]),
        ("case $DARK in main) a ;; *) c ;; esac", ["a ~", "c ~"]),
        ("case $NAME in main) X=1 ;; *) X=2 ;; esac; a $X", ["a 2"]),
        ("if [ $DARK = 1 ]; then X=1; else X=2; fi; a $X", ["a 1|2"]),
        ("X=1; if [ $DARK = 1 ]; then X=2; fi; a $X", ["a 2|1"]),
        ("for p in ios android; do a $p; done", ["a ios", "a android"]),
        ("for p in $DARK; do a $p; done", ["a ?"]),
        ("while read l; do a; done; b", ["a ~", "b"]),
        ("X=1; while read -r X; do a $X; done; a $X", ["a ? ~", "a ?"]),
        ("X=1; Y=2; Z=3; read -r -p 'which ' X Y; a $X $Y $Z", ["a ? ? 3"]),
        ("X=1; mapfile -t X; a $X", ["a ?"]),
        ("until a; do b; done; c", ["a", "b ~", "c"]),
        ("X=1; while X=2; a; do b; done; c $X", ["a", "b ~", "c 2"]),
        ("while exit 1; do b; done; c", []),
        ("f() { a $1; }; f x; f y", ["a x", "a y"]),
        ('f() { a "$@"; }; f x y', ["a x y"]),
        ("f() { f; }; f; a", ["a"]),
        ("(X=1; a $X); a $X", ["a 1", "a ?"]),
        ("{ X=1; }; a $X", ["a 1"]),
        ("X=$(a); b $X", ["a", "b ?"]),
        ("! a; b | c", ["a", "b", "c"]),
        ("if ! [ $NAME = main ]; then a; fi", ["a"]),
    ],
)
def test_commands(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("a", ("",)),
        ("cd app && a", ("app",)),
        ("cd app; cd ../web/x; a", ("web/x",)),
        ("cd ./.hidden; a", (".hidden",)),
        ("(cd app); a", ("",)),
        ("cd app; cd ..; a", ("",)),
        ("cd ..; a", ()),
        ("cd /tmp; a", ()),
        ("cd; a", ()),
        ("cd $DARK; a", ()),
        ("if [ $DARK = 1 ]; then cd x; else cd y; fi; a", ("x", "y")),
    ],
)
def test_folders(text: str, folder: tuple[str, ...]) -> None:
    assert run(text)[0][-1].directory.options == folder


@pytest.mark.parametrize(
    ("text", "outputs"),
    [
        ('echo "p=$NAME" >> $GITHUB_OUTPUT', {"p": ("develop",)}),
        ('{ echo "a=1"; echo b=2; } >> "$GITHUB_OUTPUT"', {"a": ("1",), "b": ("2",)}),
        (
            "if [ $DARK = 1 ]; then echo p=1 >> $GITHUB_OUTPUT; else echo p=2 >> $GITHUB_OUTPUT; fi",
            {"p": ("1", "2")},
        ),
        ("printf 'p=1\\n' >> $GITHUB_OUTPUT", {"p": ("1",)}),
        ('echo "p=$DARK" >> $GITHUB_OUTPUT', {"p": ()}),
        ("echo p=1 > file", {}),
        ("if [ $NAME = main ]; then echo p=1 >> $GITHUB_OUTPUT; fi", {}),
    ],
)
def test_outputs(text: str, outputs: dict[str, tuple[str, ...]]) -> None:
    assert {name: value.options for name, value in run(text)[1].outputs.items()} == outputs


def test_exports_are_kept_apart() -> None:
    state = run("echo P=1 >> $GITHUB_ENV")[1]
    assert (state.exports, state.outputs) == ({"P": Value(("1",))}, {})


def test_a_bomb_ends() -> None:
    loops = "for a in 1 2 3 4 5 6 7 8 9 0; do " * 6 + "x" + "; done" * 6
    assert 0 < len(run(loops)[0]) <= MAX_STEPS


@pytest.mark.parametrize(
    ("text", "forgiven"),
    [
        ("a || true; b", "a"),
        ("a || :; b", "a"),
        ("a || echo no; b", "a"),
        ("a || exit 0; b", "a"),
        ("a || exit 1; b", ""),
        ("a || a || a; b", ""),
        ("a x || a y", "a"),
        ("a || exit $?; b", ""),
        ("a || { echo no; exit 1; }; b", ""),
        ("a || false; b", ""),
        ("set +e; a; b", "a"),
        ("set +e\na\nexit 0", "a"),
        ("a; set +e; b; set -e; c; d", "b"),
        ("set +ex; a; b", "a"),
        ("set +o errexit; a; b", "a"),
        ("set -o errexit; a; b", ""),
        ("set -eu +x; a; b", ""),
        ("set -- +e; a; b", ""),
        ("set +e; a; code=$?; set -e; c; exit $code", ""),
        ("set +e; a; if [ $? -ne 0 ]; then exit 1; fi", ""),
        ("set +e; a | tee log; exit ${PIPESTATUS[0]}", ""),
        ("set +e; if true; then a; fi; b", "a"),
        ("(set +e; a; b); c; d", "a"),
        ("set +e; for i in 1; do a; done; b", "a"),
        ("set +e; a", ""),
        ("set +e; a || exit 1; b", ""),
        ("set +e; a && b; c", "a b"),
        ("set +e; if ! a; then exit 1; fi; b", ""),
        ("set +e; if a; then b; fi; c", "b"),
        ("a | tee b", "a"),
        ("a | b", ""),
        ("a | b | cat; d", "a b"),
        ("a 2>&1 | tee log", "a"),
        ("set -o pipefail; a | tee", ""),
        ("set -euo pipefail; a | tee", ""),
        ("set -o pipefail; set +o pipefail; a | tail", "a"),
        ("a | tee; exit ${PIPESTATUS[0]}", ""),
        ("a | tee || exit 1", "a"),
        ("if a | grep -q x; then c; fi", ""),
        ("f() { a | sort >log; }; f", "a"),
        ("bash -c 'a; b'; c", "a"),
        ("bash -c 'a && b'; c", ""),
        ("bash -ec 'a; b'; c", ""),
        ("bash -e -o pipefail -c 'a | cat; b'; c", ""),
        ("docker run image sh -c 'a; b'", "a"),
        ("(a; b)", ""),
        ("ssh host 'a; b'; c", "a"),
        ("ssh host 'set -e; a; b'; c", ""),
        ("ssh host <<'END'\na\nb\nEND\nc", "a"),
        ("ssh host bash -s <<'END'\na\nb\nEND", "a"),
        ("ssh host bash -es <<'END'\na\nb\nEND", ""),
        ("set +e; ssh host 'set -e; a; b'; c", "a b"),
        ("set -o pipefail; ssh host 'a | tee log'", "a"),
    ],
)
def test_what_may_fail_and_the_script_goes_on(text: str, forgiven: str) -> None:
    found = [command.words[0].text for command in run(text)[0] if command.forgiven]
    assert " ".join(each for each in found if each and each in "abcd") == forgiven


@pytest.mark.parametrize(
    ("shell", "goes_on", "counts_pipes"),
    [
        ("", False, False),
        ("bash", False, True),
        ("sh", False, False),
        ("bash {0}", True, False),
        ("bash -l {0}", True, False),
        ("bash -el {0}", False, False),
        ("bash --login -eo pipefail {0}", False, True),
        ("bash -Eeuo pipefail -x {0}", False, True),
        ("bash -x -e -o pipefail {0}", False, True),
        ("bash -o errexit {0}", False, False),
        ("python {0}", True, False),
    ],
)
def test_what_a_shell_says(shell: str, goes_on: bool, counts_pipes: bool) -> None:
    assert shell_of(shell) == (goes_on, counts_pipes)


@pytest.mark.parametrize(
    ("text", "words", "folder"),
    [
        ("a $HERE/x", "a ./x", ""),
        ("cd b; a --at=$HERE/x", "a --at=../x", "b"),
        ("cd b/c; cd $HERE/d; a $HERE", "a ..", "d"),
        ("cd $DARK; cd $HERE; a $HERE/x", "a ./x", ""),
        ("cd b; X=$HERE/y; cd ..; a $X", "a ./y", ""),
        ("f() { cd $1; a $1; }; cd b; f $HERE/c", "a ../c", "c"),
        ("cd /github/workspaces; a $HERE", f"a {WORKSPACE}", None),
        ("cd $HERE/..; a", "a", None),
    ],
)
def test_the_checkout_by_its_own_path(text: str, words: str, folder: str | None) -> None:
    assert shown(text)[-1] == words
    directory = run(text)[0][-1].directory
    assert (directory.known if directory.is_known else None) == folder
