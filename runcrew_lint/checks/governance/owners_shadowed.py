"""owners-shadowed: a line of CODEOWNERS that decides nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from runcrew_lint.domains.review.facts import CodeOwners, Owners, counting, covers
from runcrew_lint.model.finding import Fault, Related
from runcrew_lint.patterns import lazily
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository
from runcrew_lint.text import Place

MAX_LOOKS = 2_000_000  # lines that hold in any folder times files; a larger file is not judged
_GITLABS = frozenset((".gitlab-ci.yml", ".gitlab-ci.yaml"))  # GitLab reads the same file by rules of its own
_LITERAL = lazily(r"[^*?\\]*")


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a line that GitHub passes over, that matches no file, or whose files all belong to later
    lines; and one a file that GitHub does not look at.
    """
    files = repository.facts(CodeOwners)
    owners = counting(files)
    if owners is None:
        return
    paths = sorted(repository.worktree.paths)
    if _GITLABS.isdisjoint(paths) and not owners.path.startswith(".gitlab/"):
        yield from _unread(owners, files)
        yield from _passed_over(owners)
        owners = replace(owners, lines=tuple(each for each in owners.lines if not _wrong(each)))
    wide = [line for line in owners.lines if not _is_anchored(line.pattern)]
    if len(wide) * len(paths) > MAX_LOOKS:
        return
    matched = [_matched(line.pattern, paths) for line in owners.lines]
    counts: dict[str, int] = {}
    for at, found in enumerate(matched):
        counts |= dict.fromkeys(found, at)
    for at, line in enumerate(owners.lines):
        place = Place(owners.path, line.span)
        if not matched[at]:
            if not line.pattern.startswith("!") and not _is_left_out(line.pattern, policy):  # GitLab's
                yield Fault(
                    place,
                    f"`{line.pattern}` matches no file: whoever it names is never asked",
                    help="name the files as they are called now, or take the line out",
                )
            continue
        if any(counts[path] == at for path in matched[at]):
            continue
        later = owners.lines[counts[matched[at][0]]]
        if set(later.owners) == set(line.owners):
            continue  # said twice, and with the same answer
        yield Fault(
            place,
            f"every file of `{line.pattern}` belongs to a later line, such as `{later.pattern}`, and the "
            f"last one counts: {' '.join(line.owners) or 'the line'} is never asked",
            (Related(Place(owners.path, later.span), "this line wins"),),
            help=f"move the line below `{later.pattern}`",
        )


def _passed_over(owners: CodeOwners) -> Iterator[Fault]:
    for line in owners.lines:
        if wrong := _wrong(line):
            yield Fault(
                Place(owners.path, line.span),
                f"GitHub passes the line over, since {wrong}: its files belong to whoever an earlier line "
                "names",
                help="no `!`, no `[`, and each owner as @name, @organisation/team or an address",
            )


def _wrong(line: Owners) -> str:
    """What GitHub's own documents call invalid in a line; "" for nothing."""
    if line.pattern.startswith("!"):
        return "it knows no `!`"
    if "[" in line.pattern:
        return "it knows no ranges (`[a-z]`)"
    stranger = next((each for each in line.owners if "@" not in each), "")
    return f"`{stranger}` is no owner" if stranger else ""


def _unread(owners: CodeOwners, files: tuple[CodeOwners, ...]) -> Iterator[Fault]:
    """The files in GitHub's other places."""
    for each in files:
        if (
            not each.path.startswith(".gitlab/")
            and each is not owners
            and each.lines
            and each.lines != owners.lines
        ):
            yield Fault(
                Place(each.path, each.lines[0].span),
                f"GitHub takes {owners.path} and looks at no other: nobody is asked by this file",
                (Related(Place(owners.path, owners.end), "this one counts"),),
                help=f"move its lines into {owners.path}",
            )


def _is_left_out(pattern: str, policy: Policy) -> bool:
    """Whether the policy leaves files out that the pattern may mean."""
    plain = pattern.strip("/")
    for each in policy.exclude:
        start = _literal(each.glob)
        if not _is_anchored(pattern) or plain.startswith(start) or start.startswith(_literal(plain)):
            return True
    return False


def _literal(pattern: str) -> str:
    found = _LITERAL.match(pattern.lstrip("/"))
    return found[0] if found else ""


def _is_anchored(pattern: str) -> bool:
    return "/" in pattern.rstrip("/")


def _matched(pattern: str, paths: Sequence[str]) -> list[str]:
    """The files of a pattern; of one that is anchored, only those behind its literal beginning are
    looked at.
    """
    if not _is_anchored(pattern):
        return [path for path in paths if covers(pattern, path)]
    prefix = _literal(pattern)
    start = bisect_left(paths, prefix)
    matched = []
    for path in paths[start:]:
        if not path.startswith(prefix):
            break
        if covers(pattern, path):
            matched.append(path)
    return matched
