"""What PostgreSQL 10 to 18 locked, rewrote and scanned: measured on servers, and read here for the tests.

A record says, for one form of statement on one server, what the statement took from the schema of
lock_base.sql after its setup. `exact` ones were read from pg_locks before the transaction ended; the others
were sampled while the statement ran (it can't run in a transaction, or it fails), so that a short lock may
be missing.
`scanned` are tables of which 1,000 rows or more were read; `rewritten` are those with a new file.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from runcrew_lint.domains.migrations.facts import Kind, Operation, Relation
from runcrew_lint.domains.migrations.locks.effect import Effect
from runcrew_lint.domains.migrations.locks.modes import LockMode
from runcrew_lint.domains.migrations.locks.predict import predict
from runcrew_lint.domains.migrations.locks.rows import Row
from runcrew_lint.domains.migrations.locks.table import TABLE
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.domains.migrations.statements import Gap, read

FOLDER = Path(__file__).parent
_BY_NAME = {str(mode): mode for mode in LockMode}


class Record(NamedTuple):
    """One statement form on one server."""

    id: str
    major: int
    setup: tuple[str, ...]
    sql: tuple[str, ...]
    exact: bool
    failed: bool
    locks: Mapping[str, str]
    rewritten: frozenset[str]
    rebuilt: frozenset[str]
    dropped: frozenset[str]
    scanned: frozenset[str]
    needs_autocommit: bool


@cache
def records() -> tuple[Record, ...]:
    """All of them."""
    forms = json.loads(gzip.decompress((FOLDER / "lock_truth.json.gz").read_bytes()))
    return tuple(
        Record(
            form["id"],
            run["major"],
            tuple(form["setup"]),
            tuple(form["sql"]),
            run["exact"],
            run["failed"],
            run["locks"],
            frozenset(run["rewritten"]),
            frozenset(run["rebuilt"]),
            frozenset(run["dropped"]),
            frozenset(run["scanned"]),
            run["needs_autocommit"],
        )
        for form in forms
        for run in form["runs"]
    )


# Every name of lock_base.sql that it gives itself; those the server makes up follow from them.
NAMES = """
t parent child solo empty_t unlog solo_view solo_mv viewed viewed_view inh_parent inh_child part part_1
part_2 part_new part_newck part_def part_3 other seq1 seq2 mood mood_unused mood2 mood9 comp dtext dpos
trg f_immut t_pkey t_b_idx t_v10i_idx t_txti_idx t_i4i_idx t_numi_idx t_tsi_idx t_tstzi_idx t_dropme_idx
t_uq_ready t_uqn_ready child_t_fk child_t_id_idx solo_v_idx solo_mv_id ck a_nn a_pos k k1 v10_ck uqn_nn
newpk t_v10_part t_v10_expr t_expr t_pk2 t_b_idx2 t2 a_new vv nope nope_idx tg tg2 p n n2 r g etf x sv2
id a a2 b i4 i4i si i8 v10 v10i v50 txt txti c5 num numi num_plain ts tsi ts3 tstz tstzi tm itv d ci js
jsb m mt arr flag u ip cid vb b8 f4 dt dp parent_id uq uqn dflt du rng i8seq dropme chk code t_id
other_id v w e3 y z
""".split()  # noqa: SIM905 - a long list of words reads better so
_ENDINGS = ("pkey", "key", "fkey", "idx", "seq", "check")


class Names:
    """Every name as it is called in one run of the test; without a seed each keeps its own."""

    def __init__(self, seed: int | None) -> None:
        choice = random.Random(seed)
        self._new = dict(zip(NAMES, NAMES, strict=True))
        taken: set[str] = set()
        for name in NAMES if seed is not None else ():
            made = name
            while made in taken or made == name:
                made = "q" + "".join(choice.choices(string.ascii_lowercase, k=choice.randint(4, 9)))
            taken.add(made)
            self._new[name] = made
        self._longest = sorted(NAMES, key=len, reverse=True)

    def __getitem__(self, name: str) -> str:
        """The name of a relation, column or constraint; `schema.name` is one of each."""
        if "." in name:
            return ".".join(self[part] for part in name.split("."))
        return self._new.get(name) or self._made_up(name)

    def _made_up(self, name: str) -> str:
        """A name that the server makes of a table's and a column's."""
        head, _, ending = name.rpartition("_")
        if ending not in _ENDINGS:
            return name
        if head in self._new:
            return f"{self._new[head]}_{ending}"
        for table in self._longest:
            column = head.removeprefix(f"{table}_")
            if column != head and column in self._new:
                return f"{self._new[table]}_{self._new[column]}_{ending}"
        return name

    def sql(self, text: str) -> str:
        """SQL with its names replaced, in strings, too."""
        return re.sub(r"(?<![\w$])[a-z_][a-z0-9_]*", lambda found: self[found[0]], text)


class Base(NamedTuple):
    """The replayed base schema, and the tables that hold rows."""

    names: Names
    schema: Schema
    filled: frozenset[Relation]


def statements(sql: str) -> list[list[Operation]]:
    """The operations of each statement."""
    found: list[list[Operation]] = []
    for each in read(sql):
        if isinstance(each, Gap):
            raise AssertionError(f"{each.what}: {each.why} in {sql}")
        if each.part and found:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def base(seed: int | None) -> Base:
    """lock_base.sql under other names."""
    names = Names(seed)
    schema = Schema()
    filled: set[Relation] = set()
    for statement in statements(names.sql((FOLDER / "lock_base.sql").read_text())):
        for operation in statement:
            schema = schema.after(operation, "base")
            filled |= _fills(operation)
    return Base(names, schema, frozenset(filled))


def _fills(operation: Operation) -> set[Relation]:
    view = operation.kind is Kind.CREATE_VIEW and operation.materialized
    return {operation.table.key} if view or operation.kind is Kind.INSERT else set()


def foretold(record: Record, base: Base, table: Mapping[str, Row] = TABLE) -> Effect:
    """What is predicted for a record."""
    schema = base.schema
    filled = set(base.filled)
    for text in record.setup:
        session = text.startswith("SET ")
        for statement in statements(base.names.sql(text) if not session else text):
            for operation in statement:
                schema = schema.after(operation, "record" if session else "setup")
                filled |= _fills(operation)
    effect = Effect()
    for text in record.sql:
        for statement in statements(base.names.sql(text)):
            made = predict(
                statement,
                schema,
                record.major,
                revision="record",
                rows=lambda name: name.key in filled,
                table=table,
            )
            effect = effect.joined(made)
            for operation in statement:
                schema = schema.after(operation, "record")
    return effect


def differences(record: Record, base: Base, table: Mapping[str, Row] = TABLE) -> Iterator[str]:
    """Where the prediction and the truth part."""
    effect = foretold(record, base, table)
    before = _before(record, base)
    indexes = {name for name, is_index in before.items() if is_index}
    relations = set(before) - indexes

    def seen(names: Sequence[str] | frozenset[str]) -> set[str]:
        return {base.names[name] for name in names}

    told = {str(name): str(mode) for name, mode in effect.locks.items()}
    measured = {base.names[name]: mode for name, mode in record.locks.items()}
    changed = seen(record.rebuilt | record.dropped) & indexes
    own_words = " ".join(base.names.sql(text) for text in record.sql)
    changed |= {name for name in indexes if re.search(rf"\b{name}\b", own_words)} if record.exact else set()
    for name in sorted((relations | changed) & (set(told) | set(measured))):
        mine, theirs = told.get(name, "no lock"), measured.get(name, "no lock")
        if mine != theirs and (record.exact or (name in measured and not _covers(mine, theirs))):
            yield f"lock on {name}: {mine}, measured {theirs}"
    if record.needs_autocommit is not effect.needs_autocommit:
        yield f"autocommit {effect.needs_autocommit}"
    if record.failed:
        return
    for what, mine_all, theirs_all in (
        ("rewritten", effect.rewrites, record.rewritten),
        ("scanned", effect.scans, record.scanned),
        ("rebuilt", effect.rebuilds, record.rebuilt),
    ):
        ours = {str(name) for name in mine_all} & set(before)
        if ours != seen(theirs_all) & set(before):
            yield f"{what}: {sorted(ours)}, measured {sorted(seen(theirs_all))}"


def _covers(mine: str, theirs: str) -> bool:
    return mine in _BY_NAME and _BY_NAME[mine] >= _BY_NAME[theirs]


def _before(record: Record, base: Base) -> dict[str, bool]:
    """The relations that there were before the record's statement; True for indexes."""
    schema = base.schema
    for text in record.setup:
        if not text.startswith("SET "):
            for statement in statements(base.names.sql(text)):
                for operation in statement:
                    schema = schema.after(operation, "setup")
    found = {str(name): False for name, _ in schema.tables.items()}
    found |= {str(name): False for name, _ in schema.sequences.items()}
    found |= {str(name): False for name, _ in schema.types.items()}
    found |= {str(name): True for name, _ in schema.index_tables.items()}
    return found
