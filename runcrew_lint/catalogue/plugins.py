"""Rules in Python from installed packages: by the run's own word alone, never because a file names them.

A package offers them under the entry point `runcrew_lint.rules`. Which are installed is read from metadata;
the code of one is imported once the run has allowed it, and from nowhere in the repository that is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from runcrew_lint.catalogue.load import Catalogue
from runcrew_lint.catalogue.own import own_kind, with_rules
from runcrew_lint.catalogue.python_rule import File, PythonRule
from runcrew_lint.digests import blake2b
from runcrew_lint.domains.kinds import KINDS, with_forms
from runcrew_lint.model.errors import SetupError
from runcrew_lint.model.finding import Fault, Severity
from runcrew_lint.model.rule import Mark, Rule, Scope
from runcrew_lint.nearest import nearest
from runcrew_lint.policy.packages import installed
from runcrew_lint.text import Place, Source

GROUP = "runcrew_lint.rules"
_ASKED = ("name", "summary", "why", "remedy")


def with_plugins(catalogue: Catalogue, allowed: Iterable[str], root: Path) -> Catalogue:
    """The catalogue with the rules of these plug-ins, whose code is imported now.

    Errors:
        SetupError for one that is not installed or does not load.
    """
    points = dict(_points(root))
    for name in dict.fromkeys(allowed):
        if name in catalogue.families:
            raise SetupError(f"the plug-in {name} has the name of a family of rules")
        catalogue = with_rules(catalogue, _rules(_point(name, points), root))
    return catalogue


def names(root: Path) -> list[str]:
    """The plug-ins that are installed; no code of theirs is imported."""
    return sorted({name for name, _ in _points(root)})


def _points(root: Path) -> Iterator[tuple[str, EntryPoint]]:
    for distribution in distributions(path=list(installed(root))):
        for point in distribution.entry_points.select(group=GROUP):
            yield point.name, point


def _point(name: str, points: Mapping[str, EntryPoint]) -> EntryPoint:
    if name in points:
        return points[name]
    near = nearest(name, points)
    there = f"there {'is' if len(points) == 1 else 'are'} {', '.join(sorted(points))}" if points else ""
    help = f"did you mean {near}?" if near else there or "install its package beside runcrew-lint"
    raise SetupError(f"there is no plug-in {name}", help=help)


def _rules(point: EntryPoint, root: Path) -> Iterator[Rule]:
    """The rules that a plug-in offers, its code imported now."""
    stamp = _stamp(point, root)
    try:
        offered = tuple(point.load())
    except (Exception, SystemExit) as error:
        raise SetupError(f"the plug-in {point.name} does not load: {type(error).__name__}: {error}") from None
    for each in offered:
        if not isinstance(each, PythonRule):
            raise SetupError(f"the plug-in {point.name} offers a {type(each).__name__} that is no PythonRule")
        yield _rule(each, point.name, stamp)


def _stamp(point: EntryPoint, root: Path) -> str:
    """Changes whenever a file of its package does: what it said of a file then is asked anew.

    Errors:
        SetupError where Python would import the package from the repository that is judged.
    """
    top = point.module.partition(".")[0]
    there, first = PathFinder.find_spec(top, list(installed(root))), find_spec(top)
    if there is None or first is None or there.origin != first.origin:
        place = f" but in {first.origin}" if first and first.origin else ""
        raise SetupError(f"the package {top} of the plug-in {point.name} is not installed{place}")
    folders = [Path(each) for each in there.submodule_search_locations or ()]
    files = [file for folder in folders for file in folder.rglob("*.py")] or [Path(there.origin or "")]
    stamp = blake2b(digest_size=8)
    for file in sorted(files):
        status = file.stat()
        stamp.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return f"{point.dist.version if point.dist else ''} {stamp.hexdigest()}"


def _rule(offered: PythonRule, plugin: str, stamp: str) -> Rule:
    words = {key: getattr(offered, key) for key in _ASKED}
    wrong = next((key for key, said in words.items() if not isinstance(said, str) or not said.strip()), "")
    scope, reads = _reads(offered)
    if wrong or not reads or offered.severity not in set(Severity):
        said = f"no {wrong}" if wrong else "no files, judges or compares" if not reads else "no such severity"
        raise SetupError(f"the rule {offered.name} of the plug-in {plugin} has {said}")
    for kind in reads if scope is not Scope.SHAPE else ():
        if kind not in KINDS:
            near = nearest(kind, KINDS)
            hint = f"did you mean {near}?" if near else f"there are {', '.join(KINDS)}"
            raise SetupError(
                f"the rule {offered.name} of the plug-in {plugin} reads no kind {kind}", help=hint
            )
    check = _guarded(offered.check)
    return Rule(
        name=offered.name,
        family=plugin,
        severity=Severity(offered.severity),
        mark=Mark.OWN,
        scope=scope,
        reads=with_forms(reads),
        speaks=with_forms(reads),
        summary=offered.summary.strip(),
        remedy=offered.remedy.strip(),
        fix="none",
        options={},
        shape={"files": list(offered.files), "plugin": stamp},
        words={**words, "examples": list(offered.examples)},
        home=f"the plug-in {plugin}",
        check=_on_file(check) if scope is Scope.SHAPE else check,
    )


def _reads(offered: PythonRule) -> tuple[Scope, tuple[str, ...]]:
    if offered.files:
        return Scope.SHAPE, (own_kind(offered.name),)
    if offered.judges:
        return Scope.FILE, (offered.judges,)
    return Scope.REPOSITORY, tuple(offered.compares)


def _guarded(check: Callable[..., Iterable[Fault]]) -> Callable[..., Sequence[Fault]]:
    """The check, whose every mistake is an exception, which the run makes a finding of."""

    def guarded(*given: Any) -> Sequence[Fault]:
        try:
            faults = list(check(*given) or ())
        except SystemExit:
            raise RuntimeError("a rule does not end the run") from None
        for fault in faults:
            if not (
                isinstance(fault, Fault) and isinstance(fault.place, Place) and isinstance(fault.message, str)
            ):
                raise TypeError("a check yields faults, each with a Place and a message")
        return faults

    return guarded


def _on_file(check: Callable[..., Sequence[Fault]]) -> Callable[[Source], Sequence[Fault]]:
    def on_file(source: Source) -> Sequence[Fault]:
        faults = check(File(source))
        if any(fault.place.path != source.path for fault in faults):
            raise ValueError("a check of one file yields faults of that file")
        return faults

    return on_file
