"""The reference that could stand instead of a value, in the language of its file."""

from __future__ import annotations

from runcrew_lint.domains.secrets.facts import Basis, Kind, SecretUse
from runcrew_lint.domains.secrets.names import snake
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

_PYTHON = lazily(r"\.py\Z")
_SCRIPT = lazily(r"\.(?:[cm]?[jt]sx?)\Z")
_WORKFLOW = lazily(r"\.github/workflows/[^/]+\.ya?ml\Z")
_COMPOSE = lazily(r"(?:.*/)?(?:[\w.-]+[._-])?(?:docker-)?compose[\w.-]*\.ya?ml\Z")
_SHELL = lazily(r"\.(?:sh|bash)\Z")
_MENDED = (Kind.OPAQUE, Kind.VENDOR, Kind.SENTRY_DSN, Kind.KAKAO_KEY)


def mend_of(path: str, use: SecretUse) -> MendRequest | None:
    """The rewrite to a reference, where the file's language has one; unsafe: the value comes from elsewhere.

    Only a value under a name is rewritten: nobody knows what else the variable should be called.
    """
    if use.basis is Basis.FORM or use.kind not in _MENDED or not use.name:
        return None
    language = _language(path)
    if not language:
        return None
    arguments = (("name", _variable(use)), ("language", language))
    return MendRequest("secrets.to_reference", Place(path, use.span), arguments)


def _language(path: str) -> str:
    if _WORKFLOW.match(path):
        return "workflow"
    if _COMPOSE.match(path):
        return "compose"
    for pattern, language in ((_PYTHON, "python"), (_SCRIPT, "script"), (_SHELL, "shell")):
        if pattern.search(path):
            return language
    return ""


def _variable(use: SecretUse) -> str:
    return snake(use.name)
