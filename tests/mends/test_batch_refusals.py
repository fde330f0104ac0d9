"""What the mends of a batch's index and of calls that stay for other databases refuse, and what they make."""

from __future__ import annotations

import ast
from textwrap import dedent, indent

import pytest

from runcrew_lint.documents import python
from runcrew_lint.mends.python_batch import alone
from runcrew_lint.mends.python_elsewhere import Gone, kept_elsewhere
from runcrew_lint.text import Source
from tests.mends.test_refusals import BLOCK, HEAD, RUN_ANYWHERE, asked, made_of, source, span_of

OPENED = 'with op.batch_alter_table("runs") as batch:'
INDEX = 'batch.create_index("ix", ["a"])'
OTHER = 'batch.create_index("iy", ["b"])'
DROP = 'batch.drop_index("iz")'
ADD = 'batch.add_column(sa.Column("c", sa.Integer()))'
OUT = (
    'op.drop_index("ix", table_name="runs", postgresql_concurrently=True, if_exists=True)',
    'op.create_index("ix", "runs", ["a"], postgresql_concurrently=True, if_not_exists=True)',
)
GONE = 'op.drop_index("iz", table_name="runs", postgresql_concurrently=True, if_exists=True)'


def held(*lines: str, opened: str = OPENED) -> str:
    """Statements in a batch."""
    return f"{opened}\n" + indent("\n".join(lines), "    ")


def taken(
    upgrade: str | Source, call: str = INDEX, *, guarded: bool = False, **around: str | bool
) -> str | None:
    """upgrade() with the calls taken out of the batch."""
    text = source(upgrade) if isinstance(upgrade, str) else upgrade
    fix = asked("python_batch.take_out", text, call, guarded=guarded, **around)
    return dedent(made_of(fix, text).partition("upgrade():\n")[2]) if fix is not None else None


def lines_of(*lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines)


def test_indexes_leave_a_batch() -> None:
    assert taken(held(INDEX)) == f"{BLOCK}\n{lines_of(*OUT)}"
    assert taken(held(ADD, INDEX)) == f"{held(ADD)}\n{BLOCK}\n{lines_of(*OUT)}"
    assert taken(held(ADD, "# why", INDEX)) == f"{held(ADD)}\n{BLOCK}\n{lines_of('# why', *OUT)}"
    assert taken(held("# why", INDEX, ADD)) == f"{held(ADD)}\n{BLOCK}\n{lines_of('# why', *OUT)}"
    assert taken(held(DROP, ADD), DROP) == f"{BLOCK}\n{lines_of(GONE)}{held(ADD)}\n"
    both = taken(held(INDEX, OTHER))
    assert both is not None
    assert both.count("create_index") == 2
    in_if = taken(f"if ready:\n{indent(held(INDEX), '    ')}")
    assert in_if == f"if ready:\n    {BLOCK}\n{indent(lines_of(*OUT), '    ')}"
    named = 'with op.batch_alter_table("runs", schema=None, recreate="auto") as batch:'
    assert taken(held(INDEX, opened=named)) is not None
    own = 'with op.batch_alter_table("runs", "x") as batch:'
    assert 'schema="x"' in (taken(held(INDEX, opened=own)) or "")
    called = INDEX.replace('"ix"', 'batch.f("ix")')
    assert (taken(held(called), called) or "").count('op.f("ix")') == 2


def test_indexes_leave_a_batch_for_one_database() -> None:
    kept = f"else:\n    {OPENED}\n        {INDEX}\n"
    assert taken(held(INDEX), guarded=True) == (
        f"{RUN_ANYWHERE}\n    {BLOCK}\n{indent(lines_of(*OUT), '    ')}{kept}"
    )
    assert taken(held(ADD, INDEX), guarded=True) == (
        f"{held(ADD)}\n{RUN_ANYWHERE}\n    {BLOCK}\n{indent(lines_of(*OUT), '    ')}{kept}"
    )
    asked_before = f"{RUN_ANYWHERE}\n{indent(held(INDEX), '    ')}"
    assert taken(asked_before, guarded=True) == taken(asked_before)


OFF, ON = 'op.execute("SET lock_timeout = 0")', "op.execute(\"SET lock_timeout = '4s'\")"
COMMIT = "op.get_bind().commit()"


def test_a_timeout_is_off_while_indexes_leave_a_batch() -> None:
    block = f"{BLOCK}\n{lines_of(OFF, *OUT, ON)}"
    assert taken(held(INDEX), lock_timeout="4s") == block
    assert taken(held(ADD, INDEX), lock_timeout="4s") == f"{held(ADD)}\n{block}"
    assert (
        taken(held(DROP, ADD), DROP, lock_timeout="4s") == f"{BLOCK}\n{lines_of(OFF, GONE, ON)}{held(ADD)}\n"
    )
    noted = taken(held("# why", INDEX, OTHER), lock_timeout="4s")
    assert noted is not None
    assert noted.startswith(f"{BLOCK}\n{lines_of(OFF, '# why', *OUT)}")
    assert noted.endswith(f"if_not_exists=True)\n    {ON}\n")
    assert noted.count("SET lock_timeout") == 2
    kept = f"else:\n    {OPENED}\n        {INDEX}\n"
    for before in ("", f"{held(ADD)}\n"):
        lines = (ADD, INDEX) if before else (INDEX,)
        assert taken(held(*lines), guarded=True, lock_timeout="4s") == (
            f"{before}{RUN_ANYWHERE}\n{indent(block, '    ')}{kept}"
        )


