"""Every kind of fact: which files may hold one, what their bytes must contain, and who reads them.

This table is data. A reader is named, not imported, so that a run imports only those whose files
are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Protocol

from runcrew_lint.frozen import frozen


class Claim(Protocol):
    """What says of a POSIX path whether a file may hold a kind: most are regular expressions."""

    def match(self, path: str, /) -> object:
        """Something true for a path that may."""


@frozen
class FactKind:
    """One kind of fact.

    Arguments:
        name: the word that rules use in `judges`, `compares` and `speaks`.
        fact: the name of the dataclass that the reader returns, in its family's module `home`.
        reader: `module:function` under runcrew_lint.domains; it takes a Source and a Reading and
            returns the fact, or None where the file holds none.
        claims: a pattern on the POSIX path.
        needles: the byte prefilter; the file is read further only if one of them is in it.
        sieve: `module:function`, a prefilter that words can't say: it takes the policy's settings and returns
            what judges a file's bytes.
        version: raised whenever the reader's answer for some file changes.
        settings: the fields of the policy that the reader reads.
        unreadable: the rule that reports a file which does not read.
        forms: further kinds that hold the same fact: a rule that reads this one reads those, too.
        sweeps: it claims whatever there is: what is no text is passed over without a word, and a text in
            another encoding than UTF-8 is read as far as it goes.
        named_alone: its name says what it is: one that is no text, or too large, is read as an empty one.
    """

    name: str
    fact: str
    reader: str
    claims: Claim
    needles: tuple[bytes, ...] = ()
    sieve: str = ""
    version: int = 1
    settings: tuple[str, ...] = ()
    unreadable: str = "file-unreadable"
    sweeps: bool = False
    named_alone: bool = False
    home: str = "facts"
    forms: tuple[str, ...] = ()


# Dockerfile.md is documentation and Dockerfile.j2 a template that no builder reads as it stands.
_NO_DOCKERFILE = (
    r"(?![^/]*\.(?:dockerignore|md|rst|txt|ya?ml|json|toml|lock|html|s?css|[cm]?[jt]sx?|py|rb|go|rs|sh|java|kt"
    r"|swift|svg|png|map|bak|orig|rej|patch|diff|j2|jinja2?|tmpl|tpl|template|gotmpl|erb|ejs|hbs|mustache|m4|in)\Z)"
)
_DOCKERFILE = (
    _NO_DOCKERFILE + r"(?:(?:Docker|Container)file(?:[._-][\w.-]+)?|[\w.-]+\.(?:Docker|Container)file)"
)
_COMPOSE = r"(?:[\w.-]+[._-])?(?:docker-)?compose[\w.-]*\.ya?ml"


class _Pattern:
    """A pattern on a path, compiled when a run asks for it: a warm one asks for few."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def match(self) -> Callable[[str], object]:
        """Says whether a file may hold the kind."""
        return re.compile(self._pattern, re.IGNORECASE).match


def _path(pattern: str) -> _Pattern:
    """A pattern on the file's name; the folders before it are passed over once, never tried again."""
    return _Pattern(f"(?:[^/]*/)*+(?:{pattern})\\Z")


# A script is a migration by its name alone where the name is a tool's (a version and `up`, Flyway's two
# underscores, diesel's and Prisma's dated folders), else by a number in a folder of migrations. A test's are
# not.
_NO_FIXTURE = r"(?!(?:[^/]*/)*(?:testdata|fixtures|__fixtures__|__tests__)/)"
_SCRIPT = _Pattern(
    r"(?=.*\.sql\Z)"
    + _NO_FIXTURE
    + r"(?:[^/]*/)*?(?:"
    + r"v?\d+(?:T\d+Z?)?[._-][^/]*\.(?:up|down)\.sql"
    + r"|(?:[VUB]\d[\w.]*|R)__[^/]+\.sql"
    + r"|\d[\d-]{3,}[_-][^/]+/(?:up|down|migration)\.sql"
    + r"|(?:db[_-]?)?(?:migrations?|migrate)/\d+[_-][^/]+/(?:up|down)\.sql"
    + r"|(?:db[_-]?)?(?:migrations?|migrate|drizzle)/(?:[\w.-]+/){0,2}\d+(?:T\d+Z?)?[._-][^/]*\.sql"
    + r")\Z"
)

EVERY = _path(r"[^/]+")

