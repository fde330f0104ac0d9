"""pip-cache-kept: pip keeps what it downloaded in the layer, where nobody installs again."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.checks.images._installs import cached_at, in_shipped, pip_install, settings
from runcrew_lint.domains.containers.scripted import ImageScripts, RunScript
from runcrew_lint.model.finding import Fault
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place

_OFF = ("", "0", "off", "false", "no")
_SAID = lazily(r"PIP_NO_CACHE_DIR=[\"']?(\w*)")
_CLEANED = lazily(r"\.cache(?:/pip)?/?\*?\Z|/pip\Z")


def check(fact: ImageScripts, policy: Policy) -> Iterator[Fault]:
    """A fault at each `pip install` of a shipped stage that nothing keeps from caching."""
    off, elsewhere = settings(fact.image, "PIP_NO_CACHE_DIR"), settings(fact.image, "PIP_CACHE_DIR")
    for run in in_shipped(fact):
        if (off[run.stage] or "").lower() not in _OFF:
            continue
        if cached_at(fact.instruction(run), ".cache/", "/root/", "/pip/", "pip-cache/") or _cleans(run):
            continue
        said = _SAID.search(run.text)
        if (said and said[1].lower() not in _OFF) or elsewhere[run.stage] is not None:
            continue
        for command in run.commands:
            at = pip_install(command)
            if at < 0 or any(each.startswith("--no-cache") for each in command.texts):
                continue
            word = command.arguments[at]
            edits = ((word.span.end, word.span.end, "", " --no-cache-dir"),)
            told = (("title", "keeps pip's cache out of the image"), ("edits", edits), ("safety", "safe"))
            yield Fault(
                Place(fact.path, command.span),
                "pip keeps every archive that it downloads under ~/.cache/pip, so the layer carries each "
                "package twice, and nobody ever installs in this image again",
                mend=MendRequest("text.several", Place(fact.path, command.span), told)
                if word.span.end - word.span.start == len("install")
                else None,
            )


def _cleans(run: RunScript) -> bool:
    """Whether the same RUN takes the cache away again."""
    for each in run.commands:
        if each.program == "rm" and any(_CLEANED.search(text) for text in each.texts):
            return True
        if each.program.startswith(("pip", "python")) and "cache" in each.texts and "purge" in each.texts:
            return True
    return False
