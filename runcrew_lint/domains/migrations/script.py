"""A migration that is a plain SQL script: its tool, its two directions, its transaction, its statements.

What each tool does is what its own documentation says: golang-migrate, goose, sql-migrate, dbmate, Flyway,
sqlx, diesel, Prisma, Drizzle, Supabase, and folders of numbered scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from posixpath import basename, dirname, join, normpath

from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.migrations import dialect, script_database, statements
from runcrew_lint.domains.migrations.facts import (
    NOWHERE,
    Direction,
    Form,
    Kind,
    Migration,
    Operation,
    Transaction,
    Unresolved,
)
from runcrew_lint.domains.migrations.outline import refused
from runcrew_lint.domains.migrations.search_path import placed
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_VERSION = r"(?P<version>\d+(?:T\d+Z?)?"
_UP_DOWN = lazily(rf"(?P<head>v?{_VERSION})[._-].*)\.(?P<way>up|down)\.sql\Z", re.IGNORECASE)
_FLYWAY = lazily(r"(?P<way>[VUBR])(?P<version>\d[\w.]*?)?__(?P<rest>.+)\.sql\Z")
_DATED = lazily(r"(?P<version>\d[\d-]*)[_-].+\Z")
_NUMBERED = lazily(rf"{_VERSION}(?:[._-]\d+)*)[._-].*\.sql\Z", re.IGNORECASE)
_LONGEST_COUNT = 3  # of digits: folders that are counted, not dated, are no one tool's
_RELEASE = lazily(r"v?\d+(?:\.\d+)*\Z")
_SECTION = lazily(
    r"^--[ \t]*(?:\+(?P<tool>goose|migrate)[ \t]+|(?P<dbmate>migrate:))"
    r"(?P<word>up|down|no[ \t]+transaction)\b(?P<rest>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_WITHOUT = lazily(r"^--[ \t]*(?:no-transaction|atlas:txmode[ \t]+none)\b", re.MULTILINE)
_INCLUDES = lazily(r"\\i(?:r|nclude|nclude_relative)?[ \t]+(?:'(?P<quoted>[^']+)'|(?P<plain>\S+))")
_DATE = lazily(r"(\d{4})-?(\d{2})-?(\d{2})")


class _Shape(NamedTuple):
    """What the path of a script says.

    `folder` is the one whose scripts are one history; `down` the script of the way back, where that is a
    file of its own; `whole` how the tool sends a script (see `Sent`).
    """

    tool: str
    version: str
    folder: str
    down: str = ""


class Sent:
    """How a tool sends a script."""

    EACH = "each"  # in a transaction of its own
    APART = "apart"  # so, too, but what no transaction takes is sent by itself, between two of them
    NONE = "none"  # statement by statement, each committed at once
    BATCH = "batch"  # as one text, which the server takes for one transaction if it holds several statements
    UNKNOWN = ""


def read(source: Source, reading: Reading) -> Migration | None:
    """The migration that begins in this script; None for a way back, which belongs to another's."""
    shape = _shape(source.path, reading)
    if shape is None:
        return None
    text = source.text
    back = reading.consult(shape.down) if shape.down else None
    ways = _Ways(text)
    tool = ways.tool or shape.tool
    said = dialect.by_path(f"{shape.folder}/") or script_database.kept(shape.folder, tool, reading)
    if not said:
        said = dialect.by_content(text) or script_database.driven(shape.folder, tool, reading)
        if said in ("", dialect.POSTGRES) and script_database.runs_on_cockroach(shape.folder, tool, reading):
            said = dialect.COCKROACH
    common = Migration(
        source.path,
        shape.version,
        file_date=_date(shape.version),
        message=basename(source.path),
        tool=tool,
        dialect=said,
        folder=shape.folder,
        one_way=back is None and not ways.down,
    )
    if said not in ("", dialect.POSTGRES):
        return common
    sent = reading.policy.migrations.sql_transaction or _sent(tool, ways, text, shape, reading)
    up = _Direction(Direction.UPGRADE, text, ways.up, sent)
    if back is not None:
        down = _Direction(Direction.DOWNGRADE, back.text, (Span(0, len(back.text)),), sent, up.operations)
    else:
        down = _Direction(Direction.DOWNGRADE, text, ways.down, ways.sent_back or sent, up.operations)
    return replace(
        common,
        upgrade=up.operations,
        downgrade=down.operations,
        unresolved=(*up.unresolved, *down.unresolved),
        upgrade_span=up.span,
        downgrade_span=down.span,
        downgrade_path=shape.down if back is not None else "",
        downgrade_raises=refused(down.operations),
        downgrade_empty=not common.one_way and not down.operations and not down.unresolved,
        includes=tuple(_included(source, up.unresolved)),
    )


