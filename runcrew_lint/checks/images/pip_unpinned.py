"""pip-unpinned: a package that pip installs by name alone."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.images._installs import pip_install, settings
from runcrew_lint.domains.containers.scripted import ImageScripts, ShellCommand
from runcrew_lint.domains.containers.shipped import lineage
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

# Options of `pip install` and `uv pip install` that take a word of their own.
_OPTIONS = """
    -r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url -f
    --find-links
    --platform --python-version --implementation --abi --root --prefix --src --upgrade-strategy
    --config-settings
    --global-option --no-binary --only-binary --progress-bar --root-user-action --report --cache-dir --cert
    --trusted-host --timeout --retries --proxy --python -p --override --index --default-index --group --log
    --requirements --constraints --overrides --excludes -b --build-constraint --build-constraints --extra
    --index-strategy --keyring-provider -P --upgrade-package --upgrade-group --reinstall-package
    --refresh-package --no-build-isolation-package --no-build-package --no-binary-package -C --config-setting
    --config-settings-package --link-mode --resolution --prerelease --fork-strategy --exclude-newer
    --exclude-newer-package --no-sources-package --python-preference --python-platform --torch-backend
    --allow-insecure-host --directory --project --config-file --color
"""
_VALUED = frozenset(_OPTIONS.split())
_CONSTRAINED = ("-c", "--constraint", "--constraints", "--require-hashes", "--no-index")
_NAME = lazily(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[\w,.\s-]*\])?")
_ARCHIVE = lazily(r"\.(?:whl|zip|tgz|tar(?:\.\w+)?)\Z")
# A repository's address, and the commit, branch or tag that may stand behind it.
_REPOSITORY = lazily(r"(?:git|hg|bzr|svn)\+\w+://")
_AT = lazily(r"/[^/@]+@[^/#]+(?:#|\Z)")
# The tools that install the rest: each base image brings its own, and a newer one builds the same packages.
_TOOLS = frozenset({"pip", "setuptools", "wheel"})


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """A fault at each command with a package that nothing gives a version: no specifier, no file.

    A file for development or tests as a whole says nothing.
    """
    constrained = settings(fact.image, "PIP_CONSTRAINT")
    for run in fact.runs if lineage(fact.image) else ():
        if constrained[run.stage] or "PIP_CONSTRAINT" in run.text:
            continue
        for command in run.commands:
            names = list(_unpinned(command))
            if names:
                shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
                yield Fault(
                    Place(fact.path, command.span),
                    f"{shown} {'comes' if len(names) == 1 else 'come'} in whatever version is newest on the "
                    "day of the build, so the same commit builds another image tomorrow, or none",
                )


def _unpinned(command: ShellCommand) -> Iterator[str]:
    words, at = command.arguments, pip_install(command)
    if at < 0 and command.program == "uv" and command.texts[:2] == ("pip", "install"):
        at = 1
    if command.program == "pipx" and command.texts[:1] == ("install",):
        at = 0
    if at < 0 or any(each.text.partition("=")[0] in _CONSTRAINED for each in words):
        return
    skip = False
    for word in words[at + 1 :]:
        text = word.text
        if skip:
            skip = False
        elif text.startswith("-"):
            skip = text in _VALUED
        elif word.whole and _REPOSITORY.match(text) and not _AT.search(text):
            yield text
        elif word.whole and _NAME.fullmatch(text) and not _ARCHIVE.search(text):
            if text.lower().partition("[")[0] not in _TOOLS:
                yield text
