"""Every kind of fact: which files may hold one, what their bytes must contain, and who reads them.

This table is data. A reader is named, not imported, so that a run imports only those whose files
are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact.

    Arguments:
        name: the word that rules use in `judges`, `compares` and `speaks`.
        fact: the name of the dataclass that the reader returns.
        reader: `module:function` under runcrew_lint.domains; it takes a Source and a Reading and
            returns the fact, or None where the file holds none.
        claims: a pattern on the POSIX path.
        needles: the byte prefilter; the file is read further only if one of them is in it.
        version: raised whenever the reader's answer for some file changes.
        settings: the fields of the policy that the reader reads.
        unreadable: the rule that reports a file which does not read.
    """

    name: str
    fact: str
    reader: str
    claims: re.Pattern[str]
    needles: tuple[bytes, ...] = ()
    version: int = 1
    settings: tuple[str, ...] = ()
    unreadable: str = "file-unreadable"


_NOT_VENDORED = r"(?!(?:.*/)?(?:node_modules|\.venv|site-packages|vendor)/)"

# Dockerfile.md is documentation and Dockerfile.j2 a template that no builder reads as it stands.
_NO_DOCKERFILE = (
    r"(?![^/]*\.(?:dockerignore|md|rst|txt|ya?ml|json|toml|lock|html|s?css|[cm]?[jt]sx?|py|rb|go|rs|sh|java|kt"
    r"|swift|svg|png|bak|orig|rej|j2|jinja2?|tmpl|tpl|template|gotmpl|erb|ejs|hbs|mustache|m4|in)\Z)"
)


def _path(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_NOT_VENDORED}(?:.*/)?(?:{pattern})\\Z", re.IGNORECASE)


KINDS: dict[str, FactKind] = {
    kind.name: kind
    for kind in (
        FactKind(
            "migration",
            "Migration",
            "migrations.alembic:read",
            _path(r"[^/]+\.py"),
            needles=(b"down_revision",),
            unreadable="migration-unreadable",
        ),
        FactKind(
            "alembic-environment",
            "AlembicEnvironment",
            "migrations.environment:read",
            _path(r"alembic\.ini|pyproject\.toml"),
            needles=(b"alembic",),
        ),
        FactKind(
            "workflow",
            "Workflow",
            "workflows.read:read",
            re.compile(r"\.github/workflows/[^/]+\.ya?ml\Z"),
        ),
        FactKind("eas", "EasConfig", "eas.read:read", _path(r"eas\.json"), unreadable="eas-unreadable"),
        FactKind("package", "Package", "delivery.package:read", _path(r"package\.json")),
        FactKind(
            "image",
            "Image",
            "containers.image:read",
            _path(
                _NO_DOCKERFILE
                + r"(?:(?:Docker|Container)file(?:[.-][\w.-]+)?|[\w.-]+\.(?:Docker|Container)file)"
            ),
        ),
        FactKind(
            "compose",
            "ComposeProject",
            "containers.compose:read",
            _path(r"(?:[\w.-]+[._-])?(?:docker-)?compose[\w.-]*\.ya?ml"),
        ),
        FactKind(
            "nginx",
            "NginxConfig",
            "nginx.read:read",
            _path(
                r"[^/]+\.(?:conf|nginx)(?:\.(?:template|example|sample|dist))?|sites-(?:available|enabled)/[^/.]+"
            ),
            needles=(b"server_name", b"proxy_pass", b"listen"),
        ),
        FactKind("env-file", "EnvFile", "environment.env_file:read", _path(r"\.env(?:\.[^/]+)?|[^/]+\.env")),
        FactKind(
            "secrets",
            "SecretUses",
            "secrets.read:read",
            _path(r"[^/]+"),
            settings=("secrets",),
        ),
        FactKind(
            "promises",
            "Promises",
            "promises.read:read",
            _path(r"[^/]+"),
            needles=(b"runcrew-lint:",),
        ),
    )
}


def kinds_of(path: str) -> frozenset[str]:
    """The kinds that a file of this path may hold."""
    return frozenset(name for name, kind in KINDS.items() if kind.claims.match(path))
