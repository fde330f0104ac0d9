"""A fix that is right where it is made and wrong for what hangs on it is not offered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runcrew_lint.engine.fix import mend
from runcrew_lint.engine.run import Request

WORKFLOW = """\
on: {on}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ssh "deploy@$HOST" "cd /srv/app && docker compose pull && docker compose up -d"
        env: {{HOST: "${{{{ secrets.DEPLOY_HOST }}}}"}}
"""


def mends(folder: Path, files: dict[str, str], rule: str) -> int:
    """How many of the fixes of a rule that speaks are made."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    made = mend(Request(folder, policy="runcrew", select=(rule,), cache=folder / "cache"), unsafe=True)
    assert made.before.report.findings
    return len(made.fixes)


@pytest.mark.parametrize(
    ("on", "mended"),
    [
        ("{push: {branches: [main]}}", 1),
        ("{push: {branches: [main]}, workflow_dispatch: }", 1),
        ("{push: {branches: [main, develop]}}", 0),
        ("{push: {branches: [main]}, pull_request: }", 0),
    ],
)
def test_a_job_that_others_run_too_does_not_become_productions(tmp_path: Path, on: str, mended: int) -> None:
    files = {".github/workflows/deploy.yml": WORKFLOW.format(on=on)}
    assert mends(tmp_path, files, "deploy-environment-missing") == mended


ADDRESS = {"env": {"API_BASE_URL": "https://preview.example.test"}}


@pytest.mark.parametrize(
    ("profiles", "mended"),
    [
        ({}, 1),
        ({"preview": {"extends": "production"}}, 0),
        ({"preview": {"extends": "production"} | ADDRESS}, 1),
        ({"preview": {"extends": "base"}, "base": {"extends": "production"}}, 0),
        ({"production-huawei": {"extends": "production"}}, 1),
        # It gets its own, and production its after it.
        ({"staging": {"extends": "production"}}, 2),
        ({"development": {}, "development:device": {"extends": "development"}}, 2),
    ],
)
def test_productions_address_is_not_handed_to_who_inherits_it(
    tmp_path: Path, profiles: dict[str, object], mended: int
) -> None:
    files = {"eas.json": json.dumps({"build": {"production": {}, **profiles}}, indent=2)}
    assert mends(tmp_path, files, "eas-api-url-mismatch") == mended
