"""What a script's text mentions, seen before it is parsed: a script that mentions nothing need not be."""

from __future__ import annotations

from runcrew_lint.patterns import lazily
from runcrew_lint.tuples import NamedTuple

_EAS = lazily(r"(?<![\w.-])eas(?:-cli)?(?![\w.-])")
_RUNNER = lazily(
    r"(?<![\w.-])(?:npx|pnpx|bunx|make|just|nx|turbo|lerna)(?![\w-])"
    r"|(?<![\w.-])(?:npm|pnpm|yarn|bun)(?![\w-])(?!\s+(?:ci|install|i|add|config|cache|audit|view"
    r"|pack|version|--version|-v)\b)"
)
_SCRIPT = lazily(r"[\w./-]+\.(?:sh|bash)(?!\w)")
_HANDED_ON = lazily(r"GITHUB_(?:OUTPUT|ENV)\b")
# Words of programs that the delivery map knows (domains/delivery/programs.py), and words that say that
# something is tested, moved into a database, sent out or built.
_DEEDS = frozenset(
    (
        "alembic", "ansible", "ava", "aws", "az", "basedpyright", "bats", "biome", "black", "buildah",
        "cap", "cdk", "copilot", "ctest", "curl", "cypress", "dart", "deployctl", "detox", "docker",
        "doctl", "eb", "eslint", "expo", "fastlane", "firebase", "flake8", "flutter", "fly", "flyctl",
        "gcloud", "gh", "golangci", "gotestsum", "gradle", "gradlew", "helm", "heroku", "isort", "jest",
        "kamal", "karma", "kubectl", "maestro", "mocha", "mypy", "mysqldump", "netlify", "nosetests",
        "nox", "oxlint", "pg_dump", "pg_dumpall", "phpunit", "playwright", "podman", "prettier",
        "prisma", "publish", "pulumi", "pylint", "pyright", "pytest", "railway", "render", "rsync",
        "rubocop", "ruff", "scp", "serverless", "sls", "ssh", "stestr", "stylelint", "supabase",
        "systemctl", "terraform", "tofu", "tox", "trial", "tsc", "vercel", "vitest", "wrangler",
        "xcodebuild",
    )
)  # fmt: skip
_WORD = lazily(r"\w+")
_SAID = ("deploy", "migrat", "rollout", "release", "unittest", "rspec", "analyze")
_TESTS = lazily(r"(?<![a-z])tests?(?![a-z])")
_RUNS = ("npm", "pnpm", "yarn", "bun", "npx", "pnpx", "bunx", "make", "just", "nx", "turbo", "lerna")


class Mentions(NamedTuple):
    """Whether a text names the EAS CLI, something that runs a script by its name, a shell script, the files
    by which a step hands values to those that follow, or another program that the delivery map knows.
    """

    eas: bool
    runner: bool
    script: bool
    handed_on: bool
    deed: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether it may come to a command that the delivery map knows."""
        return self.eas or self.runner or self.script or self.deed


def mentions(text: str) -> Mentions:
    """What a text mentions; a comment counts, which costs a moment and no truth."""
    # Each pattern is tried only where a word of it stands: most texts hold none.
    return Mentions(
        "eas" in text and _EAS.search(text) is not None,
        any(each in text for each in _RUNS) and _RUNNER.search(text) is not None,
        (".sh" in text or ".bash" in text) and _SCRIPT.search(text) is not None,
        "GITHUB_" in text and _HANDED_ON.search(text) is not None,
        _is_deed(text.lower()),
    )


def _is_deed(text: str) -> bool:
    return (
        any(each in text for each in _SAID)
        or not _DEEDS.isdisjoint(_WORD.findall(text))
        or ("test" in text and _TESTS.search(text) is not None)
    )
