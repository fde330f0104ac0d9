"""What the command lines of clouds and platforms do. Sources: see programs.py."""

from __future__ import annotations

from collections.abc import Callable

from runcrew_lint.domains.delivery.calls import Action, Call, call
from runcrew_lint.domains.delivery.eas_commands import option_value
from runcrew_lint.domains.delivery.launchers import Words
from runcrew_lint.domains.lattice import Value, known

Calls = tuple[Call, ...]


def first_words(words: Words, count: int) -> list[str]:
    """The first known words that are no options, and so mostly the subcommand."""
    found: list[str] = []
    skip = False
    for each in words:
        text = each.text
        if skip:
            skip = False
            continue
        if text is not None and text.startswith("-"):
            skip = text in _VALUED
            continue
        if text:
            found.append(text)
        if len(found) == count:
            break
    return found


# Global options that take a value and stand before the subcommand.
_VALUED = frozenset(
    (
        "-c", "-f", "-n", "-p", "-x", "--file", "--config", "--profile", "--region", "--project",
        "--namespace", "--context", "--kubeconfig", "--env-file", "--project-name",
        "--project-directory", "--token", "--app", "-a", "--settings", "--raiseerr-file", "-e",
        "--env", "-u", "--user", "--scope", "--network", "--entrypoint", "-w",
    )
)  # fmt: skip


def _where(words: Words, *names: str) -> Value:
    """What these options say, joined; unknown where one of them is."""
    found = [value for name in names if (value := option_value(words, name)) is not None]
    missing = next((each for each in found if each.is_unknown), None)
    return missing or known(" ".join(str(each.known) for each in found if each.is_known))


def _aws(words: Words) -> Calls | None:
    first = first_words(words, 4)
    service, verb = (*first, "", "")[:2]
    if service == "ecs":
        target = _where(words, "--cluster", "--service")
        if verb in ("update-service", "deploy"):
            return (call(Action.DEPLOY, f"aws ecs {verb}", words, "backend", target),)
        if verb == "run-task" and any("alembic" in (each.text or "") for each in words):
            return (call(Action.MIGRATE, "aws ecs run-task", words, "backend", target),)
        return ()
    if service == "s3" and verb in ("sync", "cp", "mv"):
        if verb != "sync" and not any(each.text == "--recursive" for each in words):
            return ()  # one file, such as a report
        far = [
            each
            for each in words[2:]
            if (each.text or each.value.reason).find("s3://") >= 0 or each.text is None
        ]
        if not far or (far[-1].text is not None and not str(far[-1].text).startswith("s3://")):
            return ()
        plain = [each for each in words[2:] if not (each.text or "x").startswith("-")]
        if plain and (plain[0].text or "").startswith("s3://"):
            return ()  # a download
        if words and any(each.text == "-" for each in words):
            return ()  # a stream, such as a backup
        said = str(far[-1].text or far[-1].value.reason)
        if any(word in said for word in ("backup", "dump", "artifact", "report")):
            return ()
        return (call(Action.DEPLOY, f"aws s3 {verb}", words, "web", far[-1].value),)
    if service == "cloudfront" and verb == "create-invalidation":
        return (
            call(
                Action.INVALIDATE,
                "aws cloudfront create-invalidation",
                words,
                "web",
                _where(words, "--distribution-id"),
            ),
        )
    if service == "rds" and verb in ("create-db-snapshot", "create-db-cluster-snapshot"):
        return (call(Action.BACKUP, f"aws rds {verb}", words, "backend"),)
    if (service, verb) in (
        ("lambda", "update-function-code"),
        ("deploy", "create-deployment"),
        ("apprunner", "start-deployment"),
    ):
        target = _where(
            words, "--function-name", "--application-name", "--service-arn", "--deployment-group-name"
        )
        return (call(Action.DEPLOY, f"aws {service} {verb}", words, "backend", target),)
    if service == "cloudformation" and verb in ("deploy", "create-stack", "update-stack"):
        return (call(Action.INFRASTRUCTURE, "aws cloudformation", words, "", _where(words, "--stack-name")),)
    if service == "ssm" and verb == "send-command":
        return (call(Action.UNKNOWN, "aws ssm send-command", words, "backend"),)
    return ()


def _kubectl(words: Words) -> Calls:
    first = first_words(words, 3)
    head = first[0] if first else ""
    target = _where(words, "-n", "--namespace", "--context")
    if head in ("apply", "replace", "patch") or first[:2] in (["set", "image"], ["rollout", "restart"]):
        return (call(Action.DEPLOY, f"kubectl {head}", words, "backend", target),)
    return ()


def _helm(words: Words) -> Calls:
    first = first_words(words, 2)
    if first[:1] in (["upgrade"], ["install"]):
        return (
            call(
                Action.DEPLOY,
                f"helm {first[0]}",
                words,
                "backend",
                _where(words, "-n", "--namespace", "-f", "--values"),
            ),
        )
    return ()


