"""migration-with-application-code: one change for the schema and for the code that must outlive it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename, dirname

from runcrew_lint.domains.fact import Base
from runcrew_lint.domains.migrations.facts import Kind
from runcrew_lint.domains.migrations.history import history_of
from runcrew_lint.domains.migrations.lineage import Lineage
from runcrew_lint.domains.migrations.steps import Step, judged_steps
from runcrew_lint.model.finding import Fault, Note
from runcrew_lint.policy.model import Policy
from runcrew_lint.repository import Repository

# What the code that runs during the deploy can't live with.
_BREAKS = (
    *(Kind.DROP_COLUMN, Kind.RENAME_COLUMN, Kind.DROP_TABLE, Kind.RENAME_TABLE, Kind.SET_SCHEMA),
    *(Kind.SET_NOT_NULL, Kind.ALTER_TYPE, Kind.DROP_VIEW),
)
_CODE = (".py", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".go", ".rb", ".java", ".kt", ".rs", ".dart", ".swift")
_SHOWN = 3


def check(repository: Repository, policy: Policy) -> Iterator[Fault]:
    """One fault a new revision that breaks old code, where the same change edits the application.

    Without `--since` nobody knows what the change is.
    """
    base = repository.worktree.base
    if base is None:
        return
    edited = _edited(repository.worktree.paths, base)
    told: set[str] = set()
    for step in judged_steps(repository.derive(history_of), policy, *_BREAKS):
        path = step.migration.path
        if path in told or path in base.paths or step.is_new_table:
            continue
        code = [each for each in edited if not _is_own(each, step.lineage)]
        if code:
            told.add(path)
            yield _fault(step, code)


def _edited(paths: Sequence[str], base: Base) -> list[str]:
    """The application's files that the change edits; tests run before a deploy, not during it."""
    source = (path for path in paths if path.endswith(_CODE) and not _is_test(path))
    return [path for path in source if base.is_changed(path)]


def _is_test(path: str) -> bool:
    folders = dirname(path).split("/")
    name = basename(path)
    return bool({"tests", "test", "__tests__", "e2e"}.intersection(folders)) or name.startswith(
        ("test_", "conftest")
    )


def _is_own(path: str, lineage: Lineage) -> bool:
    """Whether a file is of the migrations themselves."""
    folders = {dirname(each.path) for each in lineage.migrations}
    return dirname(path) in {*folders, *(dirname(each) for each in folders)}


def _fault(step: Step, code: list[str]) -> Fault:
    more = f" and {len(code) - _SHOWN} more" if len(code) > _SHOWN else ""
    return Fault(
        step.place,
        f"{step.operation.kind.value} on {step.operation.table} comes in one change with the code that "
        "fits it: while the deploy rolls out the old code meets the new schema, and after a rollback too",
        notes=(Note("code", ", ".join(code[:_SHOWN]) + more),),
    )
