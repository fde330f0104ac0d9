"""What an earlier commit's files give, by the same policy: a change answers for what it adds to that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from runcrew_lint.domains.fact import Worktree
from runcrew_lint.domains.promises.facts import Promise, Promises
from runcrew_lint.engine import revisions
from runcrew_lint.engine.base import GitBase
from runcrew_lint.engine.baseline import Baseline, Counts, counted
from runcrew_lint.engine.cache import key_of, tag_of
from runcrew_lint.engine.case import Case
from runcrew_lint.engine.discover import Tree
from runcrew_lint.engine.disk import Skipped, Stat
from runcrew_lint.engine.files import Files
from runcrew_lint.engine.fingerprint import Fingerprint
from runcrew_lint.engine.overlay import Overlaid
from runcrew_lint.policy.globs import glob_pattern
from runcrew_lint.tuples import NamedTuple

Promised = tuple[str, tuple[str, ...], bool]  # file, rules, and whether it holds for the whole file


class Before(NamedTuple):
    """The findings of the commit, and the promises that its files made."""

    found: Counts
    promised: Mapping[Promised, int]

    def as_known(self, moved: Mapping[str, str]) -> Baseline:
        """What a run of now does not report again; a file that only moved takes its findings along.

        Arguments:
            moved: new paths by old ones.
        """
        return Baseline(
            Counter(
                {
                    each._replace(path=moved.get(each.path, each.path)): count
                    for each, count in self.found.items()
                }
            ),
            "",
        )


def before(case: Case, base: GitBase) -> Before:
    """The findings of the base by the policy, the rules and the day of a run; kept while those are the same.

    A fact of a file that has not changed is the run's own; git is asked for the others alone.
    """
    about = repr((case.policy, case.chosen, case.request.exclude, str(case.request.today)))
    key = key_of(f"{case.request.root.resolve()}@{base.commit}", tag_of("before", 2, about), b"")
    row = case.cache.rows([key]).get(key)
    kept = _rebuilt(row.value) if row else None
    if kept is None:
        kept = _judged(case, base)
        case.cache.store(key, {}, _plain(kept))
    return kept


def _judged(case: Case, base: GitBase) -> Before:
    then = earlier(case, base)
    judged = then.judged()
    found = then.bench(judged).standing(judged.verdicts, judged.able)
    return Before(counted(found), promised(judged.promises))


def earlier(case: Case, base: GitBase) -> Case:
    """The same case with the files of the base."""
    request = case.request
    shut_out = [
        glob_pattern(glob) for glob in (*request.exclude, *(each.glob for each in case.policy.exclude))
    ]
    paths = [path for path in base.paths if not any(pattern.match(path) for pattern in shut_out)]
    changed = {path: base.blobs[path] for path in paths if base.is_changed(path)}
    contents = revisions.contents(request.root, changed)
    now = case.tree.stats
    stats = {
        path: now[path] if path not in changed and path in now else Stat(0, 0, 0, 0)
        for path in paths
        if path not in changed or path in contents
    }
    tree = Tree(case.tree.root, case.tree.top, stats)
    files = Files(request.root, case.cache, contents, stats)
    return replace(
        case,
        request=replace(request, targets=frozenset(), overlay=contents, history="", brief=True),
        tree=tree,
        worktree=_worktree(tree, case.tree, contents),
        files=files,
        past={},
    )


def _worktree(tree: Tree, now: Tree, contents: Mapping[str, bytes]) -> Worktree:
    """What git ignores there follows from the ignore files of then."""
    ignoring = [{path for path in each.paths if path.split("/")[-1] == ".gitignore"} for each in (tree, now)]
    changed = {path: contents[path] for path in ignoring[0] & contents.keys()}
    return Overlaid(tree, changed) if changed or ignoring[0] != ignoring[1] else tree


def promised(facts: Iterable[Promises]) -> Mapping[Promised, int]:
    """The promises of comments, as far as another run can tell them apart."""
    return Counter(named(fact.path, promise) for fact in facts for promise in fact.promises)


def named(path: str, promise: Promise) -> Promised:
    """A promise without its line."""
    return path, tuple(promise.rules), promise.first == 0


def moved(case: Case, base: GitBase) -> dict[str, str]:
    """Where files lie now that the base has elsewhere, with the same bytes."""
    gone = {path: name for path, name in base.blobs.items() if path not in case.tree.stats}
    if not gone:
        return {}
    new = []
    for path in case.tree.paths:
        if path not in base.blobs:
            try:
                new.append((path, case.files.content(path)))
            except (OSError, Skipped):
                continue
    return revisions.moved(gone, new)


def _plain(kept: Before) -> Any:
    return [
        [[*each, count] for each, count in kept.found.items()],
        [[path, list(rules), whole, count] for (path, rules, whole), count in kept.promised.items()],
    ]


def _rebuilt(value: Any) -> Before | None:
    try:
        found, promised = value
        return Before(
            {Fingerprint(path, rule, text): count for path, rule, text, count in found},
            {(path, tuple(rules), whole): count for path, rules, whole, count in promised},
        )
    except (TypeError, ValueError):
        return None
