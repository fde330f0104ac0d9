"""New revisions: the project's own template and file name, or none where it would have to be run."""

from __future__ import annotations

import pytest

from runcrew_lint.mends.revision import Follow, behind, followed

TEMPLATE = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, None] = ${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''
LINES = ("with op.get_context().autocommit_block():", "    op.execute('SELECT 1')")


def follow(template: str = "", file_template: str = "") -> Follow:
    return Follow("0a1b", "", "db/versions", template, file_template, "2026-03-01")


def test_the_projects_template_is_filled_in() -> None:
    made = followed(follow(TEMPLATE), "validate runs_crew", LINES, ())
    assert made is not None
    revision = made.path.removeprefix("db/versions/")[:12]
    assert made.path == f"db/versions/{revision}_validate_runs_crew.py"
    assert made.text == TEMPLATE.replace('${imports if imports else ""}', "").replace(
        "${message}", "validate runs_crew"
    ).replace("${up_revision}", revision).replace("${down_revision | comma,n}", "0a1b").replace(
        "${create_date}", "2026-03-01 00:00:00"
    ).replace("${repr(up_revision)}", repr(revision)).replace("${repr(down_revision)}", "'0a1b'").replace(
        "${repr(branch_labels)}", "None"
    ).replace("${repr(depends_on)}", "None").replace(
        '${upgrades if upgrades else "pass"}', "\n    ".join(LINES)
    ).replace('${downgrades if downgrades else "pass"}', "pass")


def test_code_that_sets_what_nothing_asks_for_is_left_out() -> None:
    code = '<%\n    sqlite = dialect == "sqlite"\n%>\n'
    made = followed(follow(TEMPLATE.replace("def upgrade", f"{code}def upgrade")), "m", LINES, ())
    plain = followed(follow(TEMPLATE.replace("def upgrade", "\ndef upgrade")), "m", LINES, ())
    assert made is not None and made == plain


@pytest.mark.parametrize(
    "line",
    [
        "## whence it comes",
        "% if imports:\nfrom secret import ${imports}\n% endif",
        "% if branch_labels:\n${branch_labels}\n% endif",
        "% if not down_revision:\nfirst = True\n% endif",
        "% if depends_on:\n% endif",
    ],
)
def test_what_a_revision_of_its_own_kind_alone_says_is_left_out(line: str) -> None:
    made = followed(follow(TEMPLATE.replace("# revision", f"{line}\n# revision")), "m", LINES, ())
    assert made is not None and made == followed(follow(TEMPLATE), "m", LINES, ())


def test_a_revision_may_be_handed_its_operations() -> None:
    bare = TEMPLATE.replace("from alembic import op\n", "x = len('a')\ny: int = len('a')\n")
    assert followed(follow(bare), "m", LINES, ()) is None
    assert followed(follow(bare.replace("def downgrade()", "def downgrade(op)")), "m", LINES, ()) is None
    assert followed(follow(bare.replace("def upgrade()", "def upgrade(op)")), "m", LINES, ()) is not None
    other = TEMPLATE.replace("import op\n", "import op as operations\n")
    assert followed(follow(other), "m", LINES, ()) is None


def test_lines_and_imports_come_as_they_are() -> None:
    imports = ("import sqlalchemy as sa", "import other")
    made = followed(follow(TEMPLATE), "m", ("first()", "", "last()"), (), imports)
    assert made is not None
    assert made.text.count("import sqlalchemy as sa\n") == made.text.count("import other\n") == 1
    assert "    first()\n\n    last()\n" in made.text


def test_what_is_empty_unless_somebody_gives_it_is_empty() -> None:
    asked = TEMPLATE.replace("# revision", '${more if more else ""}\n# revision')
    made = followed(follow(asked), "m", LINES, ())
    assert made is not None
    assert "more" not in made.text
    known = TEMPLATE.replace("# revision", '${message if message else ""}\n# revision')
    assert followed(follow(known), "m", LINES, ()) is None


def test_a_line_that_goes_on_is_read_as_mako_reads_it() -> None:
    imports = '${imports if imports else ""}'
    made = followed(follow(TEMPLATE.replace(f"{imports}\n", f"{imports}\\\n")), "m", LINES, ())
    plain = followed(follow(TEMPLATE.replace(f"{imports}\n", "")), "m", LINES, ())
    assert made is not None and made == plain
    joined = TEMPLATE.replace("down_revision: Union", "down_\\\nrevision: Union")
    assert followed(follow(joined), "m", LINES, ()) == followed(follow(TEMPLATE), "m", LINES, ())


def test_without_a_template_it_is_a_plain_one() -> None:
    made = followed(follow(), "validate", LINES, ("op.drop_table('t')",))
    assert made is not None
    assert "down_revision = '0a1b'\n" in made.text
    assert made.text.endswith("def downgrade():\n    op.drop_table('t')\n")
    assert followed(follow(), "validate", LINES, ("op.drop_table('t')",)) == made


@pytest.mark.parametrize(
    ("file_template", "name"),
    [
        ("%(year)d-%(month).2d-%(day).2d_%(hour).2d%(minute).2d_%(slug)s", "2026-03-01_0000_a_b"),
        ("%(year)d/%(rev)s", "2026/REV"),
        ("%(nothing)s", None),
        ("%(slug", None),
        ("../%(slug)s", None),
        ("r-%(year)d-%(hour).2d:%(minute).2d:%(second).2d-%(slug)s", "r-2026-00:00:00-a_b"),
        ("c:%(slug)s", None),
        ("c:%(year)d", None),
    ],
)
def test_file_names(file_template: str, name: str | None) -> None:
    made = followed(follow("", file_template), "A, b!", (), ())
    if name is None:
        assert made is None
        return
    assert made is not None
    (line,) = [each for each in made.text.splitlines() if each.startswith("revision = ")]
    assert made.path == f"db/versions/{name.replace('REV', line.split(chr(39))[1])}.py"


def test_a_long_message_is_cut_between_words() -> None:
    long = followed(follow("", "%(slug)s"), "x" * 50, (), ())
    assert long is not None and long.path == f"db/versions/{'x' * 50}.py"
    made = followed(follow("", "%(slug)s"), "one two three four five six seven eight nine ten", (), ())
    assert made is not None and made.path == "db/versions/one_two_three_four_five_six_seven_eight.py"


@pytest.mark.parametrize(
    "template",
    [
        TEMPLATE.replace("${message}", "${secret()}"),
        TEMPLATE + "% if upgrades:\n% endif\n",
        TEMPLATE.replace("${message}", "${message}\n% if secret:\nhidden\n% endif"),
        TEMPLATE + "<% import os %>\n",
        TEMPLATE.replace("${message}", "${message}\n<%doc>hidden</%doc>"),
        TEMPLATE + "<% x = secret() %>\n",
        TEMPLATE + "<% x = 1 %>\n# ${x}\n",
        TEMPLATE.replace("from alembic import op\n", ""),
        TEMPLATE.replace("from alembic import op\n", "from other import op\n"),
        TEMPLATE.replace("${repr(up_revision)}", "'fixed'"),
        TEMPLATE.replace("upgrades if upgrades", "upgrades if other"),
        TEMPLATE.replace("${repr(down_revision)}", "None"),
        TEMPLATE + "(",
    ],
)
def test_a_template_that_would_have_to_run_is_refused(template: str) -> None:
    assert followed(follow(template), "m", LINES, ()) is None


@pytest.mark.parametrize(
    ("template", "can"),
    [
        (TEMPLATE, True),
        (TEMPLATE.replace("Revises: ${down_revision | comma,n}\n", ""), True),
        # What it comes after stands on a line that does not say so.
        (TEMPLATE.replace("= ${repr(down_revision)}", "= (\n    ${repr(down_revision)}\n)"), False),
    ],
)
def test_it_is_put_behind_another(template: str, can: bool) -> None:
    made = followed(follow(template), "m", LINES, ())
    assert made is not None
    moved = behind(made, "9f8e")
    assert (moved is not None) is can
    if moved is not None:
        assert moved.follows == "9f8e" and moved.name == made.name
        assert "0a1b" not in moved.text and "'9f8e'" in moved.text
