"""Which contexts and functions an expression may use, by the key that it stands under.

Source: docs.github.com, "Contexts reference" (context availability, and the properties of each context) and
"Evaluate expressions in workflows and actions" (functions); for actions, the runner's schema of action.yml.
"""

from __future__ import annotations

from runcrew_lint.tuples import NamedTuple

STATUS = frozenset(("always", "cancelled", "failure", "success"))
_HASH = frozenset(("hashfiles",))
# The least and the most arguments of each function.
ARGUMENTS: dict[str, tuple[int, int]] = {
    "contains": (2, 2),
    "startswith": (2, 2),
    "endswith": (2, 2),
    "format": (1, 255),
    "join": (1, 2),
    "tojson": (1, 1),
    "fromjson": (1, 1),
    "case": (3, 255),
    "hashfiles": (1, 255),
    **dict.fromkeys(STATUS, (0, 0)),
}
CONTEXTS = frozenset(
    (
        "env", "github", "inputs", "job", "jobs", "matrix", "needs", "runner", "secrets", "steps",
        "strategy", "vars",
    )
)  # fmt: skip
_PULLS = ("pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment")
_EDITED = (
    "issues", "issue_comment", *_PULLS, "discussion", "discussion_comment", "release", "label", "milestone",
    "project", "project_card", "project_column", "registry_package",
)  # fmt: skip
# The objects of an event that only some events bring, by "Webhook events and payloads".
PAYLOADS: dict[str, frozenset[str]] = {
    "issue": frozenset(("issues", "issue_comment")),
    "pull_request": frozenset(_PULLS),
    "discussion": frozenset(("discussion", "discussion_comment")),
    "comment": frozenset(
        ("issue_comment", "pull_request_review_comment", "discussion_comment", "commit_comment")
    ),
    "review": frozenset(("pull_request_review",)),
    "release": frozenset(("release",)),
    "head_commit": frozenset(("push",)),
    "workflow_run": frozenset(("workflow_run",)),
    "changes": frozenset(_EDITED),
}
# The properties of the contexts that have a fixed set.
PROPERTIES: dict[str, frozenset[str]] = {
    "github": frozenset(
        (
            "action", "action_path", "action_ref", "action_repository", "action_status", "actor",
            "actor_id", "api_url", "artifact_cache_size_limit", "base_ref", "env", "event",
            "event_name", "event_path", "graphql_url", "head_ref", "job", "job_workflow_sha", "output",
            "path", "ref", "ref_name", "ref_protected", "ref_type", "repository", "repository_id",
            "repository_owner", "repository_owner_id", "repository_visibility", "repositoryurl",
            "retention_days", "run_attempt", "run_id", "run_number", "secret_source", "server_url",
            "sha", "state", "step_summary", "token", "triggering_actor", "workflow", "workflow_ref",
            "workflow_sha", "workspace",
        )
    ),
    "runner": frozenset(
        ("arch", "debug", "environment", "name", "os", "temp", "tool_cache", "workspace")
    ),
    "job": frozenset(
        (
            "check_run_id", "container", "services", "status", "workflow_file_path", "workflow_ref",
            "workflow_repository", "workflow_sha",
        )
    ),
    "strategy": frozenset(("fail-fast", "job-index", "job-total", "max-parallel")),
}  # fmt: skip


class Available(NamedTuple):
    """What may be used under a key; `where` names the key in a sentence.

    `jobs` is how many jobs `success('build')` and `failure(...)` may name there.
    """

    contexts: frozenset[str]
    functions: frozenset[str]
    where: str
    jobs: int = 0


def _available(
    contexts: str, where: str, functions: frozenset[str] = frozenset(), jobs: int = 0
) -> Available:
    return Available(frozenset(contexts.split()), functions, where, jobs)


