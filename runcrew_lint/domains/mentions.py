"""What a script's text mentions, seen before it is parsed: a script that mentions nothing need not be."""

from __future__ import annotations

import re
from typing import NamedTuple

_EAS = re.compile(r"(?<![\w.-])eas(?:-cli)?(?![\w.-])")
_RUNNER = re.compile(
    r"(?<![\w.-])(?:npx|pnpx|bunx|make|just|nx|turbo|lerna)(?![\w-])"
    r"|(?<![\w.-])(?:npm|pnpm|yarn|bun)(?![\w-])(?!\s+(?:ci|install|i|add|config|cache|audit|view"
    r"|pack|version|--version|-v)\b)"
)
_SCRIPT = re.compile(r"[\w./-]+\.(?:sh|bash)(?!\w)")
_HANDED_ON = re.compile(r"GITHUB_(?:OUTPUT|ENV)\b")
# Words of programs that the delivery map knows (domains/delivery/programs.py), and words that say that
# something is tested, moved into a database, sent out or built.
_DEED = re.compile(
    r"(?<![\w])(?:alembic|ansible-playbook|aws|az|buildah|cap|cdk|copilot|curl|dart|deployctl|docker(?:-compose)?"
    r"|doctl|eb|eslint|expo|fastlane|firebase|fly(?:ctl)?|flutter|gcloud|gh|gh-pages|gradlew?|helm|heroku|jest"
    r"|kamal|kubectl|mysqldump|mypy|netlify|nox|pg_dump(?:all)?|podman|prisma|publish|pulumi|pyright|pytest"
    r"|railway|render|rsync|ruff|scp|serverless|sls|ssh|supabase|systemctl|terraform|tofu|tox|tsc|vercel"
    r"|vitest|wrangler|xcodebuild)(?![\w])"
    r"|tests?(?![a-z])|deploy|migrat|rollout|release|unittest|rspec|analyze",
    re.IGNORECASE,
)


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
    patterns = (_EAS, _RUNNER, _SCRIPT, _HANDED_ON, _DEED)
    return Mentions(*(pattern.search(text) is not None for pattern in patterns))
