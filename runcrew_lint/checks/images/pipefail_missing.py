"""pipefail-missing: a pipeline in a RUN whose first part may fail without the build noticing."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.domains.containers.reference import parse
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript, ShellCommand
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

# What fetches, decrypts or unpacks fails for reasons that no file shows; what says words or looks for them
# has little to fail by.
_FETCHES = frozenset(
    {
        *(
            "curl",
            "wget",
            "aria2c",
            "lynx",
            "git",
            "svn",
            "ssh",
            "scp",
            "rsync",
            "aws",
            "gcloud",
            "gsutil",
            "az",
        ),
        *(
            "gpg",
            "openssl",
            "base64",
            "gunzip",
            "zcat",
            "xz",
            "xzcat",
            "unzip",
            "bzcat",
            "zstd",
            "tar",
            "pg_dump",
        ),
        *(
            "npm",
            "npx",
            "yarn",
            "pnpm",
            "pip",
            "pip3",
            "poetry",
            "uv",
            "go",
            "cargo",
            "composer",
            "make",
            "docker",
        ),
        *("python", "python3", "node", "apt-get", "apt", "apk", "dnf", "yum"),
    }
)


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """One fault a RUN, at its first such pipeline.

    A pipeline in a condition is looked at by it, and one that only sifts text is left
    alone. Silent where the shell has pipefail, or the script sets it.
    """
    for run in fact.runs:
        if any("pipefail" in word for word in run.shell) or "pipefail" in run.text:
            continue
        found = next(_careless(run), None)
        if found is not None:
            place = Place(fact.path, found.span)
            yield Fault(
                place,
                f"the shell counts only the last command of a pipeline, so where `{found.program}` fails the "
                "build goes on with half of its output, or none",
                help=_help(fact, run),
                mend=_mend(fact, run, place),
            )


def _careless(run: RunScript) -> Iterator[ShellCommand]:
    return (
        each
        for each in run.commands
        if each.pipe and not each.last and not each.guarded and each.program in _FETCHES
    )


def _is_alpine(fact: ImageScripts, run: RunScript) -> bool:
    stage = fact.image.stages[run.stage]
    while stage.base.stage is not None:
        stage = fact.image.stages[stage.base.stage]
    reference = parse(stage.base.reference.value or "")
    return reference is not None and (reference.short_name == "alpine" or "alpine" in reference.tag)


def _help(fact: ImageScripts, run: RunScript) -> str:
    if _is_alpine(fact, run):
        return "begin the script with `set -o pipefail`, which Alpine's shell knows"
    return ""


def _mend(fact: ImageScripts, run: RunScript, place: Place) -> MendRequest | None:
    """`set -o pipefail` in front of the script, where the image's own shell surely knows it."""
    instruction = fact.instruction(run)
    if not _is_alpine(fact, run) or run.shell[0] != "/bin/sh" or not run.chained or not instruction.values:
        return None
    start = instruction.values[0].place(0, 1).start
    edits = ((start, start, "", "set -o pipefail && "),)
    told = (
        ("title", "stops the build where a part of a pipeline fails"),
        ("edits", edits),
        ("safety", "safe"),
    )
    return MendRequest("text.several", place, told)
