"""An index that stands right beside an autocommit_block goes into it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request
from tests.mends.test_moves import START
from tests.mends.two_revisions import lay_out, revision

INDEX = 'op.create_index("ix", "runs", ["note"])'
BLOCK = "with op.get_context().autocommit_block():"
OTHER = (
    'op.drop_index("other", table_name="runs", postgresql_concurrently=True, if_exists=True)\n'
    'op.create_index("other", "runs", ["id"], postgresql_concurrently=True, if_not_exists=True)'
)
BUILT = (
    'op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)\n'
    'op.create_index("ix", "runs", ["note"], postgresql_concurrently=True, if_not_exists=True)'
)


def block(*lines: str, head: str = BLOCK) -> str:
    return head + "\n" + indent("\n".join(lines), "    ")


def mended(folder: Path, upgrade: str) -> str:
    lay_out(folder, START, revision(upgrade, "pass"))
    made = mend(Request(folder, policy="runcrew", select=("index-not-concurrent",)), unsafe=False)
    text = made.contents["alembic/versions/0002_change.py"].decode()
    return dedent(text.partition("def upgrade():\n")[2].partition("\n\n\n")[0])


@pytest.mark.parametrize(
    ("upgrade", "expected"),
    [
        (f"{INDEX}\n\n{block(OTHER)}", block(BUILT, OTHER)),
        (f"{block(OTHER)}\n{INDEX}", block(OTHER, BUILT)),
        (f"{block(OTHER + '  # first')}\n\n{INDEX}  # then", block(OTHER + "  # first", BUILT + "  # then")),
        (
            f"{INDEX}\n{block('# the other', OTHER, head=BLOCK + '  # alone')}",
            block(BUILT, "# the other", OTHER, head=BLOCK + "  # alone"),
        ),
        (
            f"if True:\n{indent(INDEX + chr(10) + block(OTHER), '    ')}",
            f"if True:\n{indent(block(BUILT, OTHER), '    ')}",
        ),
        # What stands between says what the next block is about, and another connection's is another.
        (f"{INDEX}\n# the other\n{block(OTHER)}", f"{block(BUILT)}\n# the other\n{block(OTHER)}"),
        (f"{block(OTHER)}\n# this one\n{INDEX}", f"{block(OTHER)}\n# this one\n{block(BUILT)}"),
        (f"{INDEX}\n{BLOCK} print()", f"{block(BUILT)}\n{BLOCK} print()"),
        (
            f"{INDEX}\n{block(OTHER, head=BLOCK[:-1] + ', other():')}",
            f"{block(BUILT)}\n{block(OTHER, head=BLOCK[:-1] + ', other():')}",
        ),
        (
            f"{block(OTHER, head=BLOCK[:-1] + ', other():')}\n{INDEX}",
            f"{block(OTHER, head=BLOCK[:-1] + ', other():')}\n{block(BUILT)}",
        ),
        (f"{INDEX}\n{BLOCK}\n        print()", f"{block(BUILT)}\n{BLOCK}\n        print()"),
        (f"{INDEX}\nprint()\n{block(OTHER)}", f"{block(BUILT)}\nprint()\n{block(OTHER)}"),
        (
            f"{INDEX}\n{block(OTHER, head='with context().autocommit_block():')}",
            f"{block(BUILT)}\n{block(OTHER, head='with context().autocommit_block():')}",
        ),
    ],
)
def test_it_goes_into_the_block(tmp_path: Path, upgrade: str, expected: str) -> None:
    assert mended(tmp_path, upgrade) == expected
