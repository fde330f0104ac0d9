"""What Docker's and Podman's command lines do. Source: their references; see programs.py."""

from __future__ import annotations

from runcrew_lint.domains.delivery.calls import Action, Call, call
from runcrew_lint.domains.delivery.cloud import first_words
from runcrew_lint.domains.delivery.launchers import Words
from runcrew_lint.domains.lattice import Value, known


def docker_calls(words: Words, remote: bool, composing: bool = False) -> tuple[Call, ...]:
    """What `docker ...` does; `composing` says that it is `docker-compose ...`."""
    first = ["compose"] * composing + first_words(words, 6)
    head = first[0] if first else ""
    if head == "compose" or head == "stack":
        verbs = set(first[1:])
        if remote and verbs & {"up", "restart"} and not verbs & {"down"}:
            return (call(Action.DEPLOY, "docker compose up", words, "backend"),)
        if head == "stack" and "deploy" in verbs:
            return (call(Action.DEPLOY, "docker stack deploy", words, "backend", last(words)),)
        return (call(Action.PUSH, "docker compose push", words, "backend"),) if "push" in verbs else ()
    if head == "push" or (head in ("image", "manifest") and "push" in first[1:2]):
        return (call(Action.PUSH, "docker push", words, "backend", last(words)),)
    if head in ("build", "buildx", "buildkit"):
        pushes = any(each.text == "--push" or "push=true" in (each.text or "") for each in words)
        action = Action.PUSH if pushes else Action.PACKAGE
        return (call(action, "docker build --push" if pushes else "docker build", words, "backend"),)
    if remote and head in ("run", "restart", "start"):
        return (call(Action.DEPLOY, f"docker {head}", words, "backend"),)
    if head == "service" and "update" in first[1:2]:
        return (call(Action.DEPLOY, "docker service update", words, "backend", last(words)),)
    return ()


def last(words: Words) -> Value:
    """The last word, which for many commands is what they are about."""
    return words[-1].value if words else known("")