def _included(source: Source, unresolved: Iterable[Unresolved]) -> Iterator[str]:
    """The files that psql is told to read, from the folder of this one or the one that it was started in."""
    for each in unresolved:
        if told := _INCLUDES.match(source.text, each.span.start):
            named = told["quoted"] or told["plain"]
            yield from sorted({normpath(join(dirname(source.path), named)), normpath(named)})


def _shape(path: str, reading: Reading) -> _Shape | None:
    folder, name = dirname(path), basename(path)
    dated = _DATED.match(basename(folder))
    if name.lower() in ("up.sql", "migration.sql") and dated:
        paired = name.lower() == "up.sql"
        dates = len(dated["version"]) > _LONGEST_COUNT
        tool = "prisma" if not paired else "diesel" if dates else ""
        # Prisma's manual, "Generating down migrations", puts it beside migration.sql, too.
        return _Shape(tool, dated["version"], dirname(folder), join(folder, "down.sql"))
    if name.lower() == "down.sql":
        return None
    if pair := _UP_DOWN.match(name):
        if pair["way"].lower() == "down":
            return None
        cargo = _is_rust(folder, reading)
        down = join(folder, f"{pair['head']}.down.sql")
        return _Shape("sqlx" if cargo else "golang-migrate", pair["version"], _base(folder), down)
    if flyway := _FLYWAY.match(name):
        if flyway["way"] == "U":
            return None
        version = flyway["version"] or f"R {flyway['rest']}"
        back = f"U{flyway['version']}__{flyway['rest']}.sql" if flyway["way"] == "V" else ""
        return _Shape("flyway", version, folder, join(folder, back) if back else "")
    numbered = _NUMBERED.match(name)
    if numbered is None:
        return None
    tool = "supabase" if _is_supabase(folder, numbered["version"], reading) else ""
    tool = tool or ("drizzle" if reading.consult(join(folder, "meta/_journal.json")) is not None else "")
    tool = tool or ("sqlx" if _is_rust(folder, reading) else "")
    return _Shape(tool, numbered["version"], _base(folder))


def _is_supabase(folder: str, version: str, reading: Reading) -> bool:
    """Whether Supabase's CLI runs it, and not somebody in the dashboard: it has a settings file, and writes
    versions of fourteen digits.
    """
    if folder.split("/")[-2:] != ["supabase", "migrations"]:
        return False
    return len(version) == 14 or reading.consult(join(dirname(folder), "config.toml")) is not None


def _base(folder: str) -> str:
    """The folder of a history: folders of releases within it are passed over."""
    while _RELEASE.match(basename(folder)):
        folder = dirname(folder)
    return folder


def _is_rust(folder: str, reading: Reading) -> bool:
    while folder:
        folder = dirname(folder)
        if reading.consult(join(folder, "Cargo.toml")) is not None:
            return True
    return False


def _date(version: str) -> str:
    found = _DATE.match(version)
    if not found or not (
        "1990" <= found[1] <= "2100" and "01" <= found[2] <= "12" and "01" <= found[3] <= "31"
    ):
        return ""
    return "-".join(found.groups())


class _Ways:
    """The parts of a script that marks set apart: goose's, sql-migrate's and dbmate's."""

    def __init__(self, text: str) -> None:
        self.tool = ""
        self.sent = self.sent_back = Sent.UNKNOWN
        up: list[Span] = []
        down: list[Span] = []
        marks = list(_SECTION.finditer(text))
        for at, mark in enumerate(marks):
            self.tool = _MARKED[(mark["tool"] or mark["dbmate"]).lower()]
            word = mark["word"].lower()
            if word.startswith("no"):
                self.sent = self.sent_back = Sent.NONE
                continue
            after = (each.start() for each in marks[at + 1 :] if not each["word"].lower().startswith("no"))
            (up if word == "up" else down).append(Span(mark.end(), next(after, len(text))))
            if re.search(r"notransaction|transaction\s*:\s*false", mark["rest"], re.IGNORECASE):
                sent = Sent.BATCH if self.tool == "dbmate" else Sent.NONE
                if word == "up":
                    self.sent = sent
                else:
                    self.sent_back = sent
        self.up = tuple(up) if marks else (Span(0, len(text)),)
        self.down = tuple(down)


