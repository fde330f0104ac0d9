"""What the last run said, word for word, while nothing that it rests on has changed.

A run's words rest on what its verdicts do (engine/recall.py), and on the day, the baseline, the arguments and
what the default branch has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runcrew_lint.domains.claims import own
from runcrew_lint.engine.grounds import Grounds
from runcrew_lint.engine.run import Court, Request, sitting
from runcrew_lint.tuples import NamedTuple

if TYPE_CHECKING:
    from runcrew_lint.engine.run import Outcome


class Words(NamedTuple):
    """What a run says.

    Arguments:
        texts: one a report that was asked for.
        aside: lines about the run that no report holds.
        worst: the gravest severity of a finding; "" where there is none.
    """

    texts: tuple[str, ...]
    aside: tuple[str, ...]
    worst: str


def told(request: Request, manner: object, tell: Callable[[Outcome], Words]) -> Words:
    """What `tell` says of a run, or said of the last one where the answer is the same.

    Arguments:
        manner: by its repr, all that `tell` goes by beside the run.
    Errors:
        SetupError for a mistake in the request or the policy.
    """
    with sitting(request) as court:
        # The past has other grounds than the files, and so has what a stranger's code says.
        grounds = None if request.history or request.plugins else court.grounds
        key = _key(grounds, court, manner) if grounds else b""
        words: Words | None = grounds.get(key, court.rests, _words) if grounds else None
        if words is None:
            from runcrew_lint.engine.hearing import heard  # slow to import

            words = tell(heard(court))
            if grounds and _rests_on_what_is_listed(court):
                grounds.put(key, court.rests, lambda: words)
        return words


def _key(grounds: Grounds, court: Court, manner: object) -> bytes:
    request, law = court.opening.request, court.opening.law
    rules = (court.shipped.stamp, law.policy, request.select, request.ignore, request.also)
    asked = (str(request.root), sorted(request.targets), request.exclude)
    baseline = law.baseline.counts if law.baseline else None
    rests_on = (rules, baseline, asked, request.brief, request.today, manner)
    return grounds.key("words", rests_on)


def _rests_on_what_is_listed(court: Court) -> bool:
    """Whether every file that was opened is one that the grounds answer for.

    They do not for one that is not linted: a reader learns no more of it than that, but a report may show it.
    """
    paths = court.opening.tree.paths
    known = {path for path, digest in court.rests.consulted.items() if digest is not None}
    return court.files.opened.difference(own(paths)) <= known


def _words(value: Any) -> Words:
    """What was kept.

    Errors:
        TypeError or ValueError for what `told` did not keep.
    """
    texts, aside, worst = value
    words = Words(tuple(texts), tuple(aside), worst)
    if not all(type(each) is str for each in (*words.texts, *words.aside, words.worst)):
        raise TypeError("no words")
    return words
