"""What is known of the secrets in one file. The values themselves are in no fact: facts are cached."""

from __future__ import annotations

from enum import StrEnum

from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span


class Context(StrEnum):
    """Where a value would be used, as far as the path and the document tell."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"
    DOCS = "docs"
    EXAMPLE = "example"


class Basis(StrEnum):
    """Why a value was looked at: a name that the policy lists, a name that says so, or its own form."""

    POLICY = "policy"
    NAME = "name"
    FORM = "form"


class Kind(StrEnum):
    """How a value was judged."""

    OPAQUE = "opaque"  # random-looking, or long and no words
    VENDOR = "vendor"  # a vendor's format, checked as far as the format goes
    DEVELOPMENT = "development"  # a development value where production reads it
    PLACEHOLDER = "placeholder"  # a value to be replaced, where production reads it
    URL_PASSWORD = "url-password"  # noqa: S105 - the name of a kind
    PRIVATE_KEY = "private-key"
    SERVICE_ACCOUNT = "service-account"
    SENTRY_DSN = "sentry-dsn"
    KAKAO_KEY = "kakao-key"
    CLEAN = "clean"  # said by `explain` alone: no fact holds one


# How the evidence of a private key ends whose certificate is for the machine itself alone.
LOCAL_KEY = " whose certificate is for localhost alone"


@frozen
class SecretUse:
    """One value that should not stand where it stands.

    Arguments:
        name: the name it stands under, as written; empty where its form alone gave it away.
        rule_name: the policy's own name for it, or the ending that makes `name` a secret's.
        span: the value's characters, quotes not included.
        assumed: whether nothing told the context.
        evidence: what of the value led to the judgement, in words that tell nothing else of it.
        preview: at most four leading characters, fewer of a short value.
        fingerprint: six keyed hex digits: equal values have equal ones.
    """

    name: str
    rule_name: str
    span: Span
    kind: Kind
    basis: Basis
    context: Context
    evidence: str
    preview: str
    fingerprint: str
    assumed: bool = False


@frozen
class SecretUses:
    """The secrets of one file, in order; `context` is what the path alone says."""

    path: str
    context: Context
    uses: tuple[SecretUse, ...]


@frozen
class CredentialFile:
    """A file that only ever holds credentials, as `holds` says; no report shows the places `values`."""

    path: str
    holds: str
    values: tuple[Span, ...]
