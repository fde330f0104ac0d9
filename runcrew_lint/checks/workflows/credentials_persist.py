"""The token that a checkout leaves behind, uploaded with the folder."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.workflows.facts import Job, Step, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, number_of

_WORKSPACE = lazily(r"\$\{\{\s*github\.workspace\s*\}\}/?|\$GITHUB_WORKSPACE/?|\./")
_VERSION = lazily(r"v?(\d+)(?:\.(\d+))?")
_USES_GIT = lazily(r"\bgit\s+(?:push|fetch|pull|clone|submodule|lfs|ls-remote)\b|\.sh\b|\bgh\b")


def check(fact: Workflow, _policy: Policy, *, always: bool = False) -> Iterator[Fault]:
    """One fault a checkout.

    With `always`, where nothing uploads the folder, too, if it does not ask to keep the token and no later
    step uses git.
    """
    for job in fact.jobs:
        uploads = [
            each
            for each in job.steps
            if each.uses and action_of(each.uses.value) == "actions/upload-artifact" and _takes_hidden(each)
        ]
        for step in job.steps:
            if step.uses and action_of(step.uses.value) == "actions/checkout" and _persists(step):
                behind = (each for each in uploads if each.index > step.index)
                upload = next((each for each in behind if _uploads(each, step)), None)
                if upload is not None or (always and not _is_wanted(job, step)):
                    yield _fault(fact, job, step, upload)


def _persists(step: Step) -> bool:
    """Whether it leaves the token in .git/config: from its sixth version on it lies elsewhere."""
    if step.hides_inputs:
        return False  # only a run tells
    said = step.input("persist-credentials")
    version = _version(step)
    return (said is None or said.value.lower() == "true") and (version is None or version < (6, 0))


def _version(step: Step) -> tuple[int, int] | None:
    """The version of an action by its tag; None for a commit."""
    ref = step.uses.value.partition("@")[2] if step.uses else ""
    found = _VERSION.fullmatch(ref.removesuffix(".x").rsplit(".", max(ref.count(".") - 1, 0))[0])
    return (number_of(found[1]), number_of(found[2] or "99")) if found else None


def _takes_hidden(step: Step) -> bool:
    """Whether an artifact takes what is hidden in a folder, too."""
    hidden, version = step.input("include-hidden-files"), _version(step)
    return (hidden is not None and hidden.value.lower() == "true") or (
        version is not None and version < (4, 4)
    )


def _uploads(step: Step, checkout: Step) -> bool:
    """Whether an artifact takes the whole folder of a checkout."""
    given, folder = step.input("path"), checkout.input("path")
    own = _bare(folder.value) if folder else ""
    lines = [_bare(each) for each in given.value.splitlines()] if given else []
    return any(each in (own, f"{own}/**", f"{own}/*", "**", "*", ".git", f"{own}/.git", "") for each in lines)


def _bare(path: str) -> str:
    return _WORKSPACE.sub("", path.strip()).strip("/").removeprefix(".") if path.strip() != ".git" else ".git"


def _is_wanted(job: Job, step: Step) -> bool:
    return step.input("persist-credentials") is not None or _git_behind(job, step)


def _git_behind(job: Job, step: Step) -> bool:
    """Whether a later step may need the token where it lies."""
    return any(each.run and _USES_GIT.search(each.run.script) for each in job.steps[step.index + 1 :])


def _fault(fact: Workflow, job: Job, step: Step, upload: Step | None) -> Fault:
    place = Place(fact.path, step.uses.span if step.uses else step.span)
    told = (("step", step.span.start),)
    mend = None if _git_behind(job, step) else MendRequest("workflow.forget_credentials", place, told)
    if upload is None:
        return Fault(
            place,
            "this checkout leaves the job's token in .git/config, where every later step, and what it "
            "installs, can read it",
            mend=mend,
        )
    return Fault(
        place,
        f"this checkout leaves the job's token in .git/config, and `{job.id}` uploads the folder with it: "
        "whoever fetches the artifact while the job runs can write with it",
        (Related(Place(fact.path, upload.span), "the whole folder is uploaded here"),),
        mend=mend,
    )
