"""The proof of each fix: original and mended revision, run by real Alembic on a real server with rows.

The catalogue is the same in the end, and the same again after downgrade(); no table that was there is locked
harder, rewritten, or read under a harder lock. RUNCREW_PROOF_EXAMPLES sets how many revisions are drawn for
each fix (default 2; `make prove` draws 300); RUNCREW_PROOF_REPORT names a file that counts them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.engine import fix
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Safety
from runcrew_lint.text import Source
from tests.components.postgres import Server
from tests.migrations.reading import read
from tests.proof import drawn, drawn_mirror, drawn_moves
from tests.proof.alembic_runs import Outcome, Runner
from tests.proof.drawn import Drawn

EXAMPLES = int(os.environ.get("RUNCREW_PROOF_EXAMPLES", "2"))
REPORT = os.environ.get("RUNCREW_PROOF_REPORT", "")
TODAY = date(2026, 3, 1)
CACHE = Path(tempfile.mkdtemp(prefix="runcrew-proof-"))
FIXES: dict[str, Any] = {
    "index-not-concurrent": drawn.create_index,
    "drop-index-not-concurrent": drawn.drop_index,
    "autocommit-without-concurrently": drawn.plain_in_block,
    "concurrent-index-not-retryable": drawn.not_retryable,
    "reindex-not-concurrent": drawn.reindex,
    "foreign-key-without-not-valid": drawn.foreign_key,
    "check-without-not-valid": drawn.check,
    "lock-timeout-missing": drawn.foreign_key,
}
UNSAFE: dict[str, Any] = {
    "unique-builds-index": drawn.unique,
    "set-not-null": drawn.set_not_null,
    "constraint-unnamed": drawn.unnamed,
    "foreign-key-without-index": drawn.foreign_key,
}
# The same rules where the step can't leave the transaction in its place.
MOVED: dict[str, Any] = {
    "index-not-concurrent": drawn_moves.index,
    "unique-builds-index": drawn_moves.unique,
    "set-not-null": drawn_moves.set_not_null,
}
# The rules about downgrade(); the original does not lead back, where it can be run at all.
MIRRORED: dict[str, Any] = {
    "empty-downgrade": drawn_mirror.histories,
    "downgrade-mismatch": drawn_mirror.incomplete,
}
# The fixes of rules about locks: once all of a revision is mended, it locks less.
LIGHTER = frozenset({*FIXES, *UNSAFE}) - {
    "concurrent-index-not-retryable",
    "lock-timeout-missing",
    "constraint-unnamed",
    "foreign-key-without-index",
}
# What a fix adds on purpose: the beginnings of the names of what may be there beside.
DECLARED = {"foreign-key-without-index": "ix_runs_"}
counted: Counter[tuple[str, str]] = Counter()


@pytest.fixture(scope="module")
def runner(postgres: Server) -> Iterator[Runner]:
    """A database on the newest server."""
    made = Runner(postgres)
    yield made
    made.close()


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    """Says in the end how many revisions were drawn, proved and refused."""
    yield
    shutil.rmtree(CACHE)
    if REPORT:
        found: dict[str, dict[str, int]] = {}
        for (rule, what), number in sorted(counted.items()):
            found.setdefault(rule, {})[what] = number
        Path(REPORT).write_text(json.dumps(found, indent=1))


def base_schema(history: Drawn) -> Schema:
    """The schema that the base revision leaves, as the linter replays it."""
    migration: Migration = read(Source("0001.py", history.files["alembic/versions/0001_base.py"]))
    schema = Schema()
    for operation in migration.upgrade:
        schema = schema.after(operation, "0001")
    return schema


def mended(
    history: Drawn, folder: Path, rules: tuple[str, ...], *, unsafe: bool = False
) -> tuple[Path, bool] | None:
    """The history in a folder, mended in another, and whether all of it; None where nothing was."""
    for path, text in history.files.items():
        place = folder / "original" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    # The cache spares every example the building of the catalogue.
    request = Request(folder / "original", policy="runcrew", select=rules, today=TODAY, cache=CACHE)
    made = fix.mend(request, unsafe=unsafe)
    left = [each for each in made.outcome.report.findings if each.fix and each.rule in rules]
    again = [each.rule for each in left if each.fix and (unsafe or each.fix.safety is Safety.SAFE)]
    assert not again, "a second --fix would change something"
    if not made.fixes:
        return None
    other = folder / "mended"
    shutil.copytree(folder / "original", other)
    for path, content in made.contents.items():
        (other / path).write_bytes(content)
    return other, not any(each.rule in rules for each in made.outcome.report.findings)


def weaker(original: Outcome, after: Outcome) -> None:
    """No lock is stronger, and nothing is read or written under a stronger one."""
    for name, rank in after.upgrade.locks.items():
        assert rank <= original.upgrade.locks.get(name, 0), f"{name} is locked harder"
    for name, rank in after.upgrade.scanned.items():
        assert rank <= original.upgrade.scanned.get(name, 0), f"{name} is read under a harder lock"
    assert after.upgrade.rewritten <= original.upgrade.rewritten


def weight(outcome: Outcome) -> int:
    """How hard the tables are locked, and how hard while all their rows are read."""
    return sum(outcome.upgrade.locks.values()) + sum(outcome.upgrade.scanned.values())


def prove(history: Drawn, rules: tuple[str, ...], runner: Runner, *, unsafe: bool = False) -> str:
    """Hold a history against what the fixes of some rules make of it; "proved" or "refused"."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = mended(history, folder, rules, unsafe=unsafe)
        if made is None:
            return "refused"
        changed, whole = made
        schema = base_schema(history)
        back = MIRRORED.keys().isdisjoint(rules)
        original = runner.run(folder / "original", "0001", history.fill, schema, back=back)
        after = runner.run(changed, "0001", history.fill, schema)
        shown = "\n".join(path.read_text() for path in sorted(changed.rglob("versions/*.py"))[1:])
        added = tuple(DECLARED[each] for each in rules if each in DECLARED)
        left = {
            fact: value
            for fact, value in after.after.items()
            if not (added and fact[0] == "index" and fact[1].partition(".")[2].startswith(added))
        }
        assert left == original.after, shown
        assert after.back == after.before, shown
        assert not back or after.back == original.back, shown
        weaker(original, after)
        # A column that the same batch adds locks the table as hard as ever, and an UPDATE reads it.
        heavy = any(words in repr(history) for words in ("batch.add_column", "UPDATE"))
        if whole and set(rules) <= LIGHTER and not heavy:
            assert weight(after) < weight(original), shown
        return "proved"