def test_what_env_py_has_begun_is_committed_before_indexes_leave_a_batch() -> None:
    block = f"{COMMIT}\n{BLOCK}\n{lines_of(*OUT)}"
    assert taken(held(INDEX), begun=True) == block
    assert taken(held(ADD, INDEX), begun=True) == f"{held(ADD)}\n{block}"
    inside = taken(f"if ready:\n{indent(held(INDEX), '    ')}", begun=True)
    assert inside == f"if ready:\n{indent(block, '    ')}"
    kept = f"else:\n    {OPENED}\n        {INDEX}\n"
    guarded = taken(held(INDEX), guarded=True, begun=True)
    assert guarded == f"{RUN_ANYWHERE}\n{indent(block, '    ')}{kept}"


OPENINGS = [
    'with op.batch_alter_table("runs") as batch, other():',
    'with op.batch_alter_table("runs") as (batch, other):',
    'with op.batch_alter_table("runs"):',
    "with opened as batch:",
    'with batch_alter_table("runs") as batch:',
    'with alembic.op.batch_alter_table("runs") as batch:',
    'with op.opened("runs") as batch:',
    'with conn.batch_alter_table("runs") as batch:',
    "with op.batch_alter_table(**those) as batch:",
    'with op.batch_alter_table("runs", **those) as batch:',
    'with op.batch_alter_table("runs", "x", "always") as batch:',
    'with op.batch_alter_table(schema="x") as batch:',
    'with op.batch_alter_table("runs", recreate="always") as batch:',
    'with op.batch_alter_table("runs", recreate=how) as batch:',
    "with op.batch_alter_table(runs) as batch:",
    "with op.batch_alter_table(5) as batch:",
    'with op.batch_alter_table("runs" "s") as batch:  #',
    'with op.batch_alter_table("""runs\n""") as batch:',
    'with op.batch_alter_table("runs", schema=name) as batch:',
    'with op.batch_alter_table("runs") as batch, op.get_context().autocommit_block():',
]


@pytest.mark.parametrize("guarded", [False, True])
@pytest.mark.parametrize("opened", [each for each in OPENINGS if not each.endswith("#")])
def test_nothing_leaves_a_batch_that_is_not_known(opened: str, guarded: bool) -> None:
    body = f"{opened}\n        {INDEX}\n"
    text = Source("versions/r2.py", f"{HEAD}\n\ndef upgrade():\n    {body}")
    assert taken(text, guarded=guarded) is None
    assert alone(text, span_of(text, INDEX)) is None


@pytest.mark.parametrize("guarded", [False, True])
@pytest.mark.parametrize(
    ("upgrade", "call"),
    [
        (held(INDEX, "x = 1"), INDEX),
        (held(INDEX, "x"), INDEX),
        (held(INDEX, "print(1)"), INDEX),
        (held(INDEX, 'op.execute("SELECT 1")'), INDEX),
        (held(INDEX, 'batch.impl.add("c")'), INDEX),
        (held(ADD), ADD),
        (
            held('batch.create_unique_constraint("key", ["a"])'),
            'batch.create_unique_constraint("key", ["a"])',
        ),
        (held(INDEX, 'other.create_index("ix", ["a"])'), INDEX),
        (held(ADD, DROP), DROP),
        (held(INDEX, DROP), INDEX),
        (held(INDEX, 'batch.alter_column("a", nullable=False)'), INDEX),
        (held(INDEX + "; other"), INDEX),
        (held(f"{INDEX}; {ADD}"), INDEX),
        (held(f"{ADD}; {INDEX}"), INDEX),
        (f"{OPENED} {INDEX}", INDEX),
        (f"first(); {OPENED[5:]}", "first()"),
        (held(INDEX.replace('"ix"', "name()")), INDEX.replace('"ix"', "name()")),
        (held(INDEX.replace('["a"]', "*those")), INDEX.replace('["a"]', "*those")),
        (held(DROP[:-1] + ", **those)"), DROP[:-1] + ", **those)"),
        (held("batch.drop_index(*those)"), "batch.drop_index(*those)"),
        (f"for each in every:\n{indent(held(INDEX), '    ')}", INDEX),
        (f"{BLOCK}\n    {INDEX}", INDEX),
    ],
)
def test_nothing_leaves_a_batch(upgrade: str, call: str, guarded: bool) -> None:
    if "first();" in upgrade:
        upgrade, call = f"first()\n{held(f'{INDEX};')}", INDEX
        assert taken(upgrade, call, guarded=guarded) is None
        return
    assert taken(upgrade, call, guarded=guarded) is None