_MARKED = {"goose": "goose", "migrate": "sql-migrate", "migrate:": "dbmate"}
_BY_TOOL = {
    **dict.fromkeys(("goose", "sql-migrate", "dbmate", "sqlx", "diesel", "drizzle"), Sent.EACH),
    "supabase": Sent.APART,  # since 2.109, and after 2.111 DROP INDEX CONCURRENTLY, too
    **dict.fromkeys(("golang-migrate", "prisma"), Sent.BATCH),
}
_CONCURRENTLY = lazily(r"\bconcurrently\b", re.IGNORECASE)


def _sent(tool: str, ways: _Ways, text: str, shape: _Shape, reading: Reading) -> str:
    """How the tool sends this script."""
    if ways.sent:
        return ways.sent
    if tool == "sqlx" and _WITHOUT.match(text):
        return Sent.BATCH
    if tool == "diesel":
        settings = reading.consult(join(dirname(shape.down), "metadata.toml"))
        if settings is not None and re.search(r"run_in_transaction\s*=\s*false", settings.text):
            return Sent.BATCH
    if tool == "flyway":  # it looks for what can't run in a transaction, and then uses none
        return Sent.NONE if _CONCURRENTLY.search(text) else Sent.EACH
    return _BY_TOOL.get(tool, Sent.NONE if _WITHOUT.search(text) else Sent.UNKNOWN)


def parts_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parts of a script that run on the way there, and on the way back."""
    ways = _Ways(text)
    up, down = (tuple(text[each.start : each.end] for each in parts) for parts in (ways.up, ways.down))
    return up, down


class _Direction:
    """One direction of a script, read."""

    def __init__(
        self,
        direction: Direction,
        text: str,
        parts: tuple[Span, ...],
        sent: str,
        upgrade: tuple[Operation, ...] = (),
    ) -> None:
        self.direction = direction
        self.unresolved: tuple[Unresolved, ...] = ()
        found = [each for part in parts for each in _placed(text, part)]
        self.operations = placed(
            [*_in_transaction([e for e in found if isinstance(e, Operation)], sent)], upgrade
        )
        before = list(accumulate((isinstance(each, Operation) for each in found), initial=0))
        self.unresolved = tuple(
            Unresolved(direction, each.span, each.what, each.why, count, count)
            for each, count in zip(found, before, strict=False)
            if isinstance(each, statements.Gap)
        )
        self.span = found[0].span if found else parts[0] if parts else NOWHERE


def _placed(text: str, part: Span) -> Iterator[Operation | statements.Gap]:
    """What a part of a script does, with places in the whole."""
    for each in statements.read(text[part.start : part.end]):
        span = Span(each.span.start + part.start, each.span.end + part.start)
        if isinstance(each, statements.Gap):
            yield replace(each, span=span)
        else:
            yield replace(each, span=span, call=span, form=Form.SQL)


def _needs_none(operation: Operation) -> bool:
    """Whether a transaction refuses it: what runs CONCURRENTLY, and a COMMIT in a DO block."""
    return operation.concurrently or (operation.words == "do" and bool(operation.options))


_INDEXED = (Kind.CREATE_INDEX, Kind.DROP_INDEX, Kind.REINDEX)


def _is_sent_alone(operation: Operation) -> bool:
    """Whether a tool that sends some statements by themselves does so with it: not with all."""
    return operation.kind in (Kind.VACUUM, Kind.CLUSTER) or (
        operation.concurrently and operation.kind in _INDEXED
    )


def _in_transaction(found: list[Operation], sent: str) -> Iterator[Operation]:
    """The operations with the transaction that each runs in."""
    alone = len({each.span for each in found}) == 1
    outside = Transaction.AUTOCOMMIT
    within = sent in (Sent.EACH, Sent.APART)
    if within or (sent == Sent.BATCH and not alone):
        outside = Transaction.MIGRATION
    elif sent == Sent.UNKNOWN:
        # Nobody says who runs it: what a transaction would refuse is not held against it.
        outside = Transaction.ENDED if any(map(_needs_none, found)) else Transaction.MIGRATION
    current = outside
    for each in found:
        steers = each.kind in (Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK)
        if each.kind is Kind.BEGIN:
            current = Transaction.MIGRATION
        # A tool that begins no transaction leaves it to the script.
        apart = sent == Sent.APART and _is_sent_alone(each)
        state = Transaction.AUTOCOMMIT if apart or (steers and not within) else current
        yield replace(each, transaction=state) if state is not each.transaction else each
        if steers and each.kind is not Kind.BEGIN:
            current = Transaction.ENDED if outside is Transaction.MIGRATION else outside
