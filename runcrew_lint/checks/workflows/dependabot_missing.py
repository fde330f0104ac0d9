"""An ecosystem that the repository uses and Dependabot is not asked to update."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.domains.updates.facts import Updates
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

# The files that say what an ecosystem is used; the first name is the one that is asked for where it lacks.
_USED: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (names, re.compile(pattern))
    for names, pattern in (
        (("github-actions",), r"\.github/workflows/[^/]+\.ya?ml\Z"),
        (("npm", "bun"), r"(?:.*/)?(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)\Z"),
        (("pip", "uv", "conda"), r"(?:.*/)?(?:requirements\.txt|uv\.lock|poetry\.lock|Pipfile\.lock)\Z"),
        (("docker",), r"(?:.*/)?Dockerfile\Z"),
        (("docker-compose", "docker"), r"(?:.*/)?(?:docker-)?compose(?:\.prod)?\.ya?ml\Z"),
        (("pub",), r"(?:.*/)?pubspec\.lock\Z"),
        (("gomod",), r"(?:.*/)?go\.mod\Z"),
        (("cargo",), r"(?:.*/)?Cargo\.lock\Z"),
        (("bundler",), r"(?:.*/)?Gemfile\.lock\Z"),
        (("composer",), r"(?:.*/)?composer\.lock\Z"),
        (("gradle",), r"(?:.*/)?build\.gradle(?:\.kts)?\Z"),
        (("maven",), r"(?:.*/)?pom\.xml\Z"),
        (("terraform", "opentofu"), r"(?:.*/)?\.terraform\.lock\.hcl\Z"),
    )
)
_ASIDE = lazily(
    r"(?:\A|/)(?:tests?|[^/]*-tests?|\.devcontainer|fixtures|examples?|docs|node_modules|vendor|ios|android|templates?)/"
)
_RENOVATE = lazily(r"(?:\.github/|\.gitlab/)?(?:renovate\.json5?|\.renovaterc(?:\.json5?)?)\Z")


def check(repository: Repository, _policy: Policy) -> Iterator[Fault]:
    """One fault an ecosystem, where there is a dependabot.yml."""
    paths = repository.worktree.paths
    for fact in repository.facts(Updates):
        if any(_RENOVATE.match(path) for path in paths):
            return
        for names, pattern in _USED:
            if set(names) & set(fact.ecosystems):
                continue
            found = next((path for path in paths if pattern.match(path) and not _ASIDE.search(path)), None)
            if found is None:
                continue
            name = "uv" if found.endswith("uv.lock") else names[0]
            folder = "/" if name == "github-actions" else f"/{found.rpartition('/')[0]}"
            place = Place(fact.path, fact.span)
            yield Fault(
                place,
                f"Dependabot is not asked to update {name}, which {found} uses: a hole that is known and "
                "mended elsewhere stays open here until somebody looks",
                help=f"add `package-ecosystem: {name}` with `directory: {folder}`",
                mend=MendRequest(
                    "dependabot.append_updates", place, (("ecosystem", name), ("directory", folder))
                ),
            )
