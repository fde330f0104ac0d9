"""The schemas of a repository's histories at their heads, or after one revision."""

from __future__ import annotations

from dataclasses import replace

from runcrew_lint.domains.migrations.history import History
from runcrew_lint.domains.migrations.identifiers import nearest
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.schema import Schema
from runcrew_lint.model.errors import SetupError

_SHORTEST = 4  # characters of a revision's name that may stand for it, as with Alembic


def standing(history: History, at: str | None) -> list[tuple[str, str, Schema]]:
    """Each history's name, the revision it stands at ("" for several heads) and its schema.

    Arguments:
        at: a revision or its first characters; only its history is given then, with what comes before it.

    Errors:
        SetupError where no revision is called so, or several begin so.
    """
    if at is None:
        return [(each.name, _head(each), _last(each)) for each in history.lineages if each.migrations]
    names = {revision for each in history.lineages for revision in each.by_revision}
    found = [at] if at in names else [name for name in names if len(at) >= _SHORTEST and name.startswith(at)]
    if len(found) != 1:
        raise _unknown(at, sorted(found), names)
    return [
        (each.name, found[0], _last(_until(each, found[0])))
        for each in history.lineages
        if found[0] in each.by_revision
    ]


def _head(lineage: Lineage) -> str:
    return lineage.heads[0].revision if len(lineage.heads) == 1 else ""


def _last(lineage: Lineage) -> Schema:
    return replace(lineage, unread=()).end  # what is known, whatever else could not be read


def _until(lineage: Lineage, revision: str) -> Lineage:
    """The part of a history that a revision rests on."""
    wanted = lineage.up_to(revision)
    kept = tuple(each for each in lineage.migrations if each.revision in wanted)
    return Lineage(lineage.name, kept, lineage.setups, lineage.outside)


def _unknown(at: str, found: list[str], names: set[str]) -> SetupError:
    if found:
        return SetupError(f"several revisions begin with {at}", help=f"there are {', '.join(found)}")
    near = nearest(at, names)
    hint = f"did you mean {near}?" if near else "`runcrew-lint migrations` lists them"
    return SetupError(f"there is no revision {at}", help=hint)
