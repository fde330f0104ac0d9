"""A generated repository that is built and shipped: the same workflows, images and compose files each time.

The proportions are those of a public repository with 31 workflows: two jobs and nine steps a workflow, a
fifth of the steps with a condition, half of them a script of three lines.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

ACTIONS = ("actions/checkout", "actions/setup-node", "actions/setup-python", "actions/cache",
           "docker/login-action", "docker/build-push-action", "actions/upload-artifact")  # fmt: skip
CONDITIONS = ("github.event_name == 'push'", "success() && github.ref == 'refs/heads/main'",
              "startsWith(github.ref, 'refs/tags/v')", "always()")  # fmt: skip
TRIGGERS = (
    "push: {branches: [main, develop]}",
    "pull_request: {paths: ['src/**', 'package.json']}",
    "push: {tags: ['v*']}",
    "schedule: [{cron: '17 3 * * *'}]",
    "workflow_dispatch:",
)
SCRIPTS = (
    """
          npm ci
          npm run lint -- --max-warnings 0
          npx tsc --noEmit""",
    """
          pip install -r requirements.txt
          ruff check .
          pytest -q --maxfail=1""",
    """
          tag="${GITHUB_REF_NAME}-${GITHUB_SHA::7}"
          echo "tag=$tag" >> "$GITHUB_OUTPUT"
          docker push "app:$tag\"""",
    """
          for name in api web; do
            kubectl set image deployment/"$name" app="$IMAGE"
          done""",
    """
          if [ "$STAGE" = production ]; then
            eas build --profile production --non-interactive
          else
            eas build --profile preview --non-interactive
          fi""",
)
WORKFLOW = """\
name: flow {number}
on:
  {trigger}
permissions:
  contents: read
env:
  STAGE: {stage}
jobs:"""
MATRIX = """\
    strategy:
      matrix:
        version: [20, 22]
        system: [linux, macos]"""
ACTION = """\
      - uses: {action}@{commit:040x} # v{major}
        with:
          name: part-{step}
          token: ${{{{ secrets.TOKEN_{step} }}}}"""
SCRIPT = """\
      - name: step {step}
        env:
          IMAGE: app:${{{{ github.sha }}}}
        run: |{script}"""
IMAGE = """\
# syntax=docker/dockerfile:1
ARG VERSION=3.{minor}
FROM python:${{VERSION}}-slim AS build
WORKDIR /src
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache \\
    pip install --no-cache-dir \\
    -r requirements.txt
{parts}
FROM python:${{VERSION}}-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends \\
    libpq5=17.* \\
    curl=8.{number}.* \\
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /src /app
USER 1000:1000
HEALTHCHECK CMD curl -f http://localhost:8000/health
EXPOSE 8000
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]"""
PART = """\
COPY part{0}/ ./part{0}/
RUN python -m compileall -q part{0} && rm -rf part{0}/tests"""
SERVICE = """\
  s{0}:
    build: ../../services/s{0}
    restart: unless-stopped
    environment:
      DATABASE_URL: ${{DATABASE_URL:?}}
      LOG_LEVEL: info
    ports:
      - "127.0.0.1:80{0:02}:8000"
    healthcheck:
      test: ["CMD", "true"]
      interval: 10s
    depends_on:
      db:
        condition: service_healthy"""
DATABASE = """\
  db:
    image: postgres:17.2
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD", "pg_isready"]
volumes:
  data:"""


def write(folder: Path, workflows: int, images: int, composes: int, seed: int = 31) -> None:
    """Writes a repository of so many files of each kind under `folder`."""
    random_ = random.Random(seed)
    _put(folder / "package.json", ['{"name": "app", "scripts": {"build": "tsc -b", "test": "jest"}}'])
    for number in range(workflows):
        _put(folder / f".github/workflows/flow-{number}.yml", _workflow(random_, number))
    for number in range(images):
        parts = "\n".join(PART.format(part) for part in range(random_.randint(1, 5)))
        image = IMAGE.format(number=number, minor=random_.randrange(10, 14), parts=parts)
        _put(folder / f"services/s{number}/Dockerfile", [image])
    for number in range(composes):
        services = [SERVICE.format(each) for each in range(random_.randint(3, 8))]
        _put(folder / f"deploy/e{number}/docker-compose.yml", ["services:", *services, DATABASE])


def _put(file: Path, lines: Iterable[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


def _workflow(random_: random.Random, number: int) -> Iterator[str]:
    stage = random_.choice(("staging", "production"))
    yield WORKFLOW.format(number=number, trigger=random_.choice(TRIGGERS), stage=stage)
    jobs = [f"job-{each}" for each in range(random_.randint(1, 3))]
    for before, job in zip((None, *jobs), jobs, strict=False):
        yield f"  {job}:\n    runs-on: ubuntu-24.04\n    timeout-minutes: {random_.randrange(5, 60)}"
        if before:
            yield f"    needs: [{before}]\n    if: ${{{{ {random_.choice(CONDITIONS)} }}}}"
        if random_.random() < 0.3:
            yield MATRIX
        yield "    steps:"
        yield from (_step(random_, step) for step in range(random_.randint(5, 13)))


def _step(random_: random.Random, step: int) -> str:
    if random_.random() < 0.5:
        commit, major = random_.getrandbits(160), random_.randrange(2, 7)
        said = ACTION.format(action=random_.choice(ACTIONS), commit=commit, major=major, step=step)
    else:
        said = SCRIPT.format(step=step, script=random_.choice(SCRIPTS))
    if random_.random() < 0.2:
        said += f"\n        if: ${{{{ {random_.choice(CONDITIONS)} }}}}"
    return said
