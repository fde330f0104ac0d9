"""Why each value of one line was judged as it was, the clean ones too."""

from __future__ import annotations

from pathlib import Path

from runcrew_lint.catalogue.load import load as load_catalogue
from runcrew_lint.domains.secrets.account import account
from runcrew_lint.domains.secrets.division import rule_of
from runcrew_lint.domains.secrets.facts import Kind, SecretUse, SecretUses
from runcrew_lint.domains.secrets.redaction import veil
from runcrew_lint.domains.secrets.said import shown, why
from runcrew_lint.engine.disk import Binary, Disk, Skipped
from runcrew_lint.engine.files import decode
from runcrew_lint.engine.run import root_of
from runcrew_lint.engine.seen import Seen
from runcrew_lint.frozen import frozen
from runcrew_lint.model.errors import SetupError
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.model import Policy
from runcrew_lint.text import Source


@frozen
class Judged:
    """One value as it may be told of: no more of it than its preview.

    Arguments:
        where: `path:line:column`.
        said: the name it stands under, if any, and its preview and fingerprint.
        judgement: kind, evidence, why it was looked at, and what it was read as.
        rule: the rule that speaks of it; "" where it is clean.
    """

    where: str
    said: str
    judgement: str
    rule: str


def judged(place: str, policy_name: str | Path | None) -> tuple[Judged, ...]:
    """The values on a line of a file.

    Arguments:
        place: `FILE:LINE`, the line from 1.

    Errors:
        SetupError for a place that is none, a file that is no text, and a mistake in the policy.
    """
    file, _, number = place.rpartition(":")
    root = root_of([file])
    path = Path(file).resolve().relative_to(Path(root).resolve()).as_posix()
    source = _source(root, path, file)
    line = int(number)
    if not 1 <= line <= len(source.line_starts):
        raise SetupError(f"{file} has no line {line}", help=f"it has {len(source.line_starts)}")
    policy = load_policy(root, policy_name, load_catalogue().policies)
    fact = account(source, policy)
    here = [use for use in fact.uses if _stands(source, use, line)]
    covered = _Covered(source, policy)
    return tuple(_told(source, fact, use, policy, covered) for use in here)


def _source(root: Path, path: str, file: str) -> Source:
    if Path(file).is_dir():
        raise SetupError(f"{file} is a folder", help="name a file and a line: FILE:LINE")
    try:
        content, _ = Disk(root).read(path)
        return Source(path, decode(content)[0])
    except Binary:
        raise SetupError(f"{file} is no text", help="name a text file") from None
    except (Skipped, OSError) as error:
        raise SetupError(f"{file} can't be read: {error}") from None


def _stands(source: Source, use: SecretUse, line: int) -> bool:
    first = source.position(use.span.start).line
    return first <= line <= source.position(max(use.span.start, use.span.end - 1)).line


class _Covered:
    """A name can hold a value's characters where a file is odd: what is one of its secrets is covered."""

    def __init__(self, source: Source, policy: Policy) -> None:
        self._values = Seen(policy).values(source)

    def __call__(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, veil(value))
        return text


def _told(source: Source, fact: SecretUses, use: SecretUse, policy: Policy, covered: _Covered) -> Judged:
    line, column = source.position(use.span.start)
    parts = (covered(use.name), shown(use) if use.fingerprint else "")
    rule = "" if use.kind is Kind.CLEAN else rule_of(fact, use, policy)
    return Judged(f"{source.path}:{line}:{column}", ": ".join(filter(None, parts)), why(use), rule)
