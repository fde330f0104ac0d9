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


def is_mended(folder: Path, files: dict[str, str], rule: str) -> bool:
    """Whether a rule speaks, and mends what it speaks of."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    made = mend(Request(folder, policy="runcrew", select=(rule,), cache=folder / "cache"), unsafe=True)
    assert made.before.report.findings
    return bool(made.fixes)


@pytest.mark.parametrize(
    ("on", "mended"),
    [
        ("{push: {branches: [main]}}", True),
        ("{push: {branches: [main]}, workflow_dispatch: }", True),
        ("{push: {branches: [main, develop]}}", False),
        ("{push: {branches: [main]}, pull_request: }", False),
    ],
)
def test_a_job_that_others_run_too_does_not_become_productions(tmp_path: Path, on: str, mended: bool) -> None:
    files = {".github/workflows/deploy.yml": WORKFLOW.format(on=on)}
    assert is_mended(tmp_path, files, "deploy-environment-missing") is mended


ADDRESS = {"env": {"API_BASE_URL": "https://preview.example.test"}}


@pytest.mark.parametrize(
    ("profiles", "mended"),
    [
        ({}, True),
        ({"preview": {"extends": "production"}}, False),
        ({"preview": {"extends": "production"} | ADDRESS}, True),
        ({"preview": {"extends": "base"}, "base": {"extends": "production"}}, False),
        ({"production-huawei": {"extends": "production"}}, True),
        # It gets its own, of the same run.
        ({"staging": {"extends": "production"}}, True),
    ],
)
def test_productions_address_is_not_handed_to_who_inherits_it(
    tmp_path: Path, profiles: dict[str, object], mended: bool
) -> None:
    files = {"eas.json": json.dumps({"build": {"production": {}, **profiles}}, indent=2)}
    assert is_mended(tmp_path, files, "eas-api-url-mismatch") is mended
