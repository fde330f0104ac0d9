"""The policy as checks and readers see it: typed, merged, validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Place


@frozen
class Environment:
    """One place where the product runs.

    `branch` or `tag` (a glob) names the ref that builds it; `deploy_branch` the branch whose push deploys
    the backend there, where that is another one. `eas` are the values that its resolved EAS profile must
    have, platform keys nested as in eas.json.
    """

    name: str
    eas_profile: str = ""
    eas: Mapping[str, Any] = field(default_factory=dict)
    api_url: str = ""
    branch: str = ""
    tag: str = ""
    deploy_branch: str = ""


@frozen
class Detector:
    """A form of credential that the team knows of.

    `pattern` is looked for within 200 characters of one of the literals `near`.
    """

    name: str
    pattern: str
    near: tuple[str, ...]


@frozen
class Contexts:
    """Globs of the files that are used so, whatever their paths seem to say; production wins."""

    production: tuple[str, ...] = ()
    development: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    docs: tuple[str, ...] = ()
    example: tuple[str, ...] = ()


@frozen
class Secrets:
    """Names whose values are secret wherever they stand, and names that look secret and are public.

    `endings` are those of any other name that says its value is secret; all in UPPER_SNAKE, read in any
    case style and behind any prefix. `placeholders` and `development` are the team's own words for values
    to be replaced and for values that protect nothing, beside those that the linter knows.
    """

    names: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    endings: tuple[str, ...] = (
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "SECRET",
        "SECRET_KEY",
        "TOKEN",
        "API_KEY",
        "PRIVATE_KEY",
        "ACCESS_KEY",
        "ENCRYPTION_KEY",
        "SIGNING_KEY",
        "MASTER_KEY",
        "FERNET_KEY",
        "HMAC_KEY",
        "AUTH_KEY",
        "JWT_KEY",
        "DB_PASS",
        "SMTP_PASS",
        "MAIL_PASS",
        "USER_PASS",
        "ADMIN_PASS",
        "ROOT_PASS",
        "REDIS_PASS",
        "DB_PWD",
    )
    placeholders: tuple[str, ...] = ()
    development: tuple[str, ...] = ()
    detectors: tuple[Detector, ...] = ()
    contexts: Contexts = Contexts()


@frozen
class Flutter:
    """Where a Flutter app goes from: the branch that hands it to testers, and the one that the stores get.

    `flavors` are those of the product.
    """

    distribute_branch: str = ""
    store_branch: str = ""
    flavors: tuple[str, ...] = ()


@frozen
class Migrations:
    """What the team says of its migrations.

    `after` grandfathers every revision up to it; `small_tables` are those whose locks do not matter.
    `sql_dialect` is the database of SQL scripts that do not say so themselves. `sql_transaction` is how they
    are sent, where their tool's own way does not hold: "each" in a transaction of its own, "batch" as one
    text without, "none" statement by statement.
    """

    after: str = ""
    small_tables: tuple[str, ...] = ()
    sql_dialect: str = ""
    sql_transaction: str = ""


@frozen
class RequiredWorkflow:
    """A workflow that the team wants, by the stem of its file's name.

    It is asked for where the repository has files for each glob of `where`. `events` are those of which one
    must start it; `services` the names of images that its jobs run beside them; `commands` what it must run,
    each as the words that must stand in a command.
    """

    name: str
    where: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


@frozen
class EnvFiles:
    """Names of committed example files (globs), and of files that must never be committed."""

    examples: tuple[str, ...] = ()
    local: tuple[str, ...] = ()


@frozen
class Exclusion:
    """Files that are not linted, and why."""

    glob: str
    reason: str = ""


@frozen
class Excuse:
    """Findings that the team accepts: these rules in these files (globs; none for everywhere), with the
    reason, and until a day (ISO) where one is set. `place` is where the policy says so.
    """

    rules: tuple[str, ...]
    reason: str
    paths: tuple[str, ...] = ()
    until: str = ""
    place: Place | None = None


@frozen
class Override:
    """What the policy says otherwise of the files that these globs match.

    `at_most` is the most that a rule's, a family's or all findings weigh there; the nearest name counts.
    """

    paths: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    at_most: Mapping[str, str] = field(default_factory=dict)


@frozen
class OwnRule:
    """A rule of the team's own: its name, the file that it is written in as a message names it, and its
    words, which schemas/own-rule.schema.json has accepted.
    """

    name: str
    path: str
    words: Mapping[str, Any]


@frozen
class RuleChoice:
    """What the policy says of rules; severity values are error, warning, info, off.

    `own` are the folders of the team's own rules, `plugins` the plug-ins that the policy can't be judged
    without.
    """

    own: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@frozen
class Policy:
    """The whole policy.

    `named` says that somebody chose it (by file or --policy): demands ask for nothing otherwise.
    `facts_only` is the recommended preset's way: policy rules and demands are off.
    `postgres` is the server's major version, 10 to 18. `baseline` is the file with the findings that are
    not reported, where it is not the default one. `own_rules` are read from the folders `rules.own`.
    """

    name: str
    named: bool = False
    facts_only: bool = False
    postgres: int = 16
    branches: tuple[str, ...] = ()
    default_branch: str = ""
    release_tags: tuple[str, ...] = ()
    environments: tuple[Environment, ...] = ()
    flutter: Flutter = Flutter()
    secrets: Secrets = Secrets()
    migrations: Migrations = Migrations()
    env_files: EnvFiles = EnvFiles()
    workflows: tuple[RequiredWorkflow, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    rules: RuleChoice = RuleChoice()
    excuses: tuple[Excuse, ...] = ()
    overrides: tuple[Override, ...] = ()
    baseline: str = ""
    own_rules: tuple[OwnRule, ...] = ()

    def environment(self, name: str) -> Environment | None:
        """The environment of that name."""
        return next((each for each in self.environments if each.name == name), None)
