"""Holds what the fixes make of a history against the history itself, on real servers."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.engine import fix
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Safety
from runcrew_lint.text import Source
from tests.migrations.reading import read
from tests.proof.alembic_runs import Outcome, Runner
from tests.proof.drawn import Drawn

EXAMPLES = int(os.environ.get("RUNCREW_PROOF_EXAMPLES", "2"))
REPORT = os.environ.get("RUNCREW_PROOF_REPORT", "")
TODAY = date(2026, 3, 1)
counted: Counter[tuple[str, str]] = Counter()


@dataclass(frozen=True)
class Claim:
    """What is claimed of the fixes of some rules.

    Arguments:
        histories: what they are tried on.
        lighter: once all of a revision is mended, it locks less.
        back: the original leads back, too.
        added: what a fix adds on purpose: the beginning of the names of indexes that may be there beside.
        kept: the beginnings of the names of columns whose default may stay.
        head: what the original is upgraded to.
        lost: the values of a column go, so that downgrade() brings other rows back.
    """

    rules: tuple[str, ...]
    histories: st.SearchStrategy[Drawn]
    unsafe: bool = False
    lighter: bool = False
    back: bool = True
    added: str = ""
    kept: tuple[str, ...] = ()
    head: str = "head"
    lost: bool = False


def proof(name: str, claim: Claim, runners: Sequence[Runner]) -> None:
    """Prove a claim on histories that are drawn, and count them under a name."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # each example is a second: what fails is short enough to be read
        suppress_health_check=list(HealthCheck),
    )
    @given(claim.histories)
    def proved(history: Drawn) -> None:
        said = prove(history, claim, runners)
        counted[name, "drawn"] += 1
        counted[name, said] += 1
        if said == "refused":
            reject()  # another is drawn in its place

    try:
        proved()
    finally:
        _report()
    if EXAMPLES >= 100:
        assert counted[name, "proved"] > counted[name, "drawn"] / 3


def _report() -> None:
    """Says how many were drawn, proved and refused, beside what the file says of others."""
    if REPORT:
        with Path(REPORT).open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # other processes count, too
            file.seek(0)
            found: dict[str, dict[str, int]] = json.loads(file.read() or "{}")
            found |= {name: dict.fromkeys(("drawn", "proved", "refused"), 0) for name, _ in counted}
            for (name, what), number in counted.items():
                found[name][what] = number
            file.truncate(0)
            file.write(json.dumps(found, indent=1, sort_keys=True))


def prove(history: Drawn, claim: Claim, runners: Sequence[Runner]) -> str:
    """Hold a history against what the fixes of a claim's rules make of it; "proved" or "refused"."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = mended(history, folder, claim)
        if made is None:
            return "refused"
        original, changed, is_whole = made
        schema = base_schema(history)
        shown = "\n".join(path.read_text() for path in sorted(changed.rglob("versions/*.py"))[1:])
        for runner in runners:
            before = runner.run(original, history.start, schema, head=claim.head, back=claim.back)
            after = runner.run(changed, history.start, schema)
            _same(before, after, claim, shown)
            _weaker(before, after)
            # A column that the same batch adds locks the table as hard as ever, and an UPDATE reads it.
            heavy = any(words in history.change for words in ("batch.add_column", "UPDATE"))
            if is_whole and claim.lighter and not heavy:
                assert _weight(after) < _weight(before), shown
        return "proved"


def mended(history: Drawn, folder: Path, claim: Claim) -> tuple[Path, Path, bool] | None:
    """What a history is held against, what was made of it, and whether nothing is left; None for no fix.

    A history of which no rule speaks is another draw's.
    """
    _written(history.files, folder / "drawn")
    request = Request(folder / "drawn", policy="runcrew", select=claim.rules, today=TODAY)
    made = fix.mend(request, unsafe=claim.unsafe)
    left = [each for each in made.outcome.report.findings if each.rule in claim.rules]
    again = [each.rule for each in left if each.fix and (claim.unsafe or each.fix.safety is Safety.SAFE)]
    assert not again, "a second --fix would change something"
    if not made.fixes:
        return None if left else reject()
    original, changed = folder / "original", folder / "mended"
    _written(history.files | history.instead, original)
    _written(history.files | {path: content.decode() for path, content in made.contents.items()}, changed)
    return original, changed, not left


def base_schema(history: Drawn) -> Schema:
    """The schema that the base revision leaves, as the linter replays it."""
    migration: Migration = read(Source("0001.py", history.files["alembic/versions/0001_base.py"]))
    schema = Schema()
    for operation in migration.upgrade:
        schema = schema.after(operation, "0001")
    return schema


def _written(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


# What tells other rows, and a column that has another place among those of its table.
_BY_PLACE = ("rows", "not null")


def _same(original: Outcome, after: Outcome, claim: Claim, shown: str) -> None:
    """The catalogue and the rows are the same in the end, and after downgrade() those of before."""
    left = {
        fact: value
        for fact, value in after.after.items()
        if not (claim.added and fact[0] == "index" and fact[1].partition(".")[2].startswith(claim.added))
    }
    for fact in left:
        if claim.kept and fact[0] == "default" and fact[1].rpartition(".")[2].startswith(claim.kept):
            left[fact] = original.after[fact]
    assert left == original.after, shown
    back, before = (
        {fact: value for fact, value in each.items() if not (claim.lost and fact[0] in _BY_PLACE)}
        for each in (after.back, after.before)
    )
    assert back == before, shown
    assert not claim.back or after.back == original.back, shown


def _weaker(original: Outcome, after: Outcome) -> None:
    """No lock is stronger, and nothing is read or written under a stronger one."""
    for name, rank in after.upgrade.locks.items():
        assert rank <= original.upgrade.locks.get(name, 0), f"{name} is locked harder"
    for name, rank in after.upgrade.scanned.items():
        assert rank <= original.upgrade.scanned.get(name, 0), f"{name} is read under a harder lock"
    assert after.upgrade.rewritten <= original.upgrade.rewritten


def _weight(outcome: Outcome) -> int:
    """How hard the tables are locked, and how hard while all their rows are read."""
    return sum(outcome.upgrade.locks.values()) + sum(outcome.upgrade.scanned.values())
