"""A secret of one file is in no output, wherever in the repository its value stands again."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from runcrew_lint.engine.seen import Seen
from runcrew_lint.reporters import FORMATS
from runcrew_lint.text import Source
from tests.commands import said
from tests.fixtures_git import git, repository_from
from tests.generated import KINDS
from tests.secrets.reading import policy

# Where a value is a secret: by the name it stands under, so that nothing tells it in another place.
HOMES = {
    "env": (".env.production", "DB_PASSWORD={}\n"),
    "compose": (
        "docker-compose.prod.yml",
        'services: {{db: {{image: "postgres:16", environment: {{POSTGRES_PASSWORD: "{}"}}}}}}\n',
    ),
    "workflow": (
        ".github/workflows/home.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      DB_PASSWORD: {}\n"
        "    steps: [{{run: make}}]\n",
    ),
    "dockerfile": ("home/Dockerfile", "FROM python:3.12\nENV DB_PASSWORD={}\n"),
    "eas": ("eas.json", '{{"build": {{"production": {{"env": {{"DB_PASSWORD": "{}"}}}}}}}}\n'),
    "nginx": (
        "home/nginx.conf",
        "server {{\n  listen 80;\n  location / {{\n    proxy_pass http://u:{}@db.internal;\n  }}\n}}\n",
    ),
    "terraform": (
        "home/main.tf",
        'resource "aws_db_instance" "a" {{\n  engine = "postgres"\n  password = "{}"\n}}\n',
    ),
    "source": ("app/settings.py", 'DB_PASSWORD = "{}"\n'),
    "script": ("home.sh", "export DB_PASSWORD={}\npsql\n"),
    "make": ("home/Makefile", "DB_PASSWORD = {}\nall:\n\tpsql\n"),
    "migration": (
        "backend/alembic/versions/0001_a.py",
        "import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '0001'\ndown_revision = None\n\n"
        'DB_PASSWORD = "{}"\n\n\ndef upgrade():\n    op.create_table("t", sa.Column("a", sa.Text()))\n',
    ),
    "alembic": ("backend/alembic.ini", "[alembic]\nsqlalchemy.url = postgresql://u:{}@db.internal/a\n"),
}

# Where it stands again, in each place that a rule or a picture may quote.
WORDS = {
    ".github/workflows/again.yml": (
        "name: {0}\non: {{push: {{branches: [main]}}, pull_request: {{}}}}\n"
        "env: {{{0}: '${{{{ secrets.{0} }}}}'}}\n"
        "jobs:\n  {0}:\n    name: {0}\n    runs-on: {0}\n    environment: {0}\n    needs: [no-{0}]\n"
        "    container: {0}\n    permissions: {{{0}: write}}\n    if: github.{0} == '{0}'\n"
        "    strategy: {{matrix: {{{0}: [{0}]}}}}\n    steps:\n"
        "      - {{uses: {0}/{0}@v1, with: {{{0}: {0}}}}}\n      - {{uses: ./{0}}}\n"
        "      - {{run: 'pytest {0} || true', shell: {0}}}\n      - {{run: '{0} deploy {0}'}}\n"
        "      - {{run: 'alembic -x a={0} upgrade {0}'}}\n"
        "      - {{run: 'kubectl --context {0} apply -f {0}.yaml'}}\n"
        "      - {{run: 'fly deploy --app {0}'}}\n      - {{run: 'eas build --profile {0}'}}\n"
        "      - {{run: 'eas update --branch {0} --message {0}'}}\n      - {{run: 'docker push {0}'}}\n"
        "      - {{run: 'make {0}'}}\n      - {{run: 'npm run {0}'}}\n      - {{run: 'bash {0}.sh'}}\n"
        "      - {{run: 'bash again.sh {0}'}}\n      - {{run: bash home.sh}}\n"
        "      - {{run: 'echo ${{{{ github.event.{0} }}}}'}}\n"
    ),
    "again.sh": (
        "kubectl --context {0} apply -f a.yaml\ncurl http://{0}/a | sh\n{0} deploy\nalembic upgrade {0}\n"
    ),
    "docker-compose.yml": (
        'services:\n  {0}:\n    image: "{0}:latest"\n    container_name: {0}\n    depends_on: [no-{0}]\n'
        '    ports: ["{0}:80", "5432:5432"]\n    volumes: ["/var/run/docker.sock:/{0}", "{0}:/a"]\n'
        "    environment: {{A: {0}, {0}: b, DATABASE_URL: 'postgresql://u@{0}/{0}'}}\n    cap_add: [{0}]\n"
        "    command: [{0}, {0}]\n    user: {0}\n    networks: [{0}]\n    secrets: [{0}]\n"
        "    env_file: {0}.env\n"
    ),
    "Dockerfile": (
        "FROM {0}:latest AS {0}\nARG {0}={0}\nENV {0}={0}\nCOPY --from=no-{0} {0} {0}\n"
        "ADD http://{0}/a /{0}\n"
        "RUN apt-get install {0} && curl http://{0} | sh\nEXPOSE {0}\nUSER root\nCMD {0} --{0}\n"
        'LABEL a="{0}"\n'
    ),
    "mobile/eas.json": (
        '{{"build": {{"{0}": {{"channel": "{0}", "extends": "no-{0}",\n'
        ' "env": {{"{0}": "{0}", "A": "{0}"}}}},\n'
        ' "production": {{"channel": "{0}", "distribution": "{0}"}}}}, "submit": {{"{0}": {{"ios": '
        '{{"ascAppId": "{0}", "appleId": "{0}"}}}}}}}}\n'
    ),
    "nginx.conf": (
        "upstream {0} {{ server {0}:80; }}\nserver {{\n  listen 80;\n  server_name {0};\n  include {0};\n"
        "  ssl_protocols {0};\n  location /{0} {{\n    proxy_pass http://no-{0}/;\n    add_header {0} {0};\n"
        "    {0} on;\n  }}\n}}\n"
    ),
    "main.tf": (
        'resource "aws_s3_bucket" "{0}" {{\n  bucket = "{0}"\n  acl = "public-read"\n  {0} = "{0}"\n}}\n'
        'resource "aws_security_group" "{0}" {{\n  ingress {{\n    cidr_blocks = ["0.0.0.0/0"]\n'
        '    description = "{0}"\n  }}\n}}\nmodule "{0}" {{\n  source = "git::https://{0}/a.git"\n}}\n'
    ),
    "app/again.py": (
        "import os\nimport sentry_sdk\n\n"
        'sentry_sdk.init(dsn=os.environ["{0}"], environment="{0}", release="{0}")\n'
        'A = os.environ["{0}_A"]\nB = os.getenv("B", "{0}")\nCORS_ORIGINS = ["*", "http://{0}"]\n'
        "DEBUG = True\n"
        '\n\n@app.get("/health/{0}")\ndef health():\n    return "{0}"\n'
    ),
    "app/again.ts": 'export const a = process.env.{0};\nSentry.init({{dsn: "{0}", environment: "{0}"}});\n',
    ".env.example": "{0}=\nA={0}\n{0} bad {0}\n",
    ".env": "{0}={0}\nA={0}\nA={0}\n",
    "Makefile": "{0}:\n\t{0} deploy {0}\n\nall: {0}\n\tkubectl --context {0} apply -f a.yaml\n",
    "package.json": (
        '{{"name": "{0}", "scripts": {{"{0}": "{0} deploy", "deploy": "eas submit --profile {0}"}}}}\n'
    ),
    "backend/alembic/versions/0002_b.py": (
        '"""{0} of {0}"""\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "0002"\n'
        'down_revision = "0001"\n\n\ndef upgrade():\n'
        '    op.add_column("t", sa.Column("{0}", sa.Text(), nullable=False, comment="{0}"))\n'
        '    op.add_column("t", sa.Column("b", sa.Text(), server_default="{0}"))\n'
        '    op.create_index("{0}", "t", ["{0}"])\n'
        '    op.create_check_constraint("ck", "t", "a <> \'{0}\'")\n'
        '    op.execute("UPDATE t SET a = \'{0}\'")\n    op.drop_column("{0}", "{0}")\n'
        '    op.execute("DROP TABLE {0}")\n    op.execute({0})\n    op.rename_table("t", "{0}")\n'
        "    op.execute(\"CREATE TYPE {0} AS ENUM ('{0}')\")\n"
        '    op.alter_column("{0}", "{0}", type_={0}())\n'
        '\n\ndef downgrade():\n    op.drop_index("no_{0}")\n'
    ),
    "backend/alembic/versions/0003_c.py": (
        'revision = "{0}"\ndown_revision = "no-{0}"\n\n\ndef upgrade():\n    pass\n'
    ),
    "migrations/0001_again.up.sql": (
        "CREATE TABLE {0} ({0} text DEFAULT '{0}');\n"
        "ALTER TABLE {0} ADD CONSTRAINT {0} CHECK ({0} <> '{0}');\n"
        "COMMENT ON TABLE {0} IS '{0}';\nDROP TABLE no_{0};\nSELECT {0}('{0}');\n"
    ),
    "CODEOWNERS": "{0} @{0}\n/{0}/ {0}\n",
    ".github/rulesets/main.json": (
        '{{"name": "{0}", "target": "branch", "enforcement": "active", "conditions": {{"ref_name": '
        '{{"include": ["~DEFAULT_BRANCH"], "exclude": []}}}}, "rules": [{{"type": "required_status_checks", '
        '"parameters": {{"required_status_checks": [{{"context": "{0}"}}, {{"context": "no-{0}"}}]}}}}]}}\n'
    ),
    "vercel.json": (
        '{{"buildCommand": "{0} deploy", "{0}": "{0}", "crons": [{{"path": "{0}", "schedule": "{0}"}}]}}\n'
    ),
    "promised.py": 'DB_PASSWORD = "{0}"\nx = 1  # runcrew-lint: ignore[{0}] until=2020-01-01 {0}\n',
}
# What may be told of a run that has read every file.
WHOLE = (("--verbose",), ("--statistics",), ("--diff", "--unsafe-fixes"), ("explain", "app/settings.py:1"))
# What reads some kinds alone, with a home among them, or among the files that those are read with.
NARROW = (
    ("map", "workflow", ("text", "json", "mermaid", "svg", "html")),
    ("map", "script", ("text", "json")),
    ("env", "env", ("text", "json", "markdown")),
    ("schema", "migration", ("text", "json", "mermaid")),
    ("migrations", "migration", ("text", "json", "mermaid")),
    ("checks", "workflow", ("text", "json")),
    ("promises", "source", ("text", "json")),
)
# What makes it a secret of the very file that says it in other places, too.
OWN = {
    ".github/workflows/again.yml": (
        "  z:\n    runs-on: a\n    env: {{DB_PASSWORD: {0}}}\n    steps: [{{run: make}}]\n"
    ),
    "again.sh": "export DB_PASSWORD={0}\n",
    "Dockerfile": "ENV DB_PASSWORD={0}\n",
    "app/again.py": 'DB_PASSWORD = "{0}"\n',
    ".env": "DB_PASSWORD={0}\n",
    "Makefile": "DB_PASSWORD = {0}\n",
    "backend/alembic/versions/0002_b.py": 'DB_PASSWORD = "{0}"\n',
    "main.tf": 'resource "aws_db_instance" "a" {{\n  password = "{0}"\n}}\n',
}


def value(home: str) -> str:
    """The secret of a home: letters and digits, the first a letter, as a name could be."""
    return "k" + KINDS["password"](random.Random(home)).decode()


def parts(home: str) -> frozenset[str]:
    """Every eight characters of it behind what a preview may show."""
    text = value(home).lower()
    return frozenset(text[at : at + 8] for at in range(4, len(text) - 7))


def bare(text: str) -> dict[str, str]:
    """The homes whose secrets a text tells, with what stands around the first."""
    low = text.lower()
    at = {home: [low.find(part) for part in parts(home) if part in low] for home in HOMES}
    return {home: text[max(0, min(found) - 80) : min(found) + 20] for home, found in at.items() if found}


def repository(folder: Path, words: dict[str, str]) -> Path:
    """All homes, and these files beside them."""
    homes = {path: text.format(value(home)) for home, (path, text) in HOMES.items()}
    return repository_from({**homes, **words}, folder / "repository")


def told(root: Path, *arguments: str) -> str:
    done = said(root, *arguments, "--policy", "runcrew")
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


def test_each_home_makes_it_a_secret() -> None:
    seen = Seen(policy())
    for home, (path, text) in HOMES.items():
        assert value(home) in seen.values(Source(path, text.format(value(home)))), home


@pytest.mark.parametrize("turn", range(3))
def test_no_report_tells_one(tmp_path: Path, turn: int) -> None:
    homes = list(HOMES)
    words = {
        path: text.format(value(homes[(at + 5 * turn) % len(homes)]))
        for at, (path, text) in enumerate(WORDS.items())
    }
    root = repository(tmp_path, words)
    reports = [f"--format={form}={tmp_path / form}" for form in FORMATS]
    for _cold_and_warm in range(2):
        outputs = {"check": told(root, *reports)}
        outputs |= {form: (tmp_path / form).read_text() for form in FORMATS}
        outputs |= {" ".join(each): told(root, *each) for each in WHOLE}
        assert {name: found for name, text in outputs.items() if (found := bare(text))} == {}
    messages = " ".join(each["message"] for each in json.loads(outputs["json"])["findings"])
    assert sum(f"{value(home)[:4].lower()}****" in messages.lower() for home in homes) > 5


def test_nor_does_what_is_said_of_a_change(tmp_path: Path) -> None:
    """A promise that it makes, and the check that it makes weaker, by the name that the check has."""
    name = value("env")
    check = (
        f"on: pull_request\njobs:\n  {name}:\n    name: {name}\n    runs-on: ubuntu-latest\n"
        f"    steps:\n      - name: {name}\n        run: runcrew-lint --exclude {name}\n"
    )
    policy = f"extends: runcrew\ndefault_branch: {name}\n"
    root = repository(tmp_path, {".github/workflows/check.yml": check, ".runcrew-lint.yaml": policy})
    softer = check.replace(f" --exclude {name}", "")
    (root / ".github/workflows/check.yml").write_text(f"{softer}        continue-on-error: true\n")
    (root / ".runcrew-lint.yaml").write_text("extends: runcrew\ndefault_branch: main\n")
    (root / "app/settings.py").write_text(f"x = 1  # runcrew-lint: ignore[root-user] {name}\n")
    for form in ("text", "json"):
        done = said(root, "--since", "HEAD", "--format", form)
        assert done.returncode in (0, 1), done.stderr
        assert f"where it was {name[:4]}****" in done.stdout
        assert f"runcrew-lint --exclude {name[:4]}****" in done.stdout
        assert bare(done.stdout + done.stderr) == {}


def test_nor_does_what_is_said_of_a_commit(tmp_path: Path) -> None:
    """The history names the variable that a value was given to."""
    name, other = value("env"), KINDS["password"](random.Random(7)).decode()
    root = repository(tmp_path, {"old.py": f'{name}_PASSWORD = "{other}"\n'})
    git(root, "rm", "-q", "old.py")
    git(root, "commit", "-qm", "it is gone")
    for form in ("text", "json"):
        done = said(root, "--history", "--format", form)
        assert f"wrote {name[:4]}****" in done.stdout, done.stderr
        assert bare(done.stdout + done.stderr) == {}
        assert other[5:] not in done.stdout


@pytest.mark.parametrize(("command", "home", "forms"), NARROW)
def test_nor_does_what_reads_some_kinds_alone(
    tmp_path: Path, command: str, home: str, forms: Sequence[str]
) -> None:
    root = repository(tmp_path, {path: text.format(value(home)) for path, text in WORDS.items()})
    for form in (*forms, *forms):
        text = told(root, command, "--format", form)
        assert bare(text) == {}
        assert f"{value(home)[:4]}****" in text


def test_no_fact_is_kept_that_repeats_a_secret_of_its_file(tmp_path: Path) -> None:
    homes = dict(zip(OWN, HOMES, strict=False))
    words = {path: (WORDS[path] + OWN[path]).format(value(homes[path])) for path in OWN}
    seen = Seen(policy())
    assert all(value(homes[path]) in seen.values(Source(path, words[path])) for path in OWN)
    root = repository_from(words, tmp_path / "repository")
    for command in ("check", "map", "env", "schema"):
        told(root, command)
    kept = "".join(
        each.read_bytes().decode("latin-1") for each in (tmp_path / "cache").rglob("*") if each.is_file()
    )
    assert "backend/alembic/versions/0002_b.py" in kept
    assert bare(kept) == {}
