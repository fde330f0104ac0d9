"""`--history`: the secrets that the commits of a range added, also those that a later one took out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from runcrew_lint.domains.claims import own
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.secrets.facts import SecretUse, SecretUses
from runcrew_lint.domains.secrets.read import read
from runcrew_lint.domains.secrets.said import notes, shown
from runcrew_lint.engine.commits import Added, Blobs, added, blobs
from runcrew_lint.engine.disk import Skipped
from runcrew_lint.engine.files import decode
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.policy.globs import glob_pattern
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Place, Source

RULE = "secret-in-history"
_SHOWN = 12  # hex digits of a commit
_MOST = 2000  # facts kept for files that several commits hold alike


class History:
    """The judgement of a range of commits. `sources` are the files as the commits left them."""

    def __init__(self, root: Path, policy: Policy, current: Callable[[str], Source | None]) -> None:
        """What it needs.

        Arguments:
            current: the file as it lies there now: what is still in it is told there.
        """
        self._root, self._policy, self._current = root, policy, current
        self._reading: Reading = _Under(policy)
        self._excluded = [glob_pattern(each.glob) for each in policy.exclude]
        self._facts: dict[tuple[str, str], tuple[Source, SecretUses] | None] = {}
        self._still: dict[str, frozenset[str]] = {}
        self.sources: dict[str, Source] = {}

    def verdicts(self, span: str) -> Iterator[Verdict]:
        """A verdict at the first commit that added each value to each file.

        Errors:
            SetupError where git knows no such range; GitMissing.
        """
        told: set[tuple[str, str]] = set()
        with blobs(self._root) as contents:
            for each in added(self._root, span):
                if not own([each.path]) or any(glob.match(each.path) for glob in self._excluded):
                    continue
                found = self._read(each, contents)
                if found is None:
                    continue
                source, fact = found
                for use in fact.uses:
                    key = (each.path, use.fingerprint)
                    if (
                        key not in told
                        and _is_among(use, source, each)
                        and not self._is_still(use, each.path)
                    ):
                        told.add(key)
                        yield self._verdict(each, source, use)

    def _read(self, each: Added, contents: Blobs) -> tuple[Source, SecretUses] | None:
        key = (each.path, each.blob)
        if key not in self._facts:
            if len(self._facts) >= _MOST:
                self._facts.clear()
            self._facts[key] = self._judged(each, contents)
        return self._facts[key]

    def _judged(self, each: Added, contents: Blobs) -> tuple[Source, SecretUses] | None:
        content = contents.read(each.blob)
        if content is None:
            return None
        try:
            source = Source(each.path, decode(content)[0])
        except Skipped:
            return None
        fact = read(source, self._reading)
        return (source, fact) if fact else None

    def _is_still(self, use: SecretUse, path: str) -> bool:
        if path not in self._still:
            source = self._current(path)
            fact = read(source, self._reading) if source else None
            self._still[path] = frozenset(each.fingerprint for each in fact.uses) if fact else frozenset()
        return use.fingerprint in self._still[path]

    def _verdict(self, each: Added, source: Source, use: SecretUse) -> Verdict:
        """Its place is in the file as the commit left it: `path@commit`."""
        path = f"{each.path}@{each.commit[:_SHOWN]}"
        self.sources.setdefault(path, Source(path, source.text))
        place = Place(path, use.span)
        what = use.name or use.evidence
        fault = Fault(
            place,
            f"commit {each.commit[:_SHOWN]} wrote {what} into {each.path} ({shown(use)}), and taking it out "
            "again left it in the history, which everyone who clones the repository has",
            notes=(*notes(use), Note("commit", each.commit)),
            veiled=(place,),
        )
        return Verdict(RULE, fault)


def _is_among(use: SecretUse, source: Source, each: Added) -> bool:
    first, last = source.position(use.span.start).line, source.position(use.span.end).line
    return any(line in each.lines for line in range(first, last + 1))


class _Under:
    """What the secrets' reader may ask for: the policy alone."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def consult(self, path: str) -> Source | None:
        """Nothing: a file's secrets are its own."""
        return None
