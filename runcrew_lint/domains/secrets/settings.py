"""The setting of one value: its file's path, refined by what the document says around it."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice

from runcrew_lint.documents.tree import Mapping, Node, Scalar, at
from runcrew_lint.domains.secrets.context import Setting, refined
from runcrew_lint.domains.secrets.facts import Context
from runcrew_lint.domains.secrets.formats import Format, format_of
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source

_WORKFLOW = lazily(r"\.github/workflows/[^/]+\.ya?ml\Z|(?:.*/)?\.gitlab-ci\.yml\Z")
_MANIFEST = lazily(r"^(?:apiVersion|kind):", re.MULTILINE)
_ARG = lazily(r"[ \t]*ARG[ \t]+(?P<name>\w+)=", re.IGNORECASE)
# An image that starts as a developer's: `ENV APP_ENV=local`, alone or among others.
_LOCAL = lazily(r"(?<![A-Za-z0-9])ENV(?:IRONMENT)?[ =][\"']?local[\"']?(?=\s|\Z)")
_RUNS_IN = "environment"  # the key by which a job names what it runs against
_PRODUCTION = ("prod", "prd", "stag", "stg")
_RUST_TESTS = "#[cfg(test)]"  # stands above the module of tests at a file's end
_ELSEWHERE = frozenset({"dev", "development", "test", "testing", "ci", "local"})


class Settings:
    """What one file says of where its parts are used; each question about the whole is answered once."""

    def __init__(self, source: Source, of_path: Setting) -> None:
        self._source, self.of_path = source, of_path

    @property
    def gravest(self) -> Setting:
        """The setting in which any part of the file could be: what is clean there is clean."""
        if self._is_workflow:
            tested = self.of_path.context is not Context.PRODUCTION and _RUNS_IN not in self._source.text
            return Setting(Context.TEST) if tested else Setting(Context.PRODUCTION, deployed=True)
        if self.of_path.context is not Context.DEVELOPMENT:
            return self.of_path
        # Its own words, on the right of a key or the left, must say so: most files have none of them.
        text = self._source.text.lower()
        says = any(word in text for word in _PRODUCTION) or self._of_kind is not self.of_path
        return Setting(Context.PRODUCTION, deployed=True) if says else self.of_path

    def at(self, keys: tuple[str, ...], offset: int) -> Setting:
        """The setting of what `keys` lead to, at an offset of the text."""
        if 0 <= self._tests_from <= offset:
            return Setting(Context.TEST)
        if self._is_workflow:
            return self._of_job(keys)
        if self._is_dockerfile and self._only_builds(offset):
            return self.of_path._replace(deployed=False)
        if self._is_dockerfile and self._says_local:
            return Setting(Context.DEVELOPMENT)
        return refined(self._of_kind, keys)

    @cached_property
    def _is_dockerfile(self) -> bool:
        return self.of_path.deployed and format_of(self._source.path) is Format.DOCKER

    @cached_property
    def _says_local(self) -> bool:
        """Whether an ENV of a Dockerfile says that it is a developer's."""
        found = _LOCAL.finditer(self._source.text)
        return any(self._instruction(each.start()) == "ENV" for each in islice(found, 20))

    def _instruction(self, offset: int) -> str:
        """The keyword of the instruction that an offset is in, up its continued lines."""
        lines = self._source.text[:offset].splitlines() or [""]
        at = len(lines) - 1
        while at and lines[at - 1].rstrip().endswith("\\"):
            at -= 1
        return (lines[at].split() or [""])[0].upper()

    def _only_builds(self, offset: int) -> bool:
        """Whether it is the default of an ARG that no ENV hands on to what runs."""
        text = self._source.text
        found = _ARG.match(text, text.rfind("\n", 0, offset) + 1)
        return found is not None and not re.search(rf"(?im)^[ \t]*ENV\b.*\$\{{?{found['name']}\b", text)

    @cached_property
    def _is_workflow(self) -> bool:
        return _WORKFLOW.match(self._source.path) is not None

    @cached_property
    def _tests_from(self) -> int:
        """Where a Rust file's own tests begin, or -1."""
        return self._source.text.find(_RUST_TESTS) if self._source.path.endswith(".rs") else -1

    @cached_property
    def _of_kind(self) -> Setting:
        """A Kubernetes object, which names its API and its kind, is deployed where no path says otherwise."""
        if not self.of_path.assumed or not self._source.path.endswith((".yml", ".yaml")):
            return self.of_path
        is_manifest = len(set(_MANIFEST.findall(self._source.text))) == 2
        return Setting(Context.PRODUCTION, deployed=True) if is_manifest else self.of_path

    @cached_property
    def _environments(self) -> dict[str, bool]:
        """Each job of a workflow that has an `environment`, and whether production runs in it."""
        if _RUNS_IN not in self._source.text:
            return {}
        from runcrew_lint.documents import yaml  # slow to import, and most files are none

        try:
            jobs = at(self._source.derive(yaml.parse), "jobs")
        except Unreadable:
            return {}
        named = {}
        for job in jobs.entries if isinstance(jobs, Mapping) else ():
            environment = at(job.value, "environment")
            if environment is not None:
                words = _ELSEWHERE.intersection(re.split(r"[^a-z]+", _name(environment).lower()))
                named[str(job.key.value)] = not words
        return named

    def _of_job(self, keys: tuple[str, ...]) -> Setting:
        """A job with an `environment` runs against it; one without is a test, unless the path says more.

        What stands above the jobs is read by all of them.
        """
        if self.of_path.context is Context.PRODUCTION:
            return self.of_path
        of_one = keys[:1] == ("jobs",) and len(keys) > 1
        runs = self._environments.get(keys[1], False) if of_one else any(self._environments.values())
        return Setting(Context.PRODUCTION, deployed=True) if runs else Setting(Context.TEST)


def _name(environment: Node) -> str:
    name = environment if isinstance(environment, Scalar) else at(environment, "name")
    return str(name.value) if isinstance(name, Scalar) else ""
