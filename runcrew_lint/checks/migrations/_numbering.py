"""What a new revision is called: by an id of Alembic's own, or by the next number of the team's row."""

from __future__ import annotations

from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.patterns import lazily

_ROW = 8
_RECENT = 3
_COUNTED = lazily(r"(?P<number>\d{3,5})(?:(?P<between>[a-z]?)_(?P<slug>\w+)|\Z)")
_DATED = lazily(r"(?:19|20)\d\d[_-]?\d\d")
_DAY_BEFORE = lazily(
    r"20\d\d(?P<a>[_-]?)(?:0[1-9]|1[0-2])(?P<b>[_-]?)(?:0[1-9]|[12]\d|3[01])"
    r"(?:(?P<c>[_-])(?:[01]\d|2[0-3])(?P<d>[_-]?)[0-5]\d(?:(?P<e>(?P=d))[0-5]\d)?)?(?P<f>[_-])%\(rev\)s(?P<g>_)?"
)


def next_id(lineage: Lineage, parent: Migration, file_template: str) -> str | None:
    """The id of a revision behind another; "" for one as Alembic gives it, None where it can't be known.

    In a row of numbers it is the next number, and "0561_{slug}" where ids and files say what is done, too.
    Nothing goes between two numbers, and where env.py gives the ids nobody else knows the next one. Nor does
    anybody know what the team calls its files where those before it are not called as the template has it.
    """
    if any(each.own_ids for each in lineage.setups):
        return None
    recent = _recent(lineage, parent)
    if not _is_row(lineage):
        if not file_template:  # Alembic's own begins with the id
            is_called_so = any(_stem(each).startswith(each.revision) for each in recent)
        else:
            is_called_so = "%(rev)s" not in file_template or any(
                each.revision in _stem(each) for each in recent
            )
        return "" if is_called_so else None
    found = [_COUNTED.match(each.revision) for each in recent]
    known = [each for each in found if each is not None and not each["between"]]
    if len(known) < _RECENT or len({(len(each["number"]), bool(each["slug"])) for each in known}) > 1:
        return None
    last, *others = (int(each["number"]) for each in known)
    steps = {one - other for one, other in zip((last, *others), others, strict=False)}
    if len(steps) > 1 or min(steps) < 1 or _is_passed(lineage, last):
        return None
    stem, width = _stem(parent), len(known[0]["number"])
    number = f"{last + min(steps):0{width}}"
    if known[0]["slug"]:
        return f"{number}_{{slug}}" if stem == parent.revision else None
    return number if stem.startswith(f"{parent.revision}_") else None


def usual_name(lineage: Lineage, parent: Migration) -> str:
    """How a revision and those before it are called, as a file_template: by day and id; "" for otherwise.

    Whoever calls them so has a template that is not in the file, or gives the names by hand.
    """
    recent = _recent(lineage, parent)
    found = {_day_before(_stem(each), each.revision) for each in recent}
    return found.pop() if len(found) == 1 and len(recent) == _RECENT else ""


def _day_before(stem: str, revision: str) -> str:
    before, own, behind = stem.partition(revision)
    named = _DAY_BEFORE.fullmatch(f"{before}%(rev)s{behind[:1]}") if own else None
    if named is None or bool(named["g"]) != bool(behind[1:]):
        return ""
    time = ""
    if named["c"]:
        time = f"{named['c']}%(hour).2d{named['d']}%(minute).2d"
        time += f"{named['d']}%(second).2d" if named["e"] is not None else ""
    day = f"%(year)d{named['a']}%(month).2d{named['b']}%(day).2d"
    return f"{day}{time}{named['f']}%(rev)s{'_%(slug)s' if named['g'] else ''}"


def _is_row(lineage: Lineage) -> bool:
    """Whether the team numbers its revisions, or the files of them: most of all, or the last few."""
    known = lineage.derived
    if _is_row not in known:  # asked for each mend that would need a revision
        counted = [each for each in lineage.migrations if _is_counted(each)]
        is_most = len(counted) >= _ROW and 2 * len(counted) > len(lineage.migrations)
        known[_is_row] = is_most or any(
            len(recent) == _RECENT and all(map(_is_counted, recent))
            for recent in (_recent(lineage, head) for head in lineage.heads)
            if len(lineage.migrations) >= _ROW
        )
    return bool(known[_is_row])


def _is_counted(migration: Migration) -> bool:
    names = (migration.revision, _stem(migration))
    return any(_COUNTED.match(each) and not _DATED.match(each) for each in names)


def _recent(lineage: Lineage, last: Migration) -> list[Migration]:
    """A revision and those right before it, as long as each has one parent."""
    by_id = {each.revision: each for each in lineage.migrations}
    found = [last]
    while len(found) < _RECENT and len(found[-1].down_revisions) == 1:
        parent = by_id.get(found[-1].down_revisions[0])
        if parent is None:
            break
        found.append(parent)
    return found


def _is_passed(lineage: Lineage, number: int) -> bool:
    """Whether a revision has a higher number."""
    found = (_COUNTED.match(each.revision) for each in lineage.migrations)
    return any(int(each["number"]) > number for each in found if each is not None)


def _stem(migration: Migration) -> str:
    return migration.path.rpartition("/")[2].removesuffix(".py")
