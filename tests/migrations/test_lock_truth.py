"""The lock model against the truth: 3,304 measurements of 381 forms of statements on PostgreSQL 10 to 18.

Every relation, column and constraint is renamed at random before anything is predicted; RUNCREW_LOCK_SEED
sets the seed. RUNCREW_LOCK_MUTANTS sets how many entries of the lock table are corrupted, one by one (100,
0 for all of them).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.locks.page import page
from runcrew_lint.domains.migrations.locks.rows import LAST_MAJOR, Grade, Majors, Role, Row
from runcrew_lint.domains.migrations.locks.table import SECTIONS, TABLE
from tests.migrations.lock_truth import Base, Record, base, differences, records

SEED = int(os.environ.get("RUNCREW_LOCK_SEED", "20261122"))
MUTANTS = int(os.environ.get("RUNCREW_LOCK_MUTANTS", "100"))

# Forms that the model does not foretell, and why.
EXCEPTIONS = {
    "reassign_owned": "who owns a table is no part of the replayed schema",
    "do_block_commit": "whether a range of keys is looked up by an index is the planner's choice",
}


@cache
def _base() -> Base:
    return base(SEED)


@cache
def _by_form() -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records():
        found.setdefault(record.id, []).append(record)
    return found


def test_the_truth_is_whole() -> None:
    exact = [record for record in records() if record.exact]
    assert len(records()) == 3304
    assert len(exact) == 2972
    assert len({record.id for record in exact}) == 346
    assert {record.major for record in records()} == set(range(10, 19))
    assert len(EXCEPTIONS) <= 10
    assert set(EXCEPTIONS) <= set(_by_form())


@pytest.mark.parametrize("form", sorted(_by_form()))
def test_the_prediction_is_what_servers_did(form: str) -> None:
    found = {
        record.major: told for record in _by_form()[form] if (told := list(differences(record, _base())))
    }
    if form in EXCEPTIONS:
        assert found, "no exception any more"
    else:
        assert not found, _by_form()[form][0].sql


class Seen(dict[str, Row]):
    """The lock table, which notes what is looked up."""

    def __init__(self) -> None:
        super().__init__(TABLE)
        self.asked: set[str] = set()

    def __getitem__(self, form: str) -> Row:
        """The row of a form."""
        self.asked.add(form)
        return super().__getitem__(form)


@cache
def _uses() -> Mapping[str, list[Record]]:
    """The records that each form takes part in, but for the exceptions."""
    found: dict[str, list[Record]] = {}
    for record in records():
        if record.id not in EXCEPTIONS:
            seen = Seen()
            list(differences(record, _base(), seen))
            for form in seen.asked:
                found.setdefault(form, []).append(record)
    return found


# The roles that the truth has many relations in; of the others the tests on live servers have more.
HELD = frozenset({Role.ON, Role.OTHER, Role.INDEX})
_INDEX = "index: ACCESS SHARE from 10"
_COMPARED = "locks on indexes are compared where these are rebuilt, dropped or named"
# What no record tells apart, and why.
UNTOLD = {
    f"alter type: index kept: {_INDEX}": _COMPARED,
    f"set owner: {_INDEX}": _COMPARED,
    f"vacuum: {_INDEX}": _COMPARED,
    "alter type: foreign key checked: scans not other side": "the one record of it rewrites the other side",
    **{
        f"depend on sequence: other side: {what}": "the one record of it takes numbers, too"
        for what in ("ACCESS SHARE from 10", "ROW SHARE from 18", "from 19")
    },
    "set persistence: other side: ROW SHARE from 10": "a sampled lock may be weaker than the one foretold",
    "write: references looked up: other side: ACCESS SHARE from 10": "no record deletes what is referenced",
}


def _mutants(row: Row) -> Iterator[tuple[str, Row]]:
    """A row, corrupted in one entry at a time."""
    for role, grades in row.locks.items():
        if role not in HELD:
            continue
        for at, grade in enumerate(grades):
            weak = LockMode.ROW_SHARE if grade.mode is LockMode.ACCESS_SHARE else LockMode.ACCESS_SHARE
            changed = (*grades[:at], Grade(grade.since, weak), *grades[at + 1 :])
            yield f"{role}: {weak} from {grade.since}", row._replace(locks={**row.locks, role: changed})
            if at:
                later = (*grades[:at], Grade(grade.since + 1, grade.mode), *grades[at + 1 :])
                yield f"{role}: from {grade.since + 1}", row._replace(locks={**row.locks, role: later})
    for name in ("scans", "empties", "moves", "rebuilds"):
        roles: frozenset[Role] = getattr(row, name)
        for role in sorted(roles & HELD):
            changed_roles: dict[str, Any] = {name: roles - {role}}
            yield f"{name} not {role}", row._replace(**changed_roles)
    for role, majors in row.rewrites.items():
        if role not in HELD:
            continue
        rest = {each: kept for each, kept in row.rewrites.items() if each is not role}
        yield f"rewrites not {role}", row._replace(rewrites=MappingProxyType(rest))
        if majors.last <= LAST_MAJOR:
            longer = {**rest, role: Majors(majors.first, majors.last + 1)}
            yield f"rewrites {role} longer", row._replace(rewrites=longer)
    changed_autocommit = Majors() if row.autocommit is None else None
    yield f"autocommit {changed_autocommit}", row._replace(autocommit=changed_autocommit)


def _chosen() -> list[tuple[str, str, Row]]:
    """The corrupted entries to try, of all forms that a record takes part in."""
    mutants = [
        (form, what, mutant)
        for form, row in TABLE.items()
        if form in _uses()
        for what, mutant in _mutants(row)
        if f"{form}: {what}" not in UNTOLD
    ]
    return mutants if not MUTANTS else random.Random(SEED).sample(mutants, min(MUTANTS, len(mutants)))


def _survives(form: str, mutant: Row) -> bool:
    """Whether no record tells the corrupted table from the sound one."""
    table = {**TABLE, form: mutant}
    return not any(any(differences(record, _base(), table)) for record in _uses()[form])


def test_a_corrupted_table_is_found_out() -> None:
    assert len(_uses()) > 0.85 * len(TABLE)
    survivors = [f"{form}: {what}" for form, what, mutant in _chosen() if _survives(form, mutant)]
    assert not survivors, "\n".join(survivors)


def test_the_page_is_fresh() -> None:
    kept = Path(__file__).parents[2] / "docs" / "locks.md"
    assert kept.read_text("utf-8") == page(), "run `python docs/generate.py`"


def test_a_form_stands_in_one_section() -> None:
    assert sum(len(rows) for rows in SECTIONS.values()) == len(TABLE)