def _gcloud(words: Words) -> Calls | None:
    first = [each for each in first_words(words, 5) if each not in ("beta", "alpha")]
    target = _where(words, "--project")
    if first[:2] in (["run", "deploy"], ["functions", "deploy"], ["app", "deploy"]) or first[:3] == [
        "run",
        "services",
        "update",
    ]:
        name = known(" ".join([*first[2:], str(target.known)])) if target.is_known else target
        return (call(Action.DEPLOY, f"gcloud {' '.join(first[:2])}", words, "backend", name),)
    if first[:2] == ["builds", "submit"]:
        return (call(Action.UNKNOWN, "gcloud builds submit", words, "backend"),)
    if first[:2] == ["compute", "ssh"]:
        return (call(Action.UNKNOWN, "gcloud compute ssh", words, "backend"),)
    if first[:3] in (["sql", "backups", "create"], ["sql", "export", "sql"]):
        return (call(Action.BACKUP, "gcloud sql backups create", words, "backend"),)
    return ()


def _fly(words: Words) -> Calls:
    first = first_words(words, 2)
    if first[:1] == ["deploy"] or first[:2] == ["machine", "update"]:
        return (
            call(
                Action.DEPLOY, "fly deploy", words, "backend", _where(words, "-a", "--app", "-c", "--config")
            ),
        )
    return ()


def _firebase(words: Words) -> Calls:
    head = (first_words(words, 1) or [""])[0]
    alias = _where(words, "-P", "--project", "--only")
    if head == "appdistribution:distribute":
        return (
            call(
                Action.DISTRIBUTE,
                "firebase appdistribution:distribute",
                words,
                "flutter",
                _where(words, "--groups"),
            ),
        )
    if head == "deploy":
        return (call(Action.DEPLOY, "firebase deploy", words, "web", alias),)
    return ()


def _terraform(words: Words) -> Calls:
    if first_words(words, 1) in (["apply"], ["destroy"]):
        target = _where(words, "-var-file", "-chdir", "--var-file")
        return (call(Action.INFRASTRUCTURE, "terraform apply", words, "", target),)
    return ()


def _vercel(words: Words) -> Calls:
    first = first_words(words, 1)
    if first and first[0] in (
        "pull",
        "build",
        "env",
        "link",
        "login",
        "inspect",
        "alias",
        "whoami",
        "logs",
        "ls",
    ):
        return ()
    live = any((each.text or "") in ("--prod", "--production", "--target=production") for each in words)
    return (call(Action.DEPLOY, "vercel deploy", words, "web", live=live),)


def _netlify(words: Words) -> Calls:
    if first_words(words, 1) == ["deploy"]:
        live = any(each.text in ("--prod", "-p") for each in words)
        return (call(Action.DEPLOY, "netlify deploy", words, "web", live=live),)
    return ()


def _wrangler(words: Words) -> Calls:
    first = first_words(words, 2)
    if first[:1] in (["deploy"], ["publish"]) or first[:2] == ["pages", "deploy"]:
        return (
            call(
                Action.DEPLOY,
                f"wrangler {' '.join(first[:2])}",
                words,
                "web",
                _where(words, "--env", "-e", "--branch", "--project-name"),
            ),
        )
    if first[:1] == ["d1"] and any(each.text == "--remote" for each in words):
        return (call(Action.MIGRATE, "wrangler d1 migrations apply", words, "backend"),)
    return ()


def _simple(action: Action, tool: str, part: str, *verbs: str) -> Callable[[Words], Calls | None]:
    def read(words: Words) -> Calls | None:
        first = first_words(words, 2)
        found = next((each for each in verbs if each.split() == first[: len(each.split())]), None)
        target = _where(words, "--app", "-a", "--service", "--environment", "-e", "--stage", "--project-ref")
        return (call(action, f"{tool} {found}", words, part, target),) if found else ()

    return read


CLOUD: dict[str, Callable[[Words], Calls | None]] = {
    "aws": _aws,
    "az": _simple(
        Action.DEPLOY, "az", "backend", "webapp deploy", "webapp up", "containerapp update", "containerapp up"
    ),
    "cdk": _simple(Action.INFRASTRUCTURE, "cdk", "", "deploy"),
    "copilot": _simple(Action.DEPLOY, "copilot", "backend", "deploy", "svc deploy"),
    "doctl": _simple(Action.DEPLOY, "doctl", "backend", "apps create-deployment", "apps update"),
    "eb": _simple(Action.DEPLOY, "eb", "backend", "deploy"),
    "firebase": _firebase,
    "firebase-tools": _firebase,
    "fly": _fly,
    "flyctl": _fly,
    "gcloud": _gcloud,
    "helm": _helm,
    "heroku": _simple(Action.DEPLOY, "heroku", "backend", "container:release", "releases:retry"),
    "kamal": _simple(Action.DEPLOY, "kamal", "backend", "deploy", "redeploy"),
    "kubectl": _kubectl,
    "netlify": _netlify,
    "pulumi": _simple(Action.INFRASTRUCTURE, "pulumi", "", "up", "update"),
    "railway": _simple(Action.DEPLOY, "railway", "backend", "up", "redeploy"),
    "sam": _simple(Action.INFRASTRUCTURE, "sam", "", "deploy"),
    "serverless": _simple(Action.DEPLOY, "serverless", "backend", "deploy"),
    "sls": _simple(Action.DEPLOY, "sls", "backend", "deploy"),
    "sst": _simple(Action.DEPLOY, "sst", "backend", "deploy"),
    "supabase": _simple(Action.MIGRATE, "supabase", "backend", "db push", "migration up"),
    "terraform": _terraform,
    "terragrunt": _terraform,
    "tofu": _terraform,
    "vercel": _vercel,
    "wrangler": _wrangler,
}
