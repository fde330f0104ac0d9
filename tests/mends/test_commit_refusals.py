"""What the mend of COMMITs refuses, beside what it makes of the same request where it can."""

from __future__ import annotations

from textwrap import dedent

import pytest

from runcrew_lint.model.mend import Plain
from runcrew_lint.text import Source
from tests.mends.test_refusals import BLOCK, HEAD, asked, made_of, source, span_of

COMMIT = 'op.execute("COMMIT")'
ROW = 'op.execute("DELETE FROM runs")'
LAST = 'op.execute("DELETE FROM runs; COMMIT")'
INDEX = 'op.create_index("ix", "runs", ["a"], postgresql_concurrently=True)'


def left_out(
    text: Source, *commits: str, apart: tuple[str, ...] = (), function: str = "upgrade"
) -> tuple[str, str] | None:
    """upgrade() without the COMMITs, and the title."""
    told: Plain = tuple((*span_of(text, each), "DELETE" not in each) for each in commits)
    calls: Plain = tuple(tuple(span_of(text, each)) for each in apart)
    fix = asked("python_commits.left_out", text, commits[0], function=function, commits=told, apart=calls)
    if fix is None:
        return None
    return dedent(made_of(fix, text).partition("upgrade():\n")[2]), fix.title


def test_a_commit_is_left_out() -> None:
    one = "leaves out the COMMIT, which Alembic sends when the revision is done"
    assert left_out(source(f"{ROW}\n{COMMIT}"), COMMIT) == (f"{ROW}\n", one)
    assert left_out(source(f"if ready:\n    {ROW}\n    {COMMIT}"), COMMIT) == (f"if ready:\n    {ROW}\n", one)
    assert left_out(source(LAST), LAST) == (f"{LAST.replace(' COMMIT', '')}\n", one)
    looped = f"for each in every:\n    {LAST}"
    assert left_out(source(looped), LAST) == (f"{looped.replace(' COMMIT', '')}\n", one)
    second = f"{ROW}\n{LAST[:-1]}, execution_options=None)"
    assert left_out(source(second), f"{LAST[:-1]}, execution_options=None)") == (
        second.replace(" COMMIT", "") + "\n",
        one,
    )
    both = left_out(source(f"{LAST}\n{COMMIT}"), LAST, COMMIT)
    assert both == (f"{LAST.replace(' COMMIT', '')}\n", one.replace("COMMIT", "COMMITs"))
    text = source(f"{ROW}\n{COMMIT}\n{INDEX}")
    made = f"{ROW}\n{BLOCK}\n    {INDEX}\n"
    assert left_out(text, COMMIT, apart=(INDEX,)) == (
        made,
        "puts an autocommit_block in the place of the COMMIT",
    )


@pytest.mark.parametrize(
    ("text", "commits", "apart"),
    [
        (source(f"{ROW}\nfor each in every:\n    {COMMIT}"), [COMMIT], []),
        (source(f"{ROW}\nconn{COMMIT[2:]}"), [f"conn{COMMIT[2:]}"], []),
        (source(f"{ROW}\n{COMMIT}; last()"), [COMMIT], []),
        (source(f"try:\n    {ROW}\nfinally:\n    done()\n{COMMIT}"), [COMMIT], []),
        (source(f"{ROW}\n{COMMIT}", way="forth()"), [COMMIT], []),
        (source(LAST.replace(" COMMIT", "")), [LAST.replace(" COMMIT", "")], []),
        (source(f"{LAST[:-1]}, name='x')"), [f"{LAST[:-1]}, name='x')"], []),
        (
            source('op.execute(f"DELETE FROM {runs}; COMMIT")'),
            ['op.execute(f"DELETE FROM {runs}; COMMIT")'],
            [],
        ),
        (source('op.execute(f"{DELETE}; COMMIT")'), ['op.execute(f"{DELETE}; COMMIT")'], []),
        (source("op.execute(DELETE)"), ["op.execute(DELETE)"], []),
        (source("pass", behind=f"\n\ndef helper():\n    {LAST}\n"), [LAST], []),
        (source(f"{ROW}\n{COMMIT}\nfor each in every:\n    {INDEX}"), [COMMIT], [INDEX]),
        (source(f"{ROW}\n{COMMIT}\n{BLOCK}\n    {INDEX}"), [COMMIT], [INDEX]),
        (source(f"{ROW}\n{COMMIT}\nsh{INDEX}"), [COMMIT], [f"sh{INDEX}"]),
        (source(f"{ROW}\n{COMMIT}\n{INDEX}; last()"), [COMMIT], [INDEX]),
    ],
)
def test_a_commit_stays(text: Source, commits: list[str], apart: list[str]) -> None:
    assert left_out(text, *commits, apart=tuple(apart)) is None


def test_a_commit_of_a_function_that_there_is_not_stays() -> None:
    text = Source("versions/r2.py", f"{HEAD}\n\ndef upgrade():\n    {COMMIT}\n")
    assert left_out(text, COMMIT, function="downgrade") is None
