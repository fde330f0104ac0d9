"""A fork's code that is checked out and run with this repository's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from posixpath import normpath

from runcrew_lint.checks.workflows._strangers import keeps_strangers_out
from runcrew_lint.domains.workflows.facts import Job, Step, Workflow
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.model.finding import Fault, Related, Severity
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_EVENTS = ("pull_request_target", "workflow_run", "issue_comment")
_HEAD = lazily(
    r"github\.head_ref|event\.pull_request\.head\.|refs/pull/|pull_request\.number|event\.number|issue\.number"
    r"|workflow_run\.(?:head_|pull_requests)|merge_commit_sha",
    re.IGNORECASE,
)
_CHECKS_OUT = lazily(r"\b(?:gh|hub)\s+pr\s+checkout\b|\bgit\s+pull\b[^\n]*\bpull/")
_FETCHES = lazily(r"\bgit\s+fetch\b[^\n]*\bpull/")
# What is fetched is data, to compare say, until something of it comes into the folder.
_TAKES = lazily(
    r"\bgit\s+(?:-[Cc]\s*\S+\s+)*(?:checkout|switch|merge|reset|rebase|cherry-pick|restore|read-tree|worktree"
    r"|apply|am|archive)(?![\w-])"
)
# What runs code of the folder that it stands in: builds, tests, installs with their own scripts.
_RUNS = lazily(
    r"(?:^|[\s;&|(])(?:sudo\s+)?(?:npm|yarn|pnpm|bun|npx|bunx|pip3?|poetry|uv|uvx|pipenv|python3?|pytest|tox|nox"
    r"|make|cmake|just|task|cargo|go\s+(?:build|test|run|generate|install|vet)|gradle|mvn|bundle|rake|rspec"
    r"|composer|php|ruby|dotnet|docker(?:-compose)?|node|deno|bazel|terraform|flutter|dart|swift|xcodebuild"
    r"|fastlane|pre-commit|eslint|tsc|jest|vitest|eas|expo|alembic|source|bash\s+[\w./-]+|sh\s+[\w./-]+"
    r"|(?:\./|\.\./)?[\w.-]*/?[\w.-]+\.sh|\./[\w./-]+)(?=\s|$|;)",
    re.MULTILINE,
)
# What only reads the folder, or fetches a tool by name: uv's and pipx's tools mind no file of it.
_READERS = r"(?:ruff|black|isort|codespell|yamllint|zizmor)(?:[=@<>~!]=?[\w.*]+)?"
_READS = lazily(
    r"(?:\buv\s+tool\s+(?:run|install)|\buvx|\bpipx\s+(?:run|install))\s+(?:-q\s+|--(?:quiet|from)\s+)*"
    rf"(?P<quote>[\"']?){_READERS}(?P=quote)(?=\s|$|;)[^\n;&|]*"
    r"|(?<!-m )\bpip3?\s+install(?:\s+(?:-q|-U|--quiet|--upgrade))*"
    rf"(?:\s+(?P<mark>[\"']?){_READERS}(?P=mark))+[ \t]*(?=$|[\n;&|])"
)
_RUNNERS = frozenset(
    (
        "docker/build-push-action", "docker/bake-action", "gradle/gradle-build-action",
        "golangci/golangci-lint-action", "pre-commit/action", "bazelbuild/setup-bazelisk",
        "goreleaser/goreleaser-action", "cypress-io/github-action", "borales/actions-yarn",
        "bahmutov/npm-install", "ruby/setup-ruby", "pypa/cibuildwheel", "pnpm/action-setup",
    )
)  # fmt: skip
_BUILDERS = frozenset(("docker/build-push-action", "docker/bake-action"))
_HANDS_OVER = frozenset(("secrets", "secret-files", "secret-envs", "ssh", "allow"))
# Its `branches` hold nobody back: they ask for a name, and the first workflow's file is the fork's own.
_AFTER = (
    "a fork's pull request brings its own copy of the workflow that runs first, and its branch may have any "
    "name: where this is for what was pushed here, ask for `github.event.workflow_run.event == 'push'` too; "
    "else test on `pull_request`, and treat what that made as data"
)
_LIMITED = lazily(
    r"author_association|labels?\b|\.actor\b|user\.login|sender\.|triggering_actor|outputs\.", re.IGNORECASE
)


def check(fact: Workflow, _policy: Policy) -> Iterator[Fault]:
    """One fault a workflow, at the gravest checkout.

    Which events start the workflow that a workflow_run waits for is not asked: a pull request may change it.
    """
    events = [each for each in _EVENTS if fact.trigger(each)]
    if not events:
        return
    faults = [fault for job in fact.jobs if (fault := _of_job(fact, job, events))]
    if faults:
        first = next((each for each in faults if each.severity is None), faults[0])
        others = [each for each in faults if each is not first]
        too = tuple(Related(each.place, "so it is here") for each in others)
        more = f" ({len(others)} more of its jobs do so, too)" if others else ""
        yield replace(first, message=f"{first.message}{more}", related=(*first.related, *too))


def _of_job(fact: Workflow, job: Job, events: list[str]) -> Fault | None:
    found = _checkout(job)
    if found is None:
        return None
    asked = (each.value for each in (job.condition, found.condition) if each)
    if any(keeps_strangers_out(each, events) for each in asked):
        return None
    running = [each for each in job.steps[found.index + 1 :] if _runs(each, found)]
    runs = next((each for each in running if not _stands_apart(each, found)), running[0] if running else None)
    if runs is None and found.run and _has_it_run(_after(found)):
        runs = found
    return _fault(fact, job, found, runs, events[0]) if runs is not None else None


def _checkout(job: Job) -> Step | None:
    """The first step that puts a fork's files into the job's folder."""
    fetched = False
    for step in job.steps:
        if step.uses and action_of(step.uses.value) == "actions/checkout":
            said = [each.value for name in ("ref", "repository") if (each := step.input(name))]
            if any("${{" in each and _HEAD.search(each) for each in said):
                return step
        elif step.run and not step.uses:
            script = step.run.script
            found = None if fetched else _FETCHES.search(script)
            fetched = fetched or found is not None
            if _CHECKS_OUT.search(script) or (fetched and _TAKES.search(script, found.end() if found else 0)):
                return step
    return None


def _after(step: Step) -> str:
    """What a script does behind its own checkout."""
    script = step.run.script if step.run else ""
    found = _CHECKS_OUT.search(script) or _TAKES.search(script)
    return script[found.end() :].partition("\n")[2] if found else ""


def _runs(step: Step, checkout: Step) -> bool:
    folder = checkout.input("path")
    if step.uses:
        if step.uses.value.startswith("./"):
            return folder is None or step.uses.value.startswith(f"./{folder.value.strip('./')}/")
        return action_of(step.uses.value) in _RUNNERS and folder is None
    if step.run is None or not _has_it_run(step.run.script):
        return False
    name = normpath(folder.value) if folder else "."
    inside = normpath(step.working_directory.value) if step.working_directory else "."
    return name == "." or inside == name or inside.startswith(f"{name}/") or _enters(step.run.script, name)


def _stands_apart(step: Step, checkout: Step) -> bool:
    """Whether it builds an image alone, which sees nothing of the job but what it is handed.

    A token that the checkout has left in the folder is handed over with it.
    """
    kept = checkout.input("persist-credentials")
    if kept is None or kept.value != "false":
        return False
    if not step.uses or action_of(step.uses.value) not in _BUILDERS:
        return False
    handed = (each for each in step.inputs if each.name.lower() not in ("github-token", "password"))
    return not any(
        each.name.lower() in _HANDS_OVER or "secrets." in each.value or "github.token" in each.value
        for each in handed
    )


def _has_it_run(script: str) -> bool:
    return _RUNS.search(_READS.sub(" ", script)) is not None


def _enters(script: str, folder: str) -> bool:
    """Whether a script goes into a folder, or takes a file of it; a folder that is only named is data."""
    name = re.escape(folder)
    at = rf"[\"']?(?:\./)?{name}"
    way = rf"(?:\b(?:cd|pushd)\s+|(?<!git )-C\s*|--(?:prefix|cwd|dir|directory|project|rootdir)[ =]){at}"
    return re.search(rf"{way}(?![\w.-])|(?<![^\s\"'=(]){at}/[\w.]", script) is not None


def _fault(fact: Workflow, job: Job, checkout: Step, runs: Step, event: str) -> Fault:
    limits = [each for each in (job.condition, checkout.condition) if each and _LIMITED.search(each.value)]
    reads = job.permissions if job.permissions is not None else fact.permissions
    held, apart = "", _stands_apart(runs, checkout)
    if job.environment:
        held = "; its environment may ask for an approval, which whoever gives it has to read the code for"
    elif limits:
        held = "; a label or a name lets it in once, and what is pushed after that comes along"
    elif (
        reads is not None
        and all(each.value in ("read", "none", "read-all") for each in reads)
        and not any(
            "secrets." in each.value.lower() for step in job.steps for each in (*step.env, *step.inputs)
        )
    ):
        held = "; the token only reads, but what this leaves in the cache others restore"
    place = (checkout.input("ref") or checkout.input("repository")) if checkout.uses else None
    span = place.span if place else checkout.run.span if checkout.run else checkout.span
    what = "the next step" if runs is not checkout else "the same script"
    harm = f"{what} that builds or tests runs it: whoever opens one has them{held}"
    if apart:
        harm = (
            "an image is built from it: the build sees no secret of the job, but what is pushed or kept in "
            "the cache is a stranger's, under this repository's name"
        )
    return Fault(
        Place(fact.path, span),
        f"`{event}` runs with this repository's secrets and token, `{job.id}` checks out what a pull request "
        f"brings, and {harm}",
        (Related(Place(fact.path, runs.span), "what was checked out runs here"),)
        if runs is not checkout
        else (),
        help=_AFTER if event == "workflow_run" else "",
        severity=Severity.WARNING if held or apart else None,
    )
