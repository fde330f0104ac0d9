"""The files that `init` proposes, and why it proposes no others."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from runcrew_lint.engine.disk import Disk, Skipped
from runcrew_lint.engine.start import hooks, workflow
from runcrew_lint.engine.start.found import Found
from runcrew_lint.engine.start.policy_text import policy_text
from runcrew_lint.policy.load import FILE_NAMES
from runcrew_lint.policy.load import find as find_policy
from runcrew_lint.tuples import NamedTuple


class Draft(NamedTuple):
    """One file: its bytes as they are, None for a new one, and as they would be."""

    path: str
    old: bytes | None
    new: bytes

    def diff(self) -> str:
        """What changes, as `git apply` takes it."""
        before = (self.old or b"").decode().splitlines(keepends=True)
        after = self.new.decode().splitlines(keepends=True)
        old = "/dev/null" if self.old is None else f"a/{self.path}"
        lines = unified_diff(before, after, old, f"b/{self.path}")
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )


class Kept(NamedTuple):
    """A file that is left as it is, and why."""

    path: str
    reason: str


def drafts(root: Path, found: Found) -> Iterator[Draft | Kept]:
    """Policy, hook and workflow, in the order in which a person reads them; nothing that is there is lost."""
    policy = find_policy(root)
    if policy is not None:
        yield Kept(policy.name, "it is the policy already")
    else:
        yield _new(root, FILE_NAMES[0], policy_text(found))
    yield _hooked(root)
    if found.on_github:
        yield _new(root, workflow.FILE, workflow.workflow_text())
    else:
        yield Kept(workflow.FILE, "another forge's pipeline is here; run `runcrew-lint check --since` in it")


def baseline(root: Path, folder: Path | None) -> Draft | Kept:
    """The findings of now, by the policy that lies there now, as a baseline."""
    from runcrew_lint.engine.baseline import text_of
    from runcrew_lint.engine.keep import books
    from runcrew_lint.engine.run import Request

    kept = books(Request(root, cache=folder))
    if kept.exists:
        return Kept(kept.path, "it is there already; `runcrew-lint baseline update` makes it anew")
    if not kept.now:
        return Kept(kept.path, "nothing is found, so there is nothing to set aside")
    return Draft(kept.path, None, text_of(kept.now).encode())


def _new(root: Path, path: str, text: str) -> Draft | Kept:
    if (root / path).exists() or (root / path).is_symlink():
        return Kept(path, "it is there already")
    return Draft(path, None, text.encode())


def _hooked(root: Path) -> Draft | Kept:
    path = hooks.FILE
    try:
        content, _ = Disk(root).read(path)
        text = content.decode()
    except FileNotFoundError:
        return Draft(path, None, hooks.new_hooks().encode())
    except (OSError, Skipped, UnicodeDecodeError) as error:
        return Kept(path, f"it can't be read: {error}")
    if hooks.is_hooked(text):
        return Kept(path, "it runs the linter already")
    try:
        return Draft(path, content, hooks.with_hook(text).encode())
    except hooks.Unplaced as error:
        return Kept(path, f"{error}; the entry is `repo: {hooks.HOME}`, `id: runcrew-lint`")


def write(root: Path, draft: Draft) -> str:
    """Writes one file, and its folders; the reason where it was not, "" where it was."""
    disk = Disk(root)
    try:
        disk.expect(draft.path, draft.old)  # no folder is made behind a link
        (root / draft.path).parent.mkdir(parents=True, exist_ok=True)
        disk.replace(draft.path, draft.old, draft.new)
    except Skipped as reason:
        return str(reason)
    except OSError as error:
        return f"it can't be written: {error.strerror or error}"
    return ""
