"""The histories that SQL scripts make: a folder is one, in the order in which its tool runs them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from runcrew_lint.domains.migrations.dialect import COCKROACH, POSTGRES
from runcrew_lint.domains.migrations.facts import Migration
from runcrew_lint.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import number_of

_NUMBER = lazily(r"\d+")


@frozen
class Left:
    """Scripts that no rule judges, why, and what helps; `first` is the path of the first of them."""

    folder: str
    first: str
    count: int
    why: str
    help: str = ""


def chains(
    scripts: Iterable[Migration], declared: str = ""
) -> tuple[dict[str, tuple[Migration, ...]], tuple[Left, ...]]:
    """The histories that are PostgreSQL's, by folder, each script after the one before it; and the others.

    A script that another one includes is a part of that, and no migration.

    Arguments:
        declared: the database that the policy says scripts are for, where they do not say so themselves.
    """
    known = tuple(scripts)
    parts = {path for each in known for path in each.includes}
    folders: dict[str, list[Migration]] = {}
    for each in known:
        if each.path not in parts:
            folders.setdefault(each.folder, []).append(each)
    found: dict[str, tuple[Migration, ...]] = {}
    left = []
    for folder, members in sorted(folders.items()):
        dialect = _dialect(members) or declared
        ordered = sorted(members, key=order_of)
        aside = _set_aside(folder, folders)
        if aside:
            why = f"{aside} lies beside the scripts that run, and is named for those that do not"
            left.append(Left(folder, ordered[0].path, len(ordered), why, "delete them, or move them"))
        elif dialect == POSTGRES:
            found[folder] = _chained([each for each in ordered if each.dialect in ("", POSTGRES)])
        else:
            why = f"they are written for {dialect}" if dialect else "nothing in them says for which database"
            help = "" if dialect else "say `sql_dialect: postgresql` under the policy's `migrations`"
            left.append(Left(folder, ordered[0].path, len(ordered), why, help))
    return found, tuple(left)


_ASIDE = lazily(
    r"(?:.*[_.-])?(?:old|archived?|legacy|deprecated|obsolete|unused|future)(?:[_.-].*)?\Z", re.IGNORECASE
)


def _set_aside(folder: str, others: Iterable[str]) -> str:
    """The folder around these scripts, or their own, whose name says that they do not run; "" for none.

    It counts only below a folder that holds other scripts, too: a whole project may be called `legacy`.
    """
    pieces = folder.split("/")
    for at in range(1, len(pieces)):
        if _ASIDE.match(pieces[at]):
            around, aside = "/".join(pieces[:at]), "/".join(pieces[: at + 1])
            if any(
                f"{each}/".startswith(f"{around}/") and not f"{each}/".startswith(f"{aside}/")
                for each in others
            ):
                return aside
    return ""


_BACK = lazily(r"(?P<head>.*\.)down\.sql\Z|(?:.*/)?down\.sql\Z|(?:.*/)?U\d[\w.]*__.+\.sql\Z", re.IGNORECASE)


def lone_ways_back(paths: Iterable[str], scripts: Iterable[Migration]) -> list[str]:
    """Files of the scripts' folders that are named as the way back of a script that is not there."""
    known = list(scripts)
    folders = {each.folder for each in known}
    read = {each.downgrade_path for each in known} | {each.path for each in known}
    return sorted(
        path
        for path in paths
        if path.endswith((".sql", ".SQL"))
        and path not in read
        and _BACK.match(path)
        and any(path.startswith(f"{folder}/" if folder else "") for folder in folders)
    )


def _dialect(members: list[Migration]) -> str:
    """What most of the scripts that say so are written for; "" where none says.

    CockroachDB takes PostgreSQL's words, so that one script which only it takes tells of all of them.
    """
    if any(each.dialect == COCKROACH for each in members):
        return COCKROACH
    votes = Counter(each.dialect for each in members if each.dialect)
    return votes.most_common(1)[0][0] if votes else ""


def order_of(each: Migration) -> tuple[bool, list[tuple[int, str]]]:
    """Repeatable scripts come last; the others by the numbers in their path, but for diesel's."""
    path = each.path[len(each.folder) :]
    if each.tool == "diesel":  # it takes the dashes out of a version, and compares what is left as text
        return False, [(-1, path.replace("-", "").partition("_")[0]), (-1, path)]
    pieces = re.split(r"(\d+)", path)
    key = [(number_of(piece), "") if _NUMBER.fullmatch(piece) else (-1, piece) for piece in pieces if piece]
    return each.revision.startswith("R "), key


def _chained(ordered: list[Migration]) -> tuple[Migration, ...]:
    counts = Counter(each.revision for each in ordered)
    made: list[Migration] = []
    for each in ordered:
        revision = each.revision
        if counts[revision] > 1:  # numbers that begin anew in the folder of each release
            revision = each.path[len(each.folder) :].strip("/").removesuffix(".sql")
        before = (made[-1].revision,) if made else ()
        made.append(replace(each, revision=revision, down_revisions=before))
    return tuple(made)
