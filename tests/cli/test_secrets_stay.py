"""No output of any kind tells a secret, whichever rule's frame its line falls into."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from runcrew_lint.reporters import FORMATS
from tests.commands import said
from tests.fixtures_git import repository_from
from tests.generated import KINDS

FILES = {
    "app/settings.py": 'JWT_SECRET = "@@GENERATED:hex-secret@@"\nKEY = """@@GENERATED:private-key@@"""\n',
    # One line, and so one frame, for the exposed port and for the password.
    "docker-compose.prod.yml": (
        'services: {db: {image: "postgres:16", ports: ["5432:5432"], '
        'environment: {POSTGRES_PASSWORD: "@@GENERATED:password@@"}}}\n'
    ),
    ".env": "AWS_SECRET_ACCESS_KEY=@@GENERATED:aws-secret-access-key@@\n",
    "deploy.sh": "curl https://admin:@@GENERATED:kakao-key@@@deploy.runcrew.app/api\n",
    # A fix in a file that holds a secret: its diff shows the lines around.
    ".github/workflows/a.yml": (
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n"
        "      JWT_SECRET: @@GENERATED:apple-key-id@@@@GENERATED:password@@\n    steps: [{run: make}]\n"
    ),
}
PLANTED = ("hex-secret", "private-key", "password", "aws-secret-access-key", "kakao-key")
KEY_HEAD = "MC4CAQAwBQYDK2Vw"  # PKCS#8 says here that the key is of Ed25519
SPEAKING = {"secret-in-code", "private-key", "password-in-url", "database-exposed", "timeout-missing"}


def parts() -> set[str]:
    """Every eight characters of the values, but for those that a preview may show or that every key has."""
    values = [KINDS[kind](random.Random(kind)).decode() for kind in PLANTED]
    lines = [line.removeprefix(KEY_HEAD) for value in values for line in value.splitlines()]
    lines = [line for line in lines if not line.startswith("-----")]
    return {line[at : at + 8] for line in lines for at in range(4, len(line) - 7)}


def told(root: Path, *arguments: str) -> str:
    done = said(root, "--no-cache", "--policy", "runcrew", *arguments)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with secrets in it."""
    return repository_from(FILES, tmp_path_factory.mktemp("secrets") / "repository")


def test_the_secrets_are_there_and_are_found(root: Path) -> None:
    written = "".join(
        path.read_text() for path in root.rglob("*") if path.is_file() and ".git/" not in str(path)
    )
    assert sum(part in written for part in parts()) == len(parts())
    findings = json.loads(told(root, "--format", "json"))["findings"]
    assert {each["rule"] for each in findings} >= SPEAKING


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_tells_them(root: Path, form: str) -> None:
    text = told(root, "--format", form)
    assert "JWT_SECRET" in text
    assert {part for part in parts() if part in text} == set()


QUOTING = {
    "delivery-unresolved": "{} deploy",
    "deploy-concurrency": "alembic -x url={} upgrade head",
    "deploy-environment-missing": "kubectl --context {} apply -f a.yaml",
    "delivery-untested-deploy": "fly deploy --app {}",
    "check-neutralised": "pytest --token {} || true\npytest",
}


@pytest.mark.parametrize("rule", QUOTING)
def test_no_finding_quotes_what_a_script_does_with_one(tmp_path: Path, rule: str) -> None:
    """It stands where the script is called."""
    token = KINDS["github-token"](random.Random(1)).decode()
    job = (
        "on: {push: {branches: [main]}}\njobs:\n  deploy:\n    runs-on: x\n    env:\n"
        "      KEY: ${{ secrets.KUBE_CONFIG }}\n    steps: [{run: bash deploy.sh}]\n"
    )
    files = {".github/workflows/a.yml": job, "deploy.sh": f"{QUOTING[rule].format(token)}\n"}
    text = told(repository_from(files, tmp_path / "root"), "--select", rule, "--format", "concise")
    assert f"[{rule}]" in text
    assert token[:4] in text
    assert token[:12] not in text


def test_a_frame_shows_the_rest_of_the_line(root: Path) -> None:
    assert 'ports: ["5432:5432"], environment: {POSTGRES_PASSWORD: ' in told(root)


def test_no_diff_tells_them(root: Path) -> None:
    text = told(root, "--diff", "--unsafe-fixes")
    assert "+    timeout-minutes: " in text
    assert {part for part in parts() if part in text} == set()
