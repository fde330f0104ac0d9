"""Scripts that a job fetches from a branch of another repository, or without encryption, and runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Run, Step, Workflow
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

_ADDRESS = r"(?P<url>https?://[^\s'\"|;&<>()`]+)"
_FETCH = rf"\b(?:curl|wget)\b[^\n|;&]*?{_ADDRESS}[^\n|;&]*"
_SUDO = r"(?:sudo\s+(?:-\S+\s+)*)?(?:(?:/usr)?/bin/)?(?:env\s+)?"
_SHELL = r"(?:ba|z|da)?sh\b"
_RUNNER = rf"{_SUDO}(?:{_SHELL}|(?:python3?|node|ruby|perl)\b)"
# What runs its input; with a program of its own, `-c` or `-m`, it only reads it.
_OF_INPUT = rf"{_SUDO}(?:{_SHELL}(?!\s+-\w*c\b)|(?:python3?|node|ruby|perl)(?:\s+-)?\s*(?=[\n;&|)\"']|\Z))"
# Straight into what runs it: `curl ... | sh`, `bash <(curl ...)`, `sh -c "$(curl ...)"`, `eval ...`.
_STRAIGHT = (
    re.compile(rf"{_FETCH}\|\s*{_OF_INPUT}"),
    re.compile(rf"(?:{_RUNNER}|\bsource|(?<![\w.])\.)\s+[^\n;&|]*?<\(\s*{_FETCH}"),
    re.compile(rf"(?:\beval|{_SHELL}\s+-\w*c)\s+[\"']?\$\(\s*{_FETCH}"),
)
_TO_A_FILE = lazily(_FETCH)
_RUN_FILE = rf"(?:{_RUNNER}|\bchmod\s+\S+|\bsource|(?<![\w.])\.)"
_NAMED = lazily(r"(?:\s-o\s*|\s-O\s+|\s--output[= ]|\s--output-document[= ]|>\s*)[\"']?([\w./-]+)")
_CONTINUED = lazily(r"\\\n\s*")
# Where GitHub shows a file of a branch; a commit stands still, and so does a release's tag.
_OF_A_BRANCH = lazily(
    r"https?://(?:raw\.githubusercontent\.com/(?P<raw>[\w.-]+/[\w.-]+)/"
    r"|(?:www\.)?github\.com/(?P<page>[\w.-]+/[\w.-]+)/raw/)"
    r"(?P<branch>refs/heads/[^/]+|main|master|HEAD|develop|dev|trunk)/"
)


def check(
    repository: Repository, _policy: Policy, *, trusted: tuple[str, ...] = ("actions", "github")
) -> Iterator[Fault]:
    """One fault an address and step."""
    seen: set[tuple[Place, str]] = set()
    for workflow in repository.facts(Workflow):
        for path, step, run in _runs(workflow):
            for url in _run_from(_CONTINUED.sub(" ", run.script)):
                at, said = Place(path, run.span), _judged(url, trusted)
                if said and (at, url) not in seen:
                    seen.add((at, url))
                    yield Fault(at, f"{_who(step)} runs what {said}")


def _runs(workflow: Workflow) -> Iterator[tuple[str, Step, Run]]:
    """The scripts of a workflow and of the actions that it uses, each with its file."""
    steps = [(workflow.path, step) for job in workflow.jobs for step in job.steps]
    steps += [(action.path, step) for action in workflow.actions for step in action.steps]
    yield from ((path, step, step.run) for path, step in steps if step.run and "http" in step.run.script)


def _run_from(script: str) -> Iterator[str]:
    """The addresses whose content a script runs."""
    for pattern in _STRAIGHT:
        yield from (found["url"] for found in pattern.finditer(script))
    for found in _TO_A_FILE.finditer(script):
        named = _NAMED.search(found[0])
        name = named[1] if named else found["url"].rpartition("/")[2]
        run = rf"(?:{_RUN_FILE}\s+(?:-\S+\s+)*[\"']?(?:\./)?|(?:^|[;&|\s])\./){re.escape(name)}\b"
        if re.search(run, script[found.end() :], re.MULTILINE):
            yield found["url"]


def _judged(url: str, trusted: tuple[str, ...]) -> str:
    branch = _OF_A_BRANCH.match(url)
    if branch:
        name = branch["raw"] or branch["page"]
        if {name.lower(), name.partition("/")[0].lower()}.isdisjoint(each.lower() for each in trusted):
            return (
                f"`{branch['branch']}` of {name} holds at that moment ({_short(url)}): whoever can push "
                "there has this job's token and secrets, and a change of theirs breaks the build unannounced"
            )
    elif url.startswith("http://") and not re.match(r"http://(?:localhost|127\.|\[::1\]|\$)", url):
        return f"comes over an unencrypted connection ({_short(url)}): whoever stands between can change it"
    return ""


def _who(step: Step) -> str:
    return f"`{step.name.value}`" if step.name else "this step"


def _short(url: str) -> str:
    return url if len(url) <= 100 else f"{url[:97]}..."