KINDS: dict[str, FactKind] = {
    kind.name: kind
    for kind in (
        FactKind(
            "migration",
            "Migration",
            "migrations.alembic:read",
            _path(r"[^/]+\.py"),
            needles=(b"down_revision",),
            version=45,
            unreadable="migration-unreadable",
            forms=("sql-migration",),
        ),
        FactKind(
            "foreign-migration",
            "ForeignMigration",
            "migrations.foreign:read",
            _Pattern(
                r"(?:.*/)?(?:migrations?/(?:\d{13,14}[-_]|Migration\d{14})[\w-]*\.[cm]?[jt]s|migrations/0\d{3}_\w+\.py"
                r"|db/migrate/\d{14}_\w+\.rb|priv/\w+/migrations/\d{14}_\w+\.exs"
                r"|database/migrations/\d{4}_\d\d_\d\d_\d{6}_\w+\.php|Migrations/\d{14}_\w+\.cs"
                r"|db\.changelog[\w.-]*\.(?:xml|ya?ml|json)|sqitch\.plan)\Z"
            ),
        ),
        FactKind(
            "sql-migration",
            "Migration",
            "migrations.script:read",
            _SCRIPT,
            settings=("migrations",),
            version=18,
            unreadable="migration-unreadable",
        ),
        FactKind(
            "alembic-environment",
            "AlembicEnvironment",
            "migrations.environment:read",
            _path(r"alembic\.ini|pyproject\.toml|env\.py"),
            needles=(b"alembic", b"run_migrations"),
            version=17,
            forms=("flask-migrate",),
        ),
        FactKind(
            "flask-migrate",
            "AlembicEnvironment",
            "migrations.extension:read",
            _Pattern(r"(?!(?:[^/]*/)*tests?/)(?:[^/]*/)*+(?!test_|conftest)[^/]+\.py\Z"),
            needles=(b"Migrate(", b"igrate.init_app(", b"igrations.init_app("),
            version=4,
        ),
        FactKind(
            "migration-rehearsal",
            "Rehearsal",
            "migrations.rehearsal:read",
            _path(r"(?!noxfile\.py)(?:test_[^/]+|[^/]+_test|conftest|(?<=tests/)[^/]+)\.py"),
            needles=(b"downgrade", b"alembic", b"migrate_down"),
            forms=("rehearsal-command",),
        ),
        FactKind(
            "rehearsal-command",
            "Rehearsal",
            "migrations.rehearsal:read",
            _path(
                r"noxfile\.py|tox\.ini|(?:GNU)?makefile|\.?justfile|[^/]+\.sh|action\.ya?ml|pyproject\.toml"
                r"|[^/]*requirements[^/]*\.(?:txt|in)"
            ),
            needles=(
                *(b"downgrade", b"alembic", b"migrate_down"),
                *(b"diesel", b"sqlx", b"dbmate", b"goose", b"flyway", b"migrate "),
            ),
        ),
        FactKind(
            "mapped-tables",
            "MappedTables",
            "migrations.mapping:read",
            _path(r"[^/]+\.py"),
            needles=(b"__tablename__", b"table=True"),
        ),
        FactKind(
            "code-owners",
            "CodeOwners",
            "review.owners:read",
            re.compile(r"(?:\.github/|docs/|\.gitlab/)?CODEOWNERS\Z"),
        ),
        FactKind("readme", "Readme", "review.readme:read", re.compile(r"README\.md\Z", re.IGNORECASE)),
        FactKind(
            "branch-rule",
            "BranchRules",
            "review.protection:read",
            re.compile(r"\.github/(?:rulesets/[^/]+\.json|settings\.ya?ml)\Z"),
            version=3,
        ),
        FactKind(
            "workflow",
            "Workflow",
            "workflows.read:read",
            re.compile(r"\.github/workflows/[^/]+\.ya?ml\Z"),
            version=11,
        ),
        FactKind(
            "workflow-problems",
            "WorkflowProblems",
            "workflows.problems:read",
            re.compile(r"(?:\.github/workflows/[^/]+|(?:[^/]+/)*action)\.ya?ml\Z"),
            version=5,
        ),
        FactKind(
            "expressions",
            "Expressions",
            "workflows.expressed:read",
            re.compile(r"(?:\.github/workflows/[^/]+|(?:[^/]+/)*action)\.ya?ml\Z"),
            needles=(b"${{", b"if:", b"::", b"UNSECURE_COMMANDS"),
            version=18,
            home="expression_facts",
        ),
        FactKind(
            "updates",
            "Updates",
            "updates.read:read",
            re.compile(r"\.github/dependabot\.ya?ml\Z"),
        ),
        FactKind(
            "eas-workflow",
            "EasWorkflow",
            "delivery.eas_workflow:read",
            re.compile(r"(?:[^/]+/)*\.eas/workflows/[^/]+\.ya?ml\Z"),
            version=10,
        ),
        FactKind(
            "recipes",
            "Recipes",
            "delivery.recipes:read",
            _path(r"(?:GNU)?makefile|\.?justfile|[^/]+\.just"),
            version=10,
        ),
        FactKind(
            "migration-runner",
            "MigrationRunner",
            "delivery.migration_runner:read",
            re.compile(
                r"(?!\.github/)(?:[^/]*/)*+(?!package\.json)(?:[^/]+\.(?:sh|bash|py|ya?ml|toml|json|cfg|ini|Dockerfile|j2|tf)"
                r"|[^/]*(?:Dockerfile|entrypoint|Procfile|prestart)[^/]*)\Z",
                re.IGNORECASE,
            ),
            needles=(b"alembic", b"command.upgrade", b"flask"),
            version=2,
        ),
        FactKind(
            "eas", "EasConfig", "eas.read:read", _path(r"eas\.json"), version=3, unreadable="eas-unreadable"
        ),
        FactKind(
            "package",
            "Package",
            "delivery.package:read",
            _path(r"package\.json"),
            needles=(b"scripts",),
            version=10,
            forms=("project",),
        ),
        FactKind(
            "project",
            "Package",
            "delivery.project:read",
            _path(r"project\.json"),
            needles=(b'"targets"',),
            version=5,
        ),
        FactKind(
            "pins",
            "Pins",
            "contracts.pins:read",
            _path(
                r"\.python-version|\.nvmrc|\.node-version|\.tool-versions|package\.json|pyproject\.toml"
                r"|(?:[^/]*[._-])?requirements(?:[._-][^/]*)?\.txt|(?<=requirements/)[^/]+\.txt|\.pre-commit-config\.yaml"
            ),
            version=2,
        ),
        FactKind(
            "own-name",
            "OwnName",
            "contracts.own_name:read",
            _Pattern(r"(?:package\.json|pyproject\.toml|Cargo\.toml|go\.mod)\Z"),
            needles=(b"github",),
        ),
        FactKind(
            "image",
            "Image",
            "containers.image:read",
            _path(_DOCKERFILE),
            version=3,
        ),
        FactKind(
            "image-scripts",
            "ImageScripts",
            "containers.run_scripts:read",
            _path(_DOCKERFILE),
            version=4,
            home="scripted",
        ),
        FactKind(
            "dockerignore", "DockerIgnore", "containers.dockerignore:read", _path(r"[\w.-]*\.dockerignore")
        ),
        FactKind(
            "compose",
            "ComposeProject",
            "containers.compose:read",
            _path(_COMPOSE),
            version=8,
            home="project",
        ),
        FactKind(
            "compose-file",
            "ComposeFile",
            "containers.compose_file:read",
            _path(_COMPOSE),
            version=2,
            home="compose_file",
        ),
        FactKind(
            "nginx",
            "NginxConfig",
            "nginx.read:read",
            _path(
                r"[^/]+\.(?:conf|nginx)(?:\.(?:template|example|sample|dist))?|(?:(?<=sites-available/)|(?<=sites-enabled/))[^/.]+"
            ),
            needles=(b"server_name", b"proxy_pass", b"listen", b"http {", b"http{"),
            version=4,
            unreadable="nginx-unreadable",
        ),
        FactKind(
            "terraform", "TerraformFile", "terraform.read:read", _path(r"[^/]+\.tf(?:\.json)?"), version=3
        ),
        FactKind(
            "cloud-kit", "CloudKit", "terraform.read:read_kit", _path(r"cdk\.json"), needles=(b'"app"',)
        ),
        FactKind(
            "task-definition",
            "TaskDefinition",
            "tasks.read:read",
            _path(r"[^/]+\.json"),
            needles=(b'"containerDefinitions"', b'"portMappings"'),
        ),
        FactKind(
            "env-file",
            "EnvFile",
            "environment.env_file:read",
            _path(r"\.env(?:\.[^/]+)?|[^/]+\.env"),
            version=6,
        ),
        FactKind(
            "env-use",
            "EnvUse",
            "environment.use:read",
            _path(
                r"[^/]+\.(?:py|[cm]?[jt]sx?|sh|bash|rb|gradle|kts|tf|ya?ml|json)|(?:Fast|App|Match)file"
                + "|"
                + _NO_DOCKERFILE
                + r"(?:Docker|Container)file(?:[.-][\w.-]+)?"
            ),
            version=7,
            needles=(b"env", b"ENV", b"$", b"ARG", b"Settings", b"config(", b"variable", b"ConfigService"),
        ),
        FactKind(
            "sentry",
            "SentryUse",
            "runtime.sentry:read",
            _path(r"[^/]+\.(?:py|[cm]?[jt]sx?|dart)"),
            needles=(b"sentry_sdk", b"@sentry/", b"sentry-expo", b"package:sentry"),
        ),
        FactKind(
            "manifest",
            "Manifest",
            "runtime.manifest:read",
            _path(r"package\.json|pubspec\.ya?ml"),
            needles=(b"ependencies",),
        ),
        FactKind(
            "routing",
            "Routing",
            "runtime.routing:read",
            _path(r"[^/]+\.py"),
            needles=(b"FastAPI", b"APIRouter", b"include_router"),
            version=3,
        ),
        FactKind(
            "listening",
            "Listening",
            "runtime.listening:read",
            _path(r"[^/]+\.(?:py|[cm]?[jt]s)"),
            needles=(b".listen(", b"uvicorn.run(", b"serve("),
            version=2,
        ),
        FactKind(
            "device-env",
            "DeviceEnv",
            "runtime.device:read",
            _path(r"[^/]+\.[cm]?[jt]sx?|\.babelrc"),
            needles=(b"process.env", b"dotenv", b"inline-environment"),
        ),
        FactKind(
            "printing",
            "Printing",
            "runtime.printing:read",
            _path(r"[^/]+\.py"),
            needles=(b"print(", b"basicConfig"),
            version=2,
        ),
        FactKind(
            "aged",
            "Aged",
            "advice.aged:read",
            _path(
                r"[^/]+\.(?:ya?ml|sh|conf|nginx|tf|service|Dockerfile|conf\.[a-z]+)|Dockerfile[^/]*|Procfile|Makefile|package\.json"
            ),
            needles=(
                b"node",
                b"uses:",
                b"secret:",
                b"env:",
                b"http2",
                b"uvicorn.workers",
                b"python:",
                b"postg",
                b"mongo",
                b"aws_chatbot",
            ),
            version=3,
        ),
        FactKind("gitignore", "IgnoreFile", "environment.gitignore:read", _path(r"\.gitignore")),
        FactKind(
            "env-loading",
            "EnvLoading",
            "environment.loading:read",
            _path(r"[^/]+\.(?:py|[cm]?[jt]s|ya?ml)"),
            needles=(b"load_dotenv", b"env_file", b"dotenv"),
            version=2,
        ),
        FactKind(
            "secrets",
            "SecretUses",
            "secrets.read:read",
            EVERY,
            version=22,
            settings=("secrets", "env_files"),
            sieve="secrets.scan:sieve",
            sweeps=True,
        ),
        FactKind(
            "credential-file",
            "CredentialFile",
            "secrets.credential_file:read",
            _path(
                r"[^/]+\.(?:p8|p12|pfx|jks|keystore|mobileprovision)|[._]netrc|\.pypirc|\.npmrc"
                r"|credentials\.json|google-service-account\.json"
            ),
            named_alone=True,
        ),
        FactKind(
            "promises",
            "Promises",
            "promises.read:read",
            EVERY,
            needles=(b"runcrew-lint:",),
            version=2,
            sweeps=True,
        ),
    )
}


def with_forms(kinds: Iterable[str]) -> tuple[str, ...]:
    """Kinds, each followed by the further forms of its fact."""
    return tuple(dict.fromkeys(each for kind in kinds for each in (kind, *_forms(kind))))


def _forms(kind: str) -> tuple[str, ...]:
    return KINDS[kind].forms if kind in KINDS else ()
