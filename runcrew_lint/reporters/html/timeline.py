"""The migration histories, newest revision first: who waits for what while each one runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runcrew_lint.domains.migrations.overview import RevisionView
from runcrew_lint.engine.portrait import Portrait
from runcrew_lint.reporters.graph import Row, drawn
from runcrew_lint.reporters.html.findings import Findings
from runcrew_lint.reporters.html.words import Entry, Section, code, listed, plain
from runcrew_lint.reporters.migrations import Listed
from runcrew_lint.reporters.said import counted

RECENT = 25  # revisions that are shown before the older ones are asked for
_TABLES = 6
_STYLES = {"reads and writes": "all", "writes": "writes"}  # by whom a lock keeps waiting
_LEGEND = (
    ("all", "reads and writes wait"),
    ("writes", "writes wait"),
    ("none", "nobody waits"),
    ("new", "nothing in use is locked"),
)


def timeline(portrait: Portrait, findings: Findings) -> Section | None:
    """Every history; None where there is none."""
    histories = [Listed(*each) for each in portrait.histories]
    if not histories:
        return None
    parts = [
        Entry(f"history-{at}", each.lineage.name.removesuffix("[alembic]"), f"{len(each.views):,}")
        for at, each in enumerate(histories)
    ]
    legend = "".join(f'<li class="{style}"><i class="dot"></i>{said}</li>' for style, said in _LEGEND)
    body = [
        f"<p>The locks that each revision takes on what was there before, as PostgreSQL "
        f"{portrait.delivery.policy.postgres} takes them; the newest revision is at the top.</p>",
        f'<ul class="legend" aria-label="Colours of the timeline">{legend}</ul>',
    ]
    for entry, each in zip(parts, histories, strict=True):
        body += _history(entry, each, portrait, findings)
    return Section(Entry("migrations", "Migrations"), tuple(parts), "\n".join(body))


def _history(entry: Entry, listed: Listed, portrait: Portrait, findings: Findings) -> Iterator[str]:
    lineage, views = listed
    heads = [each.revision for each in lineage.heads]
    ends = f"{'head' if len(heads) == 1 else f'{len(heads)} heads'} {', '.join(map(code, heads))}"
    yield f'<section class="history" id="{entry.anchor}"><h3>{plain(lineage.name)}</h3>'
    yield f'<p class="soft">{counted(len(views), "revision")}, {ends}</p>'
    by_revision = {each.migration.revision: each for each in views}
    newest = [each.migration.revision for each in reversed(views)]
    rows = list(drawn(newest, lambda name: by_revision[name].migration.down_revisions))
    width = max((len(each.margin) for each in rows), default=0)
    margins = ["", *(each.margin.ljust(width) for each in rows), ""]
    items = [
        _revision(by_revision[each.revision], margins[at : at + 3], portrait, findings)
        if each.revision
        else f'<li class="turn" aria-hidden="true">{_turn(margins[at + 1])}</li>'
        for at, each in enumerate(rows)
    ]
    recent = _first(rows, RECENT)
    yield from _list(items[:recent])
    if recent < len(rows):
        older = counted(sum(bool(each.revision) for each in rows[recent:]), "older revision")
        yield f"<details><summary>{older}</summary>"
        yield from _list(items[recent:])
        yield "</details>"
    yield "</section>"


def _first(rows: Sequence[Row], most: int) -> int:
    """How many rows the first revisions take; a few more are not worth a fold."""
    places = [at for at, each in enumerate(rows) if each.revision]
    return len(rows) if len(places) <= most + 5 else places[most]


def _list(items: Sequence[str]) -> Iterator[str]:
    yield '<ol class="timeline">'
    yield from items
    yield "</ol>"


def _revision(view: RevisionView, margins: Sequence[str], portrait: Portrait, findings: Findings) -> str:
    """A revision; `margins` are those of the row before, of its own, and of the next."""
    migration = view.migration
    when = f"<time>{plain(migration.date)}</time>" if migration.date else ""
    lanes = "".join(f'<i class="{_lane(at, margins)}"></i>' for at in range(0, len(margins[1]), 2))
    count, anchor = findings.of(migration.path)
    message = plain(portrait.cover(migration.message))
    said = ["; ".join(effects)] if (effects := list(_effects(view))) else []
    said += [f'<a href="#{anchor}">{counted(count, "finding")}</a>'] if count else []
    return (
        f'<li class="{_waiting(view)}"><span class="lanes" aria-hidden="true">{lanes}</span>'
        f'<div class="revision"><p>{code(migration.revision)} <b>{message}</b> {when}</p>'
        f'<p class="locks">{" · ".join(said)}</p></div></li>'
    )


def _waiting(view: RevisionView) -> str:
    return _STYLES.get(view.blocks, "none") if view.lock else "new"


def _effects(view: RevisionView) -> Iterator[str]:
    for mode, locked in view.locks:
        yield f'<span class="lock">{mode}</span> on {listed(locked, _TABLES)}: {mode.waiting}'
    scans = [each for each in view.scans if each not in view.rewrites]
    for verb, tables in (("creates", view.creates), ("rewrites", view.rewrites), ("scans", scans)):
        if tables:
            yield f"{verb} {listed(tables, _TABLES)}"
    if view.unresolved:
        yield f"{view.unresolved:,} of {counted(view.operations, 'operation')} not read"


def _lane(at: int, margins: Sequence[str]) -> str:
    """A lane beside a revision: its node, cut short where nothing leads to it or on; or what passes by."""
    if margins[1][at] != "*":
        return "line" if margins[1][at] == "|" else ""
    before, _, after = (each[max(at - 1, 0) : at + 2].strip() for each in margins)
    return " ".join(["node", *([] if before else ["first"]), *([] if after else ["last"])])


def _turn(margin: str) -> str:
    """A row in which lanes join or part."""
    strokes = {"|": (0, 0), "/": (8, -8), "\\": (-8, 8)}
    places = ((at * 8 + 8, strokes[sign]) for at, sign in enumerate(margin) if sign in strokes)
    lines = "".join(f'<path d="M{x + top},0 L{x + bottom},14"/>' for x, (top, bottom) in places)
    return f'<svg width="{len(margin) * 8 + 8}" height="14">{lines}</svg>'
