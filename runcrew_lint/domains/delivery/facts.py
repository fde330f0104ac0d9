"""What package.json, Makefiles, justfiles and EAS workflows say: plain values with their places."""

from __future__ import annotations

from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.domains.mentions import Mentions
from runcrew_lint.domains.shell_scripts import ShellScript
from runcrew_lint.domains.workflows.facts import Workflow
from runcrew_lint.frozen import frozen
from runcrew_lint.text import Span
from runcrew_lint.tuples import NamedTuple


class PackageScript(NamedTuple):
    """One entry of `scripts`; `statements` is None where it mentions nothing that may deliver.

    `directory` is the folder that it runs in, from the root; None for that of its package. `text` is what is
    written, "" in a project.json.
    """

    name: str
    name_span: Span
    span: Span
    mentions: Mentions
    statements: tuple[Statement, ...] | None
    directory: str | None = None
    text: str = ""


@frozen
class Package:
    """One package.json, or a project.json of Nx with its targets.

    `expo` is the version of Expo's SDK that it asks for, "" for none.
    """

    path: str
    name: str
    scripts: tuple[PackageScript, ...]
    shell_scripts: tuple[ShellScript, ...]
    expo: str = ""

    @property
    def directory(self) -> str:
        """Its folder from the root, "" at the root."""
        return self.path.rpartition("/")[0]

    def script(self, name: str) -> PackageScript | None:
        """The script of that name."""
        return next((each for each in self.scripts if each.name == name), None)


class Variable(NamedTuple):
    """A variable or a recipe's parameter; `value` is None where it is computed or has no default."""

    name: str
    value: str | None


class Recipe(NamedTuple):
    """A target of make or a recipe of just: what it needs first, and the statements of its lines.

    `ignored` are the indexes of the statements whose failure is ignored: lines that begin with `-`.
    """

    name: str
    span: Span
    parameters: tuple[Variable, ...]
    needs: tuple[str, ...]
    statements: tuple[Statement, ...]
    ignored: tuple[int, ...] = ()


@frozen
class Recipes:
    """One Makefile or justfile; `tool` is make or just.

    `is_open` says that there may be recipes beside these: it includes other files, or computes names.
    `shell` is what runs a line, as GitHub's `shell:` would say it: `sh {0}`, or "" where the file says
    another.
    """

    path: str
    tool: str
    variables: tuple[Variable, ...]
    recipes: tuple[Recipe, ...]
    shell_scripts: tuple[ShellScript, ...]
    is_open: bool = False
    shell: str = ""

    @property
    def directory(self) -> str:
        """Its folder from the root, "" at the root."""
        return self.path.rpartition("/")[0]

    def recipe(self, name: str) -> Recipe | None:
        """The recipe of that name."""
        return next((each for each in self.recipes if each.name == name), None)


@frozen
class EasWorkflow:
    """One file under .eas/workflows, in the shape of a workflow of GitHub's.

    A job of a `type` is a job of one step that uses `eas:<type>` with its `params`.
    """

    path: str
    workflow: Workflow

    @property
    def directory(self) -> str:
        """The folder of the project, in which `.eas` lies."""
        return self.path.rpartition(".eas/workflows/")[0].rstrip("/")


class RunMark(NamedTuple):
    """Where a file migrates the database, and the words that do."""

    span: Span
    text: str


@frozen
class MigrationRunner:
    """A file outside of the workflows that upgrades the database: an entrypoint, a release command, code."""

    path: str
    marks: tuple[RunMark, ...]
