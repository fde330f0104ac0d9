"""Reports whose text is kept in golden/: one a file, named as here."""

from __future__ import annotations

from collections.abc import Callable

from runcrew_lint.engine.run import Outcome
from runcrew_lint.model.finding import Severity
from runcrew_lint.model.mend import Safety
from runcrew_lint.reporters.look import Look
from runcrew_lint.text import Place
from tests.reporters.made import Tree, finding, fix, point

MIGRATION = '''"""Index the runs."""

revision = "0a11c0de0003"
down_revision = "0a11c0de0002"


def upgrade() -> None:
    op.create_index("ix_runs_user_id", "runs", ["user_id"])
'''
LONG_CALL = """def upgrade():
    op.create_table(
        "crews",
        sa.Column("id", sa.Integer),
        sa.Column("name", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("kakao_id", sa.Text),
        sa.Column("founded", sa.Date),
    )
    crews = sa.table("crews",
                     sa.column("name"))
"""


WORKFLOW = """on:
  push:
permissions: {}
concurrency: app
jobs:
  app:
    steps:
      - run: eas build --profile preview
"""


def index() -> Outcome:
    """One call, with notes and a fix."""
    tree = Tree.of({"backend/alembic/versions/20260202_runs_user_idx.py": MIGRATION})
    path = next(iter(tree.sources))
    call = tree.region(path, "op.create_index", '["user_id"])')
    return tree.outcome(
        finding(
            call,
            "building ix_runs_user_id blocks writes to runs until it is done",
            rule="index-not-concurrent",
            notes=[("lock", "SHARE on runs (created in 0a11c0de0002), PostgreSQL 16")],
            help="build it CONCURRENTLY, outside the transaction",
            fix=fix(tree.edit(path, '["user_id"]', "..."), title="rewrites this call"),
        )
    )


def korean() -> Outcome:
    """Wide characters before, in and after the place; a tab counts as four columns."""
    text = '# 러닝 크루 이름\n\tname = sa.Column("이름", sa.Text)  # 크루의 이름\n'
    tree = Tree.of({"서버/모델.py": text})
    return tree.outcome(
        finding(
            tree.region("서버/모델.py", 'sa.Column("이름", sa.Text)'),
            "이름 is NOT NULL without a default",
            related=[(tree.region("서버/모델.py", "크루의 이름"), "the comment says 이름")],
        ),
        finding(tree.region("서버/모델.py", "크루 이름"), severity=Severity.INFO),
    )


def long_place() -> Outcome:
    """A place of many lines, one that begins in the middle of its line, and one within another."""
    tree = Tree(a_py=LONG_CALL)
    table = tree.region("a.py", "op.create_table(", "\n    )")
    return tree.outcome(
        finding(table, related=[(tree.region("a.py", '"crews"'), "the table")]),
        finding(tree.region("a.py", 'sa.table("crews"', '"name"))'), severity=Severity.WARNING),
        finding(
            tree.region("a.py", "def upgrade", '"name"))'),
            severity=Severity.INFO,
            related=[(table, "made here")],
        ),
    )


def related() -> Outcome:
    """Related places: on the same line, in the same file, in another, and in one that can't be shown."""
    tree = Tree.of(
        {
            "eas.json": '{"build": {"preview": {"channel": "production"}}}\n',
            ".github/workflows/deploy.yml": WORKFLOW,
        }
    )
    return tree.outcome(
        finding(
            tree.region(".github/workflows/deploy.yml", "preview"),
            "a preview build reaches the production channel, and so every user's phone",
            rule="delivery-wrong-profile",
            related=[
                (tree.region(".github/workflows/deploy.yml", "eas build"), "the command"),
                (tree.region("eas.json", '"channel": "production"'), "the channel of this profile"),
                (tree.region("eas.json", '"preview"'), "the profile"),
                (tree.region(".github/workflows/deploy.yml", "app:"), "the job"),
                (tree.region(".github/workflows/deploy.yml", "push:"), "a push starts it"),
                (point("app/icon.png"), "the icon it ships"),
            ],
        )
    )


def minified() -> Outcome:
    """A line far longer than a terminal is shown around its place, cut on both sides where it goes on."""
    tree = Tree(
        a_js="var a=1;" * 4000 + "fetch('http://러닝.kr')" + ";b()" * 4000 + "\n",
        b_js="eval(x)" + ";b()" * 100 + "\n",
        c_js="var c=1;" * 100 + "eval(y)\n",
        d_js=f"x = '{'가' * 200}'\n",
    )
    return tree.outcome(
        finding(tree.region("a.js", "fetch", ")"), severity=Severity.WARNING),
        finding(tree.region("b.js", "eval(x)")),
        finding(tree.region("c.js", "eval(y)"), rule="another-rule"),
        finding(tree.region("d.js", "'가", "가'"), rule="a-third-rule"),
    )


def hostile() -> Outcome:
    """What would move the cursor, colour the terminal or turn the text around is written out."""
    tree = Tree.of(
        {
            "a\x1b[2J.sh": "echo \x1b[31mred \u202e\u200b\u00a0\u3000 \x07; rm -rf /\n",
        }
    )
    path = next(iter(tree.sources))
    return tree.outcome(
        finding(
            tree.region(path, "rm -rf /"),
            "a message\nof two lines \x1b[0m",
            related=[(tree.region(path, "echo"), "\x1b]0;title\x07")],
            notes=[("lock\x1b", "a\rb")],
            help="\x1b[1A",
        ),
        notices=["\x1b[2K"],
    )


def secret() -> Outcome:
    """A value that some finding calls secret is covered in every frame that it falls into."""
    lines = [
        'KEY = "s3cr3t-value-0123456789"; DEBUG = True',
        'PEM = """-----BEGIN',
        "AAAABBBBCCCCDDDD",
        '-----END"""',
    ]
    tree = Tree(a_py="\n".join(lines) + "\n")
    value = tree.span("a.py", "s3cr3t-value-0123456789")
    pem = tree.span("a.py", "-----BEGIN", "-----END")
    return tree.outcome(
        finding(tree.region("a.py", "s3cr3t-value-0123456789"), rule="secret-in-code"),
        finding(tree.region("a.py", "DEBUG = True"), severity=Severity.WARNING),
        finding(tree.region("a.py", "PEM", '-----END"""')),
        veiled=[Place("a.py", value), Place("a.py", pem)],
    )


def edges() -> Outcome:
    """Nothing at the end of a line, at the end of the file, in an empty file, or in none."""
    tree = Tree(a_py="import x\r\n\r\ny = 1", empty_py="", blank_py="\n\n")
    return tree.outcome(
        finding(point("a.py", 1, 9)),
        finding(point("a.py", 3, 6), rule="another-rule"),
        finding(tree.region("a.py", "\r\n\r\n"), rule="a-third-rule"),
        finding(point("empty.py"), "it is empty"),
        finding(point("blank.py", 2), "it is blank"),
        finding(point("gone.py"), "it is gone", fix=fix(safety=Safety.UNSAFE)),
        notices=["no policy is named here"],
    )


def clean() -> Outcome:
    """Nothing found."""
    return Tree(a_py="").outcome()


CASES: tuple[Callable[[], Outcome], ...] = (
    index, korean, long_place, related, minified, hostile, secret, edges, clean,
)  # fmt: skip
LOOK = Look(width=100)
