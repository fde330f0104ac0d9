"""Where a file is used, by its path, and a part of it, by its keys."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.secrets import context
from runcrew_lint.domains.secrets.context import Setting, refined, setting_of
from runcrew_lint.domains.secrets.facts import Context
from runcrew_lint.domains.secrets.settings import Settings
from runcrew_lint.text import Source

_P, _D, _T = Context.PRODUCTION, Context.DEVELOPMENT, Context.TEST


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docker-compose.yml", _D),
        ("docker-compose.dev.yml", _D),
        ("docker-compose.override.yml", _D),
        ("docker-compose.prod.yml", _P),
        ("docker-compose.staging.yml", _P),
        ("deploy/docker-compose.yml", _P),
        ("docker-compose.infra.yml", _D),
        ("api/stubs/keys.json", _T),
        ("service/e2etest_service.go", _T),
        ("infra/docker-compose.yml", _P),
        ("infra.yml", _P),
        ("deploy/values.dev.yaml", _D),
        ("k8s/overlays/production/secret.yaml", _P),
        ("infra/dev-prod.tfvars", _P),
        ("Dockerfile", _P),
        ("backend/Dockerfile.dev", _D),
        ("backend/app/config.py", _P),
        ("backend/app/config/local.py", _D),
        ("backend/app/local_storage.py", _P),
        ("backend/scripts/dev-bootstrap.ts", _D),
        ("backend/app/devices.py", _P),
        ("src/config.ts", _P),
        ("backend/tests/test_deploy.py", _T),
        ("backend/conftest.py", _T),
        ("src/api/client.test.ts", _T),
        ("src/__tests__/production.ts", _T),
        ("fixtures/bad/docker-compose.prod.yml", _T),
        ("e2e/login.ts", _T),
        ("README.md", Context.DOCS),
        ("docs/production.yaml", Context.DOCS),
        (".env.example", Context.EXAMPLE),
        (".env.production.example", Context.EXAMPLE),
        ("backend/sample.settings.yaml", Context.EXAMPLE),
        ("k8s/production/secrets-template.yaml", Context.EXAMPLE),
        ("config.yaml", _D),
    ],
)
def test_paths(path: str, expected: Context) -> None:
    assert setting_of(path, (".env.example",)).context is expected


@pytest.mark.parametrize(
    ("of_path", "keys", "expected"),
    [
        (Setting(_D), ("production", "database"), Setting(_P, deployed=True)),
        (Setting(_P), ("TestingConfig",), Setting(_T)),
        (Setting(_P), ("DevConfig",), Setting(_D)),
        (Setting(_P, deployed=True), ("dev",), Setting(_P, deployed=True)),
        (Setting(_T), ("production",), Setting(_T)),
        (Setting(_D), ("examples",), Setting(Context.EXAMPLE)),
        (Setting(_P), (), Setting(_P)),
    ],
)
def test_keys(of_path: Setting, keys: tuple[str, ...], expected: Setting) -> None:
    assert refined(of_path, keys) == expected


_WORKFLOW = """\
env: {TOP: 1}
jobs:
  test: {runs-on: x}
  dev: {environment: development}
  ship: {environment: {name: production}}
"""


@pytest.mark.parametrize(
    ("path", "text", "keys", "expected"),
    [
        (".github/workflows/ci.yml", _WORKFLOW, ("jobs", "test", "env"), _T),
        (".github/workflows/ci.yml", _WORKFLOW, ("jobs", "dev", "env"), _T),
        (".github/workflows/ci.yml", _WORKFLOW, ("jobs", "ship", "steps"), _P),
        (".github/workflows/ci.yml", _WORKFLOW, ("env",), _P),
        (".github/workflows/ci.yml", "jobs: [", ("env",), _T),
        (".github/workflows/deploy-prod.yml", "jobs: {}", ("env",), _P),
        ("app.yaml", "apiVersion: v1\nkind: Secret\n", ("data",), _P),
        ("app.dev.yaml", "apiVersion: v1\nkind: Secret\n", ("data",), _D),
        ("app.yaml", "kind: pizza\n", ("data",), _D),
        ("src/lib.rs", "fn a() {}\n#[cfg(test)]\nmod tests {}\n", (), _T),
    ],
)
def test_documents(path: str, text: str, keys: tuple[str, ...], expected: Context) -> None:
    assert Settings(Source(path, text), setting_of(path)).at(keys, len(text)).context is expected


@pytest.mark.parametrize(
    ("path", "translation", "generated"),
    [
        ("src/locales/ko.json", True, False),
        ("app/i18n/en-US.json", True, False),
        ("lib/l10n/app_ko.arb", True, False),
        ("package-lock.json", False, True),
        ("uv.lock", False, True),
        ("pnpm-lock.yaml", False, True),
        ("src/config.json", False, False),
    ],
)
def test_noise(path: str, translation: bool, generated: bool) -> None:
    assert context.is_translation(path) is translation
    assert context.is_generated(path) is generated
