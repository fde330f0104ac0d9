"""What a program's words say of it."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.delivery.calls import Action
from runcrew_lint.domains.delivery.launchers import Program
from runcrew_lint.domains.delivery.programs import program_calls
from runcrew_lint.domains.delivery.state import Argument
from runcrew_lint.domains.lattice import known
from runcrew_lint.text import Place, Span


@pytest.mark.parametrize(
    ("command", "actions"),
    [
        (["node", "test/run.js"], [Action.TEST]),
        (["python", "ci/metrics.py", "--output", "test-results/all.json"], []),
        (["python", "run.py", "tests/unit"], []),
        (["python", "run.py", "test"], [Action.TEST]),
        (["deno", "run", "tests/all.ts"], [Action.TEST]),
        (["snyk", "test", "--severity-threshold=high"], [Action.LINT]),
        (["node", "-e", "copy()", "e2e/a.json"], []),
        (["detox", "test"], [Action.TEST]),
        (["xcodebuild", "-scheme", "App", "test"], [Action.TEST]),
        (["nox", "-s", "tests"], [Action.TEST]),
        (["tap-junit", "--input", "a.tap", "--name", "db-tests"], None),
        (["manage.py", "migrate"], [Action.MIGRATE]),
        (["manage.py", "migrate", "--check"], []),
        (["manage.py", "migrate", "--plan", "crew"], []),
        (["detox", "build"], []),
        (["pytest", "--version"], []),
        (["pytest", "--version-of-mine", "tests"], [Action.TEST]),
        (["pytest", "--collect-only", "-q"], []),
        (["eas", "--help"], []),
        (["pg_dump", "-h", "db", "app"], [Action.BACKUP]),
    ],
)
def test_what_a_command_does(command: list[str], actions: list[Action] | None) -> None:
    words = tuple(Argument(known(each), Place("a", Span(0, 0))) for each in command[1:])
    calls = program_calls(Program(command[0], words))
    assert (None if calls is None else [each.action for each in calls]) == actions


CLOUD = {
    "gcloud run deploy api": Action.DEPLOY,
    "gcloud beta run deploy api": Action.DEPLOY,
    "gcloud functions deploy f": Action.DEPLOY,
    "gcloud app deploy": Action.DEPLOY,
    "gcloud run services update api": Action.DEPLOY,
    "gcloud run services list": None,
    "gcloud auth login": None,
    "gcloud builds submit": Action.UNKNOWN,
    "gcloud compute ssh x --command a": Action.UNKNOWN,
    "gcloud sql backups create": Action.BACKUP,
    "flyctl deploy": Action.DEPLOY,
    "flyctl status": None,
    "kubectl apply -f a": Action.DEPLOY,
    "kubectl get pods": None,
    "helm upgrade a b": Action.DEPLOY,
    "helm lint a": None,
    "vercel --prod": Action.DEPLOY,
    "vercel pull": None,
    "firebase deploy": Action.DEPLOY,
    "heroku container:release web": Action.DEPLOY,
    "aws ecs update-service --service a": Action.DEPLOY,
    "aws s3 ls": None,
    "az webapp deploy": Action.DEPLOY,
    "railway up": Action.DEPLOY,
}


@pytest.mark.parametrize("command", CLOUD)
def test_what_a_cloud_is_told(command: str) -> None:
    name, *rest = command.split()
    words = tuple(Argument(known(each), Place("a", Span(0, 0))) for each in rest)
    found = [each.action for each in program_calls(Program(name, words)) or ()]
    assert found == [each for each in (CLOUD[command],) if each]
