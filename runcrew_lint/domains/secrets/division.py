"""Which rule speaks of which value: every value has exactly one."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from runcrew_lint.domains.kinds import KINDS
from runcrew_lint.domains.secrets.facts import Basis, Kind, SecretUse, SecretUses
from runcrew_lint.domains.secrets.said import fault_of
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy

_OF_KIND = {
    Kind.PRIVATE_KEY: "private-key",
    Kind.SERVICE_ACCOUNT: "service-account-file",
    Kind.VENDOR: "vendor-token",
    Kind.SENTRY_DSN: "sentry-dsn-in-code",
    Kind.KAKAO_KEY: "kakao-key",
}
_APPLE = ("APPLE_KEY_ID", "APPLE_TEAM_ID")
# Android signs with a key in a store: https://developer.android.com/studio/publish/app-signing
_KEYSTORE = lazily(r"(?i)key_?store|store_?password\Z|(?<![a-z])key_?password\Z|key_?alias_?password")
_CODE = lazily(r"\.(?:py|[cm]?[jt]sx?|dart)\Z")
_DATABASE = lazily(r"(?i)(?:\A|(?:db|database|rds|postgres|master)_)(?:master_)?password\Z|\Aauth_token\Z")
_GRADLE = lazily(r"\.(?:gradle|gradle\.kts|properties)\Z")


def rule_of(fact: SecretUses, use: SecretUse, policy: Policy) -> str:
    """The rule that speaks of one value: first what it is, then where it stands, then its name."""
    if use.kind in _OF_KIND and use.kind is not Kind.SENTRY_DSN:
        return _OF_KIND[use.kind]
    if _is_env_example(fact.path, policy):
        return "env-example-real-value"
    if use.kind is Kind.SENTRY_DSN and _CODE.search(fact.path):
        return "sentry-dsn-literal"
    if use.kind in _OF_KIND:
        return _OF_KIND[use.kind]
    if KINDS["eas"].claims.match(fact.path):
        return "eas-secret-in-env"
    if use.basis is Basis.FORM:
        return "password-in-url"
    if KINDS["compose"].claims.match(fact.path):
        return "compose-secret-literal"
    if KINDS["image"].claims.match(fact.path):
        return "secret-in-image"
    if fact.path.endswith((".tf", ".tf.json")) and _DATABASE.search(use.name):
        return "database-password-literal"
    if use.kind in (Kind.DEVELOPMENT, Kind.PLACEHOLDER):
        return "development-secret-in-production"
    if use.rule_name.startswith("KAKAO_"):
        return "kakao-key"
    if use.rule_name in _APPLE:
        return "apple-identifier"
    if _KEYSTORE.search(use.name) and (use.rule_name == "PASSWORD" or _GRADLE.search(fact.path)):
        return "keystore-password"
    return "secret-in-code"


def uses_of(rule: str, fact: SecretUses, policy: Policy) -> Iterator[SecretUse]:
    """The values of one file that one rule speaks of."""
    return (use for use in fact.uses if rule_of(fact, use, policy) == rule)


def faults_of(rule: str, fact: SecretUses, policy: Policy) -> Iterator[Fault]:
    """The faults that one rule has to tell of one file."""
    return (fault_of(fact.path, use) for use in uses_of(rule, fact, policy))


def _is_env_example(path: str, policy: Policy) -> bool:
    name = path.rpartition("/")[2]
    return "env" in name and any(fnmatchcase(name, glob) for glob in policy.env_files.examples)
