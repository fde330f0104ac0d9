"""Which COMMITs are left out of a revision, and which are not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.two_revisions import lay_out, revision

START = '''"""start"""
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE runs (id bigint PRIMARY KEY, note text)")


def downgrade():
    op.execute("DROP TABLE runs")
'''
AGAIN = "ALTER TABLE runs ALTER COLUMN note SET DEFAULT 'x'"
ROW = "INSERT INTO runs VALUES (1, 'x')"
COMMIT = 'op.execute("COMMIT")\n'
INDEX = 'op.create_index("ix", "runs", ["note"], postgresql_concurrently=True)\n'
OWNED = """from alembic import context

with engine.begin() as connection:
    context.configure(connection=connection)
    context.run_migrations()
"""


def mended(folder: Path, upgrade: str, env: str = "") -> str | None:
    """The body of upgrade() as it is mended, None where it is not."""
    change = revision(upgrade, "pass")
    lay_out(folder, START, change, env)
    made = mend(Request(folder, policy="runcrew", select=("nested-transaction",)), unsafe=True)
    if not made.contents:
        return None
    (text,) = (content.decode() for content in made.contents.values())
    head = change.partition("def upgrade():\n")
    return dedent(text.removeprefix(head[0] + head[1]).partition("\n\n\ndef downgrade")[0])


@pytest.mark.parametrize(
    ("upgrade", "left"),
    [
        (f'op.execute("{ROW}; commit;")', f'op.execute("{ROW};")'),
        (
            'op.execute("INSERT INTO runs " "VALUES (1);commit")',
            'op.execute("INSERT INTO runs " "VALUES (1);")',
        ),
        (f'op.execute("""\n  {ROW};\n  COMMIT WORK;\n""")', f'op.execute("""\n  {ROW};\n""")'),
        (f'op.execute("{ROW}")\n# at once\n{COMMIT}', f'op.execute("{ROW}")'),
        (
            f'op.execute("TRUNCATE runs CASCADE;commit;")\nop.execute("{ROW}")',
            f'op.execute("TRUNCATE runs CASCADE;")\nop.execute("{ROW}")',
        ),
        (
            f"{COMMIT}\n{INDEX}",
            f"with op.get_context().autocommit_block():\n    {INDEX.strip()}",
        ),
        (
            f'op.execute("{AGAIN}")\n{COMMIT}{INDEX}op.execute("ALTER TABLE runs ADD COLUMN pace int")',
            f'op.execute("{AGAIN}")\nwith op.get_context().autocommit_block():\n    {INDEX}'
            'op.execute("ALTER TABLE runs ADD COLUMN pace int")',
        ),
    ],
)
def test_it_is_left_out(tmp_path: Path, upgrade: str, left: str) -> None:
    assert mended(tmp_path, upgrade) == left


@pytest.mark.parametrize(
    ("upgrade", "why"),
    [
        (f'op.execute("""{ROW}; -- x\n commit""")', "a comment"),
        (
            f'op.execute("ALTER TABLE runs ADD COLUMN pace int")\n{COMMIT}{INDEX}',
            "the column would be there when the revision is run again",
        ),
        (f'op.execute("{ROW}; commit; {ROW}")', "it is not the last one"),
        (f'{COMMIT}try:\n    op.execute("{ROW}")\nexcept Exception:\n    pass', "an error is caught"),
        (
            f'{COMMIT}op.execute("DROP INDEX CONCURRENTLY a; SELECT 1")',
            "several in one text are one transaction",
        ),
        (f'op.execute("BEGIN")\nop.execute("{ROW}")\n{COMMIT}', "BEGIN"),
        (f'op.execute(said())\n{COMMIT}op.execute("{ROW}")', "what can't be read"),
        (
            f'op.execute("{ROW}")\n{COMMIT}op.execute("ALTER TABLE runs ADD COLUMN pace int")',
            "DDL behind rows",
        ),
        (f'op.execute("{ROW}")\nop.execute("TRUNCATE runs;commit;")', "TRUNCATE behind rows"),
        (f'op.execute("SET lock_timeout = 3")\nop.execute("{ROW}")\n{COMMIT}', "a setting"),
        (
            f'{COMMIT}for at in (1, 2):\n    op.create_index(f"ix{{at}}", "runs", ["note"], '
            "postgresql_concurrently=True)",
            "a loop",
        ),
    ],
)
def test_it_stays(tmp_path: Path, upgrade: str, why: str) -> None:
    assert mended(tmp_path, upgrade) is None, why


def test_no_block_ends_a_transaction_of_env_py(tmp_path: Path) -> None:
    assert mended(tmp_path, COMMIT + INDEX, OWNED) is None


def test_what_is_said_of_a_commit_is_said_of_its_block(tmp_path: Path) -> None:
    more = INDEX.replace("ix", "iy")
    step = 'op.execute("SELECT 1")\n'
    text = mended(tmp_path, f"# on its own\n{COMMIT}\n{step}# why\n{INDEX}{step}# once more\n{COMMIT}{more}")
    assert text is not None
    assert text.count("# on its own") == text.count("# once more") == text.count("# why") == 1
    block = "with op.get_context().autocommit_block():\n"
    assert f"# why\n# on its own\n{block}" in text
    assert f"# once more\n{block}" in text


def test_what_is_said_of_a_commit_alone_goes_with_it(tmp_path: Path) -> None:
    text = mended(tmp_path, f'op.execute("{AGAIN}")\n# done\n{COMMIT}')
    assert text is not None and "# done" not in text