def test_nothing_leaves_a_batch_of_a_helper_or_at_the_end_of_a_file() -> None:
    text = source("helper()", behind=f"\n\ndef helper():\n{indent(held(INDEX), '    ')}\n")
    assert taken(text) is None
    text = source(held(INDEX, ADD))
    ends = Source(text.path, text.text.removesuffix("\n"))
    for guarded in (False, True):
        assert taken(text, guarded=guarded) is not None
        assert taken(ends, guarded=guarded) is None
    spread = OPENED.replace("(", "(\n").replace(")", ",\n)")
    for lines in ((INDEX,), (ADD, INDEX)):
        assert taken(source(held(*lines, opened=spread)), guarded=True) is None
    assert taken(source(held(INDEX, opened=spread + "  # why"))) is not None
    assert taken(source(held(INDEX, opened=spread.replace(",", ",  # why")))) is None


def test_an_index_of_a_batch_stands_alone() -> None:
    text = source(held(ADD, INDEX))
    assert alone(text, span_of(text, INDEX)) == ("op", list(OUT))
    for upgrade, call in (
        (held(DROP), DROP),
        (held(f"{ADD}; {INDEX}"), INDEX),
        (held(f"{INDEX}; {ADD}"), INDEX),
        (held(INDEX.replace('"ix"', "name()")), INDEX.replace('"ix"', "name()")),
    ):
        text = source(upgrade)
        assert alone(text, span_of(text, call)) is None


# What stays for other databases.
ALTER = 'op.alter_column("runs", "a", nullable=False)'
PUT = ("ALTER TABLE runs ADD CHECK (a > 0)",)


def elsewhere(
    upgrade: str, call: str, put: tuple[str, ...] = PUT, *, without: str = "", behind: bool = True
) -> str | None:
    text = source(upgrade)
    (function,) = (each for each in text.derive(python.parse).body if isinstance(each, ast.FunctionDef))
    edits = kept_elsewhere(text, function, [Gone(span_of(text, call), put, without)], "op", behind=behind)
    if edits is None:
        return None
    from runcrew_lint.engine.mend import applied

    return dedent(applied(text.text, edits).partition("upgrade():\n")[2])


def test_calls_stay_for_other_databases() -> None:
    sent = f'op.execute("{PUT[0]}")'
    ask, other = RUN_ANYWHERE, RUN_ANYWHERE.replace("==", "!=")
    assert elsewhere(ALTER, ALTER) == f"{ask}\n    {sent}\nelse:\n    {ALTER}\n"
    assert elsewhere(ALTER, ALTER, ()) == f"{other}\n    {ALTER}\n"
    inside = 'batch.alter_column("a", nullable=False)'
    kept = f"{OPENED}\n    {ADD}\n    {other}\n        {inside}\n"
    assert elsewhere(held(ADD, inside), inside) == f"{kept}{ask}\n    {sent}\n"
    assert elsewhere(held(ADD, inside), inside, behind=False) == f"{ask}\n    {sent}\n{kept}"
    assert elsewhere(held(DROP, inside), inside, ()) is not None
    assert elsewhere(held("done()", "done", inside), inside) is not None


@pytest.mark.parametrize(
    ("upgrade", "call", "put", "without"),
    [
        (ALTER, ALTER, ("SELECT 'a:b'",), ""),
        (ALTER, ALTER, PUT, "unique"),
        (f"for each in every:\n    {ALTER}", ALTER, PUT, ""),
        (f"{RUN_ANYWHERE}\n    {ALTER}", ALTER, PUT, ""),
        (f"with op.opened():\n    {ALTER}", ALTER, PUT, ""),
        (f"with opened as (a, b):\n    {ALTER}", ALTER, PUT, ""),
        (held(ADD, INDEX), ADD, PUT, ""),
        (held(DROP, ADD), ADD, PUT, ""),
        (held(f"{ADD}; x()"), ADD, PUT, ""),
    ],
)
def test_calls_do_not_stay(upgrade: str, call: str, put: tuple[str, ...], without: str) -> None:
    assert elsewhere(upgrade, call, put, without=without) is None


def test_no_call_stays_at_the_end_of_a_file_or_without_a_function() -> None:
    inside = 'batch.alter_column("a", nullable=False)'
    text = source(held(ADD, inside))
    text = Source(text.path, text.text.removesuffix("\n"))
    (function,) = (each for each in text.derive(python.parse).body if isinstance(each, ast.FunctionDef))
    gone = [Gone(span_of(text, inside), PUT, "")]
    assert kept_elsewhere(text, function, gone, "op", behind=True) is None
    assert kept_elsewhere(text, None, gone, "op", behind=True) is None
    assert kept_elsewhere(text, None, [], "op", behind=True) == []