def proof(what: str, rule: str, histories: st.SearchStrategy[Drawn], runner: Runner, *, unsafe: bool) -> None:
    """Prove a rule's fix on histories that are drawn, and count them under a name."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # each example is a second: what fails is short enough to be read
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(histories)
    def proved(history: Drawn) -> None:
        counted[what, "drawn"] += 1
        counted[what, prove(history, (rule,), runner, unsafe=unsafe)] += 1

    proved()
    if EXAMPLES >= 100:
        assert counted[what, "proved"] > counted[what, "drawn"] / 2


@pytest.mark.parametrize("rule", [*FIXES, *UNSAFE])
def test_a_fix_is_proved(rule: str, runner: Runner) -> None:
    proof(rule, rule, drawn.histories((FIXES | UNSAFE)[rule]), runner, unsafe=rule in UNSAFE)


@pytest.mark.parametrize("rule", MOVED)
def test_a_move_into_a_revision_of_its_own_is_proved(rule: str, runner: Runner) -> None:
    proof(f"{rule}, moved", rule, drawn_moves.histories(MOVED[rule]), runner, unsafe=True)


@pytest.mark.parametrize("rule", MIRRORED)
def test_a_mirrored_downgrade_is_proved(rule: str, runner: Runner) -> None:
    proof(rule, rule, MIRRORED[rule](), runner, unsafe=True)


def _any(s: str, at: int) -> st.SearchStrategy[drawn.Change]:
    return st.one_of(*(each(s, at) for each in dict.fromkeys(FIXES.values())))


def test_all_fixes_together_are_proved(runner: Runner) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn.histories(_any))
    def proved(history: Drawn) -> None:
        counted["all together", "drawn"] += 1
        counted["all together", prove(history, tuple(FIXES), runner)] += 1

    proved()


HISTORY = Drawn(
    {
        "alembic/env.py": drawn.ENV.format(per=True, first="", last=""),
        "alembic/script.py.mako": drawn.TEMPLATE,
        "alembic/versions/0001_base.py": drawn.BASE.format(s=""),
        "alembic/versions/0002_change.py": drawn.HEAD
        + "    op.alter_column('runs', 'a', nullable=False)\n"
        + "    op.create_foreign_key('fk', 'runs', 'crews', ['crew_id'], ['id'])\n\n\ndef downgrade():\n"
        + "    op.drop_constraint('fk', 'runs')\n    op.alter_column('runs', 'a', nullable=True)\n",
    },
    drawn.FILL.format(s=""),
)


@pytest.mark.parametrize(
    ("rule", "module", "was", "now"),
    [
        ("foreign-key-without-not-valid", "python_constraints", "VALIDATE CONSTRAINT", "DROP CONSTRAINT"),
        (
            "foreign-key-without-not-valid",
            "python_constraints",
            "ALTER TABLE",
            "LOCK TABLE crews; ALTER TABLE",
        ),
        ("set-not-null", "python_steps", "IS NOT NULL", "<> 1"),
        ("set-not-null", "python_steps", " NOT VALID", ""),
    ],
)
def test_a_wrong_fix_is_no_proof(
    runner: Runner,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    rule: str,
    module: str,
    was: str,
    now: str,
) -> None:
    from importlib import import_module

    mends = import_module(f"runcrew_lint.mends.{module}")
    real = mends.execute
    monkeypatch.setattr(mends, "execute", lambda alias, sql: real(alias, sql.replace(was, now)))
    monkeypatch.setattr("tests.proof.test_fixes.CACHE", tmp_path / "cache")
    with pytest.raises((AssertionError, sa.exc.DBAPIError)):
        prove(HISTORY, (rule,), runner, unsafe=True)
