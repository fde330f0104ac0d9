"""Scripts that take in text which others write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.checks.workflows._through_env import through_env
from runcrew_lint.domains.workflows.attacker import Taint, taint
from runcrew_lint.domains.workflows.expression_facts import Expressions, Hole, Reread, Script
from runcrew_lint.domains.workflows.expression_names import names_in
from runcrew_lint.domains.workflows.flows import FETCHED
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_SHOWN = 3
_HOPS = 6  # outputs of steps become those of jobs, and these a matrix
# What of an issue or a pull request somebody from outside writes.
_WORDS = lazily(r"\)(?:\[\d+\]|\.data)*\.(?:title|body|head\.(?:ref|label))\s*\Z", re.IGNORECASE)
# A title, a branch or a label is one line.
_OF_LINES = lazily(
    r"\.(?:body|message)\Z|\Agithub\.event(?:\.(?:issue|comment|pull_request|review|discussion))?\Z"
)
_WEIGHT = {Taint.OPEN: Severity.ERROR, Taint.HELD: Severity.WARNING, Taint.GIVEN: Severity.INFO}


def check(fact: Expressions, _policy: Policy) -> Iterator[Fault]:
    """One fault a script; where whoever starts the workflow gives the text, one a file."""
    given: list[tuple[Script, list[Hole]]] = []
    for script in fact.scripts:
        found = [(hole, _taint(hole, script, fact)) for hole in script.holes]
        worst = max((each for _, each in found), default=Taint.NONE)
        holes = [hole for hole, each in found if each is not Taint.NONE]
        if worst is Taint.GIVEN:
            given.append((script, holes))
        elif worst is not Taint.NONE:
            yield _fault(fact, script, holes, [hole for hole, each in found if each is worst], worst)
    if given:
        yield _given(fact, given)
    for each in fact.rereads:
        worst = max(
            (_handed_on(name, each.job.lower(), fact) for name in _counting(each)), default=Taint.NONE
        )
        if worst >= Taint.HELD:
            yield _reread(fact, each, worst)


def _counting(each: Reread) -> list[str]:
    """The names that may hold what the reader makes more of: for GITHUB_ENV, a line break."""
    if each.how != "GITHUB_ENV" or each.split:
        return list(each.names)
    return [name for name in each.names if _OF_LINES.search(name)]


def _taint(hole: Hole, script: Script, fact: Expressions) -> Taint:
    fetched = Taint.HELD if _is_fetched(hole, script, fact) else Taint.NONE
    return max((fetched, *(_of_name(name, script, fact) for name in hole.names)))


def _is_fetched(hole: Hole, script: Script, fact: Expressions) -> bool:
    """Whether it is the text of an issue or a pull request that a step before it asked GitHub for."""
    here = (script.job.lower(), "")
    found = (each for each in fact.flows if each.name in hole.names and each.job in here)
    return _WORDS.search(hole.text) is not None and any(FETCHED in each.sources for each in found)


def _of_name(name: str, script: Script, fact: Expressions) -> Taint:
    sources = [name]
    if name.startswith("env."):
        pair = next((each for each in script.env if f"env.{each.name.lower()}" == name), None)
        sources = list(names_in(pair.value)) if pair else []
    return max((_handed_on(each, script.job.lower(), fact) for each in sources), default=Taint.NONE)


def _handed_on(name: str, job: str, fact: Expressions, hops: int = _HOPS) -> Taint:
    """The taint of a name, through the outputs and matrices that bring it here."""
    found = [each for each in fact.flows if each.name == name and each.job in (job, "")] if hops else []
    own = taint(name, fact.events, fact.bounded)
    return max(
        [own, *(_handed_on(each, flow.where, fact, hops - 1) for flow in found for each in flow.sources)]
    )


def _fault(fact: Expressions, script: Script, holes: list[Hole], worst: list[Hole], how: Taint) -> Fault:
    first, others = worst[0], [each for each in holes if each is not worst[0]]
    what = "JavaScript" if script.language == "javascript" else "script"
    if how is Taint.OPEN:
        does = "anybody can write it, and what it says runs here with this repository's token and secrets"
    elif _is_fetched(first, script, fact):
        does = (
            "an issue's or a pull request's text, and whoever wrote that has it run here with the job's token"
        )
    elif any(name.startswith(("github.event.head_commit", "github.event.commits")) for name in first.names):
        does = "the author of a merged commit has written it, and what it says runs here with the job's token"
    else:
        does = "whoever opens a pull request can write it, and what it says runs here as a command"
    related = [
        Related(Place(fact.path, each.span), f"`{_short(each)}` lands in it, too") for each in others[:_SHOWN]
    ]
    return Fault(
        Place(fact.path, first.span),
        f"`{_short(first)}` is put into the {what} before it is read: {does}",
        tuple(related),
        mend=through_env(fact.path, [(script, holes)]),
        severity=_WEIGHT[how],
    )


def _given(fact: Expressions, given: list[tuple[Script, list[Hole]]]) -> Fault:
    _, holes = given[0]
    others = [hole for _, each in given for hole in each][1:]
    more = f" (so {'does' if len(others) == 1 else 'do'} {len(others)} more in this file)" if others else ""
    who = "whoever uses this action" if fact.is_action else "whoever starts or calls this workflow"
    related = [Related(Place(fact.path, each.span), f"`{_short(each)}`") for each in others[:_SHOWN]]
    return Fault(
        Place(fact.path, holes[0].span),
        f"`{_short(holes[0])}` is put into the script before it is read{more}: a quote or a `$(...)` that "
        f"{who} gives is run as a command",
        tuple(related),
        mend=through_env(fact.path, given),
        severity=Severity.INFO,
    )


def _reread(fact: Expressions, each: Reread, how: Taint) -> Fault:
    who = (
        "anybody writes that"
        if how is Taint.OPEN
        else "whoever opens a pull request, or wrote a merged commit, writes that"
    )
    if each.how == "GITHUB_ENV":
        does = (
            "a line break in it begins another variable, such as BASH_ENV or NODE_OPTIONS, by which the "
            "steps behind run what it says"
        )
        help_ = (
            "take out the line breaks, or hand the text over by an output that the next step's `env` takes"
        )
    elif each.how == "GITHUB_PATH":
        does = "the steps behind look for their programs in the folder that it names"
        help_ = "add a folder that the workflow names itself"
    else:
        does = f"`{each.how}` reads it once more, as commands"
        help_ = 'call the program itself, with `"$NAME"` as its argument'
    return Fault(
        Place(fact.path, each.span),
        f"`${each.variable}` holds `{_cut(' '.join(each.text.split()))}`, and {does}: {who}",
        help=help_,
        severity=_WEIGHT[how],
    )


def _short(hole: Hole) -> str:
    return _cut(f"${{{{ {' '.join(hole.text.split())} }}}}")


def _cut(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:67]}..."
