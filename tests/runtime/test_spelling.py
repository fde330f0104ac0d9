"""The policy's own spelling passes every rule of the runtime; each small step away from it is told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from
from tests.generated import KINDS

SEED = Path(__file__).resolve().parents[2] / "fixtures/seed/runcrew"
DSN = KINDS["sentry-dsn"](random.Random("spelling")).decode()
PATHS = ("backend/app/health.py", "backend/app/log.py", "backend/app/sentry.py", "src/sentry.ts")
# What the document leaves to the reader: the application that its snippets are of.
AROUND = {
    "backend/app/main.py": "from fastapi import FastAPI\n\nfrom app.health import app\n",
    "backend/requirements.txt": "fastapi==0.116.1\nsentry-sdk==2.34.1\nstructlog==25.4.0\n",
    "package.json": '{"dependencies": {"expo": "~53.0.0", "@sentry/react-native": "~6.14.0"}}\n',
    "app.config.ts": "export default { extra: { SENTRY_DSN: process.env.SENTRY_DSN } };\n",
}


def _spoken(folder: Path, *change: str) -> set[str]:
    """The rules that speak on the document's files, one of them changed."""
    files = {path: (SEED / path).read_text("utf-8") for path in PATHS}
    files["backend/app/health.py"] = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n" + files[PATHS[0]]
    if change:
        path, old, new = change
        assert old in files[path]
        files[path] = files[path].replace(old, new)
    found = run(Request(repository_from(AROUND | files, folder / "r"), policy="runcrew", select=("runtime",)))
    return {each.rule for each in found.report.findings}


def test_as_the_document_spells_it(tmp_path: Path) -> None:
    assert _spoken(tmp_path) <= {"expo-env-not-inlined"}  # a fact about devices, which no policy changes


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        ("backend/app/sentry.py", "traces_sample_rate=0.1", "traces_sample_rate=0.11", "sentry-sample-rate"),
        ("backend/app/sentry.py", "    traces_sample_rate=0.1,\n", "", "sentry-sample-rate"),
        ("backend/app/sentry.py", "environment=settings", "release=settings", "sentry-environment-missing"),
        ("backend/app/sentry.py", "settings.SENTRY_DSN", f'"{DSN}"', "sentry-dsn-literal"),
        ("backend/app/sentry.py", "sentry_sdk.init(", "print(", "sentry-missing"),
        ("backend/app/health.py", "/health", "/status", "health-endpoint-missing"),
        ("backend/app/health.py", 'await db.execute(text("SELECT 1"))', "pass", "health-endpoint-blind"),
        ("backend/app/health.py", "status_code=503", "status_code=200", "health-endpoint-blind"),
        ("backend/app/log.py", "logger = structlog", "print(1)\nlogger = structlog", "print-instead-of-log"),
        ("src/sentry.ts", "tracesSampleRate: 0.2", "tracesSampleRate: 0.21", "sentry-sample-rate"),
        ("src/sentry.ts", "  environment: __DEV__ ? 'development' : 'production',\n", "",
         "sentry-environment-missing"),
    ],
)  # fmt: skip
def test_a_step_away(path: str, old: str, new: str, rule: str, tmp_path: Path) -> None:
    assert rule in _spoken(tmp_path, path, old, new)
