"""Zibro's delivery as its plan writes it: clean under its policy; each single step off the plan is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from runcrew_lint.engine.run import Request, run
from tests.fixtures_git import repository_from

HEAD = "permissions: {contents: read}\nconcurrency: {group: x}\n"
JOB = "    runs-on: ubuntu-latest\n    timeout-minutes: 30\n"
BACKEND = f"""\
name: Backend
on: {{push: {{branches: ["feature/**", develop]}}}}
{HEAD}jobs:
  test:
{JOB}    steps: [{{run: npm test}}]
  image:
    needs: test
    if: github.ref == 'refs/heads/develop'
{JOB}    steps:
      - run: |
          docker build -t "$ECR/zibro-api:$GITHUB_SHA" .
          docker push "$ECR/zibro-api:$GITHUB_SHA"
  deploy:
    needs: image
{JOB}    steps:
      - run: aws ecs update-service --cluster zibro-staging --service api --force-new-deployment
"""
WEB = f"""\
name: Web
on: {{push: {{branches: ["feature/**", develop]}}}}
{HEAD}jobs:
  check:
{JOB}    steps: [{{run: npm test && npm run lint}}]
  upload:
    needs: check
    if: github.ref == 'refs/heads/develop'
{JOB}    steps:
      - run: npm run build
      - run: aws s3 sync build s3://zibro-staging-web --delete
      - run: aws cloudfront create-invalidation --distribution-id "$STAGING_DISTRIBUTION" --paths '/*'
"""
FLUTTER = f"""\
name: Flutter
on: {{push: {{branches: ["feature/**", develop, main]}}}}
{HEAD}jobs:
  check:
{JOB}    steps: [{{run: flutter analyze}}, {{run: flutter test}}]
  testers:
    needs: check
    if: github.ref == 'refs/heads/develop'
{JOB}    steps:
      - run: flutter build apk --flavor staging --release
      - run: firebase appdistribution:distribute build/app.apk --app "$APP" --groups testers
  store:
    needs: check
    if: github.ref == 'refs/heads/main'
{JOB}    environment: production
    steps:
      - run: flutter build appbundle --flavor production --release
      - run: bundle exec fastlane android release
"""
FILES = {"backend": BACKEND, "web": WEB, "flutter": FLUTTER}


def rules(folder: Path, **changed: str) -> list[str]:
    files = {f".github/workflows/{name}.yml": text for name, text in {**FILES, **changed}.items()}
    files["package.json"] = '{"scripts": {"test": "jest", "lint": "eslint .", "build": "vite build"}}\n'
    root = repository_from(files, folder / "repository")
    found = run(Request(root, policy="zibro", select=("delivery", "engine"))).report.findings
    return sorted({each.rule for each in found if each.severity.value != "info"})


def test_the_plan_is_clean(tmp_path: Path) -> None:
    assert rules(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "was", "now", "rule"),
    [
        ("backend", "zibro-staging", "zibro-production", "delivery-production-exposed"),
        ("backend", "    needs: image\n", "", "delivery-untested-deploy"),
        ("web", "s3://zibro-staging-web", "s3://zibro-production-web", "delivery-production-exposed"),
        ("web", "    needs: check\n", "", "delivery-untested-deploy"),
        ("flutter", "flutter analyze", "flutter pub get", "flutter-checks-missing"),
        (
            "flutter",
            "{run: flutter test}",
            "{run: flutter test, continue-on-error: true}",
            "flutter-checks-missing",
        ),
        ("flutter", "--flavor staging --release", "--flavor production --release", "flutter-wrong-artifact"),
        ("flutter", "--flavor staging --release", "--flavor staging --debug", "flutter-wrong-artifact"),
        ("flutter", "refs/heads/develop", "refs/heads/feature/example", "flutter-wrong-artifact"),
        ("flutter", "refs/heads/main", "refs/heads/develop", "flutter-wrong-artifact"),
    ],
)
def test_a_step_off_the_plan(tmp_path: Path, name: str, was: str, now: str, rule: str) -> None:
    assert was in FILES[name]
    assert rule in rules(tmp_path, **{name: FILES[name].replace(was, now)})
