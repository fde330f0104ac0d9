"""What a change makes of the law that it is judged by: verdicts at the keys, and lines for its reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from runcrew_lint.documents.tree import Mapping, Node
from runcrew_lint.domains.promises.facts import Promises
from runcrew_lint.engine.base import GitBase
from runcrew_lint.engine.baseline import parse, path_of
from runcrew_lint.engine.before import Before, named
from runcrew_lint.engine.case import Case
from runcrew_lint.engine.judge import Verdict
from runcrew_lint.engine.law import Law
from runcrew_lint.engine.weakened import Key, weakenings
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError, Unreadable
from runcrew_lint.model.finding import Fault
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.files import on_disk
from runcrew_lint.policy.load import find
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.text import Place, Source, Span

RULE = "policy-weakened"
_MOST = 20  # new promises that are listed one by one
_PIPELINES = lazily(r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|(?:.*/)?action\.ya?ml")
_RUNS = lazily(r"runcrew-lint")
_VERSION = lazily(r"@\S+|\brev:.*|#.*")
_SOFTER = lazily(r"continue-on-error|\|\|\s*(?:true|:|exit 0)|\bpaths(?:-ignore)?:|--exit-zero|^-?\s*if:")


def weakened(case: Case, law: Law) -> Iterator[Verdict]:
    """A verdict for each key in which the policy of now asks less than the law.

    Errors:
        SetupError for a mistake in the policy of now.
    """
    if not law.policy.named:
        return
    root = case.request.root
    reads = _Now(case)
    now = load_policy(root, None, case.catalogue.policies, reads)
    kept = reads(root / path_of(now))
    kept_now = None if kept is None else parse(kept, path_of(now))
    file = find(root, reads)
    source = Source(file.name, (reads(file) or b"").decode("utf-8-sig", "replace")) if file else None
    for key, said in weakenings(law.policy, law.baseline, now, kept_now, case.catalogue):
        name = ".".join(key)
        message = f"`{name}` asks for less: {said}" if name else said
        written = next((own.path for own in now.own_rules if key == ("rules", "own", own.name)), "")
        written = path_of(now) if key == ("baseline",) and kept else written
        place = Place(written, Span(0, 0)) if written else _place(source, key, law)
        yield Verdict(RULE, Fault(place, f"{message}; this change was judged without it"))


@frozen
class _Now:
    """The files as the change has them. Implements policy.files.Reads."""

    case: Case

    def __call__(self, file: Path) -> bytes | None:
        root, overlay = self.case.request.root, self.case.request.overlay
        path = ""
        if file.is_relative_to(root):
            if not file.resolve().is_relative_to(root.resolve()):
                raise SetupError(
                    "the policy is a link that leads out of the repository",
                    where=file.relative_to(root).as_posix(),
                )
            path = file.resolve().relative_to(root.resolve()).as_posix()
        if path in overlay:
            return overlay[path]
        return on_disk(file) if path in self.case.tree.stats or not path else None

    def below(self, folder: Path) -> Iterable[Path]:
        """The linted files of a folder; of one outside, all that lies there."""
        root = self.case.request.root
        if not folder.resolve().is_relative_to(root.resolve()):
            return on_disk.below(folder)
        start = folder.resolve().relative_to(root.resolve()).as_posix()
        paths = (path for path in self.case.tree.paths if (path.rpartition("/")[0] or ".") == start)
        return [folder / path.rpartition("/")[2] for path in paths]


def _place(source: Source | None, key: Key, law: Law) -> Place:
    """Where the key is written, or the nearest one above it; where the policy is gone, where it was."""
    if source is None:
        return Place(law.policy.name.partition("@")[0], Span(0, 0))
    try:
        node = _parsed(source)
    except Unreadable:
        return Place(source.path, Span(0, 0))
    span = Span(0, 0)
    for word in key:
        entry = node.entry(word) if isinstance(node, Mapping) else None
        if entry is None:
            break
        span, node = entry.key.span, entry.value
    return Place(source.path, span)


def _parsed(source: Source) -> Node | None:
    if source.path.endswith(".toml"):
        from runcrew_lint.documents import toml
        from runcrew_lint.documents.tree import at

        return at(toml.parse(source), "tool", "runcrew-lint")
    from runcrew_lint.documents import yaml

    return yaml.parse(source)


def softened(case: Case, base: GitBase) -> Iterator[Verdict]:
    """A verdict for each pipeline that runs the linter and does so no more, or with a way around it."""
    for path in sorted(path for path in base.paths if _PIPELINES.fullmatch(path)):
        before = base.text(path) if path not in case.tree.stats or base.is_changed(path) else None
        if before is None or not _RUNS.search(before.text):
            continue
        now = case.source(path) if path in case.tree.stats else None
        if now is None:
            said = "the pipeline that runs runcrew-lint is gone"
            yield Verdict(RULE, Fault(Place(path, Span(0, 0)), said))
            continue
        lost = Counter(_calls(before)) - Counter(_calls(now))
        softer = Counter(_ways_around(now)) - Counter(_ways_around(before)) if _RUNS.search(path) else {}
        if lost:
            said = f"runcrew-lint would not be run as it is any more: `{next(iter(lost))}` is not there"
            yield Verdict(RULE, Fault(Place(path, Span(0, 0)), said))
        for line in softer:
            at = now.text.index(line)
            said = "a way around the check is added to the pipeline that runs runcrew-lint"
            yield Verdict(RULE, Fault(Place(path, Span(at, at + len(line))), said))


def _calls(source: Source) -> Iterator[str]:
    """The lines that name the linter, whatever its version."""
    for line in source.text.splitlines():
        if _RUNS.search(_VERSION.sub("", line)):
            yield " ".join(_VERSION.sub("", line).split())


def _ways_around(source: Source) -> Iterator[str]:
    for line in source.text.splitlines():
        if _SOFTER.search(line.strip()) and not line.strip().startswith("#"):
            yield line.strip()


def new_promises(case: Case, promises: Iterable[Promises], earlier: Before) -> Iterator[str]:
    """A line for each suppression that the change adds: what it excuses is in no finding."""
    left = Counter(earlier.promised)
    lines = []
    for fact in promises:
        source = case.source(fact.path)
        for promise in fact.promises:
            key = named(fact.path, promise)
            if left[key] > 0:
                left[key] -= 1
                continue
            line = source.position(promise.span.start).line if source else 1
            until = f" until {promise.until}" if promise.until else ""
            reason = promise.reason or "without a reason"
            lines.append(f"{fact.path}:{line} ignores {', '.join(promise.rules)}{until}: {reason}")
    yield from (f"this change adds a suppression: {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"this change adds {len(lines) - _MOST:,} suppressions more"