_PLAIN = "github inputs vars"
_JOB = f"{_PLAIN} needs strategy matrix"
_STEP = f"{_JOB} job runner env steps"
_INNER = _available(f"{_STEP} secrets", "a step", _HASH)
_STEP_IF = _available(_STEP, "a step's `if`", _HASH | STATUS)
_OF_WORKFLOW = {
    "run-name": _available(_PLAIN, "`run-name`"),
    "concurrency": _available(_PLAIN, "the workflow's `concurrency`"),
    "env": _available(f"{_PLAIN} secrets", "the workflow's `env`"),
}
_OF_STEP = frozenset(
    ("continue-on-error", "env", "name", "run", "timeout-minutes", "with", "working-directory")
)
_OF_JOB = {
    "concurrency": _available(_JOB, "a job's `concurrency`"),
    "continue-on-error": _available(_JOB, "a job's `continue-on-error`"),
    "defaults": _available(f"{_JOB} env", "a job's `defaults`"),
    "env": _available(f"{_JOB} secrets", "a job's `env`"),
    "environment": _available(_JOB, "a job's `environment`"),
    "if": _available(f"{_PLAIN} needs", "a job's `if`", STATUS, jobs=255),
    "name": _available(_JOB, "a job's `name`"),
    "outputs": _available(f"{_STEP} secrets", "a job's `outputs`"),
    "runs-on": _available(_JOB, "`runs-on`"),
    "secrets": _available(f"{_JOB} secrets", "the secrets that a job hands on"),
    "strategy": _available(f"{_PLAIN} needs", "a job's `strategy`"),
    "timeout-minutes": _available(_JOB, "a job's `timeout-minutes`"),
    "with": _available(_JOB, "the inputs that a job hands on"),
    "container": _available(_JOB, "a container"),
    "services": _available(_JOB, "a service container"),
}
_URL = _available(_STEP, "the URL of an environment")
_LOGIN = _available(f"{_JOB} env secrets", "a container's `credentials`")
_CONTAINER_ENV = _available(f"{_JOB} job runner env secrets", "a container's `env`")
_CALL_DEFAULT = _available(_PLAIN, "an input's default")
_CALL_OUTPUT = _available(f"{_PLAIN} jobs", "an output of the workflow")
_ACTION = "github inputs strategy matrix steps job runner env"
_OF_ACTION = _available(_ACTION, "an action", _HASH)
_ACTION_IF = _available(_ACTION, "a step's `if` in an action", _HASH | STATUS)

Path = tuple[str | int, ...]


def in_workflow(path: Path) -> Available | None:
    """What an expression at a path of keys and indexes may use; None where GitHub evaluates nothing."""
    head = path[0] if path else ""
    if head == "jobs" and len(path) >= 3:
        return _in_job(path[2:])
    if path[:2] == ("on", "workflow_call") and len(path) == 5:
        if path[2] == "outputs" and path[4] == "value":
            return _CALL_OUTPUT
        return _CALL_DEFAULT if path[2] == "inputs" and path[4] == "default" else None
    return _OF_WORKFLOW.get(str(head))


def _in_job(path: Path) -> Available | None:
    head = path[0]
    if head == "steps":
        while len(path) > 4 and path[2] == "parallel":
            path = ("steps", *path[3:])
        if len(path) < 3:
            return None
        return _STEP_IF if path[2] == "if" else _INNER if path[2] in _OF_STEP else None
    if head == "environment" and path[1:] == ("url",):
        return _URL
    inner = path[1:] if head == "container" else path[2:] if head == "services" else ()
    if inner[:1] == ("credentials",):
        return _LOGIN
    if inner[:1] == ("env",):
        return _CONTAINER_ENV
    return _OF_JOB.get(str(head))


def in_action(path: Path) -> Available | None:
    """The same in an action.yml."""
    if path[:2] == ("runs", "steps") and len(path) >= 4:
        return _ACTION_IF if path[3] == "if" else _OF_ACTION if path[3] in _OF_STEP else None
    if path[:1] == ("outputs",) and len(path) == 3 and path[2] == "value":
        return _OF_ACTION
    return None
