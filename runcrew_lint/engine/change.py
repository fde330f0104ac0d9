"""A run that judges a change: by the law of where it began, and for what it adds to what was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine import git, revisions
from runcrew_lint.engine.base import GitBase, base_of
from runcrew_lint.engine.baseline import Baseline
from runcrew_lint.engine.before import Before, before, moved
from runcrew_lint.engine.case import Case
from runcrew_lint.engine.contested import new_promises, softened, weakened
from runcrew_lint.engine.discover import discover, work_tree
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.engine.law import Law, law_of
from runcrew_lint.engine.overlay import overlaid
from runcrew_lint.engine.past_law import law_at
from runcrew_lint.engine.run import Opening, Request
from runcrew_lint.engine.staging import head, staged
from runcrew_lint.frozen import unique
from runcrew_lint.model.errors import SetupError


@unique
class Change:
    """What such a run does more; `base` is None where there is no commit to hold the tree against."""

    case: Case
    law: Law
    base: GitBase | None

    def own(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        """Not what is passed over now as it was before."""
        there = self.base.paths if self.base else frozenset()
        for each in verdicts:
            if each.rule != "file-skipped" or each.fault.place.path not in there:
                yield each

    def verdicts(self) -> Iterator[Verdict]:
        """What the change does to the law and to the pipeline that asks for it."""
        if self.law.commit:
            yield from weakened(self.case, self.law)
        if self.base:
            yield from softened(self.case, self.base)

    def known(self) -> Baseline:
        """The findings of the base."""
        if self.base is None:
            return Baseline({}, "")
        return self._before.as_known(moved(self.case, self.base))

    def notices(self, promises: Sequence[Promises]) -> Iterator[str]:
        """By which law it was judged, and what it asks to be excused."""
        if self.law.commit and not self.law.policy.named:
            yield (
                f"{self.law.commit[:12]} has no policy of its own: one that this change brings along counts "
                "from the next change on"
            )
        if self.base:
            yield from new_promises(self.case, promises, self._before)

    @cached_property
    def _before(self) -> Before:
        if self.base is None:
            raise LookupError("there is no base")
        return before(self.case, self.base)


def opened(request: Request, catalogue: Catalogue) -> Opening:
    """The tree that is judged and the law it is judged by.

    Errors:
        SetupError where git can't tell what is asked for, and for a mistake in the policy.
    """
    top = work_tree(request.root)
    law = _law(request, catalogue, top)
    exclude = [*request.exclude, *(each.glob for each in law.policy.exclude)]
    tree = discover(request.root, exclude)
    if request.staged:
        tree, contents = staged(tree, exclude)
        request = replace(request, overlay={**contents, **request.overlay})
    return Opening(request, law, tree.with_new(request.overlay), partial(_change, law))


def _law(request: Request, catalogue: Catalogue, top: Path | None) -> Law:
    """That of the revision that is named, else of the one where the change began."""
    if request.policy is not None and request.policy_from:
        raise SetupError("--policy and --policy-from name two policies", help="leave one of them out")
    if request.policy is not None or not (request.policy_from or request.since):
        return law_of(request.root, request.policy, catalogue.policies)
    if top is None:
        asked = "--policy-from" if request.policy_from else "--since"
        raise SetupError(f"{asked} asks git, and no git keeps this folder", where=str(request.root))
    try:
        if request.policy_from:
            commit = revisions.commit_of(request.root, top, request.policy_from)
        else:
            commit = revisions.commit_before(request.root, top, request.since)
    except git.GitMissing:
        raise SetupError("git is asked for the policy, and there is none on PATH") from None
    return law_at(request.root, top, commit, catalogue.policies)


def _change(law: Law, case: Case) -> Change:
    """The case with its base, which rules ask for, too."""
    request, tree = case.request, case.tree
    revision = request.since or (head(request.root, tree.top) if request.staged else "")
    base = base_of(request.root, tree.top, revision, case.files.content) if revision else None
    tree = replace(tree, base=base)
    places = {each.place.path for each in law.policy.excuses if each.place}
    past = {path: source for path in places if (source := law.sources(path))}
    case = replace(case, tree=tree, worktree=overlaid(tree, request.overlay), past=past)
    return Change(case, law, base)
