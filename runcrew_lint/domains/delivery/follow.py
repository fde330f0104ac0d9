"""Follows a command through scripts of package.json, recipes and shell scripts to what it comes to."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from posixpath import normpath

from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.domains.delivery.eas_commands import NAMES, eas_calls
from runcrew_lint.domains.delivery.expansion import Fill, Look, moved
from runcrew_lint.domains.delivery.facts import Package, Recipes
from runcrew_lint.domains.delivery.hits import Hit, hit, lost, named, strange
from runcrew_lint.domains.delivery.interpret import Interpreter
from runcrew_lint.domains.delivery.launchers import PackageRun, Program, RecipeRun, ShellRun, launch
from runcrew_lint.domains.delivery.leniency import shell_of
from runcrew_lint.domains.delivery.nx import TargetRun
from runcrew_lint.domains.delivery.programs import heard, program_calls
from runcrew_lint.domains.delivery.recipe_values import expanded, values_of
from runcrew_lint.domains.delivery.scripts import Scripts, with_hooks
from runcrew_lint.domains.delivery.state import Argument, Budget, Command, Outcome, State
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.domains.mentions import mentions
from runcrew_lint.domains.shell_scripts import ShellScript
from runcrew_lint.tuples import NamedTuple

MAX_DEPTH = 12  # scripts that run scripts
MAX_COMMANDS = 500  # that one command of a workflow is followed to
_TOO_DEEP = f"scripts run scripts more than {MAX_DEPTH} deep, and are followed no further"


class _Way(NamedTuple):
    """What led to a command.

    Arguments:
        look: the environment variables around it.
        files: the shell scripts that are known beside those of the packages, by path.
        seen: the scripts that led here: one that runs itself ends.
    """

    look: Look
    files: dict[str, ShellScript]
    seen: frozenset[str] = frozenset()

    def ends_at(self, script: str) -> bool:
        """Whether the script is not followed once more."""
        return script in self.seen

    def is_too_deep(self) -> bool:
        """Whether it has come so far that it goes no further."""
        return len(self.seen) > MAX_DEPTH

    def into(self, script: str, look: Look | None = None) -> _Way:
        """The way on, inside of a script."""
        return _Way(look or self.look, self.files, self.seen | {script})


class Tracer:
    """Follows commands through the packages and recipes of one repository."""

    def __init__(self, packages: tuple[Package, ...], recipes: tuple[Recipes, ...] = ()) -> None:
        self.budget: Budget | None = None  # of the step that is followed
        self._followed = 0
        self._scripts = Scripts(packages, recipes)

    def trace(self, command: Command, look: Look, files: dict[str, ShellScript]) -> Iterator[Hit]:
        """What a command comes to.

        Arguments:
            look: the environment variables around it.
            files: the shell scripts that are known beside those of the packages, by path.
        """
        self._followed = 0
        return self._trace(command, _Way(look, files))

    def _trace(self, command: Command, way: _Way) -> Iterator[Hit]:
        if way.seen:
            self._followed += 1
        if self._followed >= MAX_COMMANDS:
            if self._followed == MAX_COMMANDS:
                yield lost(command, "the scripts run each other too often to be followed")
            return
        if command.broken:
            if mentions(command.broken).eas:
                yield lost(command, "this part of the script does not parse")
            elif mentions(command.broken).leads_on:
                yield strange(command, "a part of the script that does not parse")
            return
        launched = launch(command.words)
        if isinstance(launched, Program):
            calls = program_calls(launched, command.host is not None)
            if calls is None:
                yield strange(command)
            elif calls:
                yield hit(command, calls)
        elif isinstance(launched, PackageRun):
            yield from self._package(command, launched, way)
        elif isinstance(launched, TargetRun):
            yield from self._targets(command, launched, way)
        elif isinstance(launched, RecipeRun):
            yield from self._recipes(command, launched, way)
        elif isinstance(launched, ShellRun):
            yield from self._shell(command, launched, way)
        elif command.words and command.words[0].text is None:
            yield strange(command, "a command whose name is not known")

    def _package(self, command: Command, run: PackageRun, way: _Way) -> Iterator[Hit]:
        directory = moved(command.directory, run.directory.value) if run.directory else command.directory
        names = [str(each) for each in run.script.value.options]
        everywhere = list(self._scripts.by_directory.values())
        if run.workspace == "*":
            for each in everywhere:
                yield from self._script(command, each, names, run, way)
            return
        package = self._scripts.package(directory, run.workspace)
        if not run.certain and not (package and any(package.script(each) for each in names)):
            program, here = launch((run.script, *run.words)), replace(command, directory=directory)
            if isinstance(program, Program) and program.name in NAMES:
                yield hit(here, eas_calls(run.words))
                return
            if isinstance(program, TargetRun):
                yield from self._targets(here, program, way)
                return
            calls = program_calls(program, False) if isinstance(program, Program) else None
            if calls:
                yield hit(here, calls)
                return
        if package is not None and names:
            yield from self._script(command, package, names, run, way)
        elif any(_delivers(each, names) for each in ([package] if package else everywhere)):
            reason = run.script.value.reason if not names else directory.reason
            what = "which script it runs" if not names else "which package.json it runs a script of"
            yield lost(command, f"{what} is not known: {reason or 'no package.json is above it'}")
        else:
            for name in names:
                yield from named(command, name)
            yield strange(command)

    def _script(
        self, command: Command, package: Package, names: list[str], run: PackageRun, way: _Way
    ) -> Iterator[Hit]:
        """The scripts of these names in one package, with what npm runs around them."""
        for name in names:
            found = list(with_hooks(package, name, run.manager))
            if not way.seen and any(each.name == name for each in found):
                yield from named(command, name)
            for script in found:
                key = f"{package.path}#{script.name}"
                if script.statements is None or way.ends_at(key):
                    continue
                words = run.words if script.name == name else ()
                inner = replace(
                    command, directory=known(package.directory), sure=command.sure and len(names) == 1
                )
                yield from self._inside(inner, package.path, script.statements, way.into(key), words)

    def _targets(self, command: Command, run: TargetRun, way: _Way) -> Iterator[Hit]:
        """The targets of Nx: a project's own, else a script of its package; any other is not known."""
        here = replace(command, sure=command.sure and run.certain)
        for target in run.targets:
            names = (f"{target}:{run.configuration}", target) if run.configuration else (target,)
            found = list(self._scripts.targets(run.project, command.directory, names))
            by_name = list(named(command, target)) if not way.seen else []
            yield from by_name
            package = self._scripts.by_name.get(run.project) or self._scripts.last_named(run.project)
            if not found and package and package.script(target):
                asked = PackageRun(Argument(known(target), command.place), run.words, None, "", True, "nx")
                yield from self._script(here, package, [target], asked, way)
            elif not found and not by_name:
                yield strange(command)
            for project, script in found:
                key = f"{project.path}#{script.name}"
                if script.statements is None or way.ends_at(key):
                    continue
                inner = replace(here, directory=known(script.directory or ""))
                yield from self._inside(inner, project.path, script.statements, way.into(key), run.words)

    def _recipes(self, command: Command, run: RecipeRun, way: _Way) -> Iterator[Hit]:
        directory = moved(command.directory, run.directory.value) if run.directory else command.directory
        file = self._scripts.recipes(run.tool, directory)
        names = run.names if run.tool == "make" else run.names[:1]
        for each in names:
            if each.text and not way.seen:
                yield from named(command, each.text)
        if file is None:
            if command.host is not None or any("deploy" in (each.text or "") for each in names):
                yield strange(command)
            return
        given = {
            name: known(value)
            for each in run.given
            if each.text
            for name, _, value in [each.text.partition("=")]
        }
        wanted = [each.text or "" for each in names] or [each.name for each in file.recipes[:1]]
        arguments = tuple(run.names[1:]) if run.tool == "just" else ()
        here = replace(command, directory=known(file.directory))
        made: set[str] = set()
        for name in wanted:
            yield from self._recipe(here, file, name, arguments, given, way, made)

    def _recipe(
        self,
        command: Command,
        file: Recipes,
        name: str,
        arguments: tuple[Argument, ...],
        given: dict[str, Value],
        way: _Way,
        made: set[str],
    ) -> Iterator[Hit]:
        """One recipe after those that it needs; `made` are the ones that this call has run, each once."""
        recipe, key = file.recipe(name), f"{file.path}#{name}"
        if recipe is None or name in made or way.ends_at(key):
            return
        if way.is_too_deep():
            yield lost(command, _TOO_DEEP)
            return
        made.add(name)
        for each in recipe.needs:
            yield from self._recipe(command, file, each, (), given, way.into(key), made)
        values = values_of(file, recipe, arguments, given, way.look)

        def fill(hole: str) -> Value:
            return expanded(hole, values, way.look)

        within = way.into(key, lambda name: values.get(name) or way.look(name))
        for index, statement in enumerate(recipe.statements):
            inner = replace(command, forgiven=command.forgiven or index in recipe.ignored)
            yield from self._inside(inner, file.path, (statement,), within, fill=fill, shell=file.shell)

    def _shell(self, command: Command, run: ShellRun, way: _Way) -> Iterator[Hit]:
        path = moved(command.directory, known(run.path))
        files = self._scripts.files | way.files
        script = files.get(str(path.known)) if path.is_known else None
        if script is None and path.is_known:
            script = files.get(normpath(run.path))  # called by its path from the root
        if not way.seen and command.words[0].text not in _SOURCES:  # those set up the shell that is there
            yield from named(command, run.path.rpartition("/")[2].rpartition(".")[0])
        if script is None:
            yield strange(command)
        elif not way.ends_at(script.path):
            yield from self._inside(
                command, script.path, script.statements, way.into(script.path),
                arguments=run.words, shell=_started_by(command.words, script.program),
            )  # fmt: skip

    def _inside(
        self,
        command: Command,
        path: str,
        statements: tuple[Statement, ...],
        way: _Way,
        passed: tuple[Argument, ...] = (),
        arguments: tuple[Argument, ...] | None = None,
        fill: Fill = unknown,
        shell: str = "",
    ) -> Iterator[Hit]:
        """The hits inside of another script, which sees what the command was given."""
        if way.is_too_deep():
            yield lost(command, _TOO_DEEP)
            return

        def outer(name: str) -> Value | None:
            return command.variables.get(name) or way.look(name)

        interpreter = Interpreter(path, fill, outer, statements, passed, self.budget, heard)
        keeps_going, counts_pipes = shell_of(shell)
        state = State(
            command.directory, arguments=arguments, host=command.host, forgiven=command.forgiven,
            keeps_going=keeps_going, counts_pipes=counts_pipes,
        )  # fmt: skip
        for inner in drive(interpreter.run(statements, state, command.sure)):
            yield from self._trace(inner, way._replace(look=outer))


_SOURCES = ("source", ".")


def _delivers(package: Package, names: list[str]) -> bool:
    return any(each.mentions.eas for each in package.scripts if not names or each.name in names)


def _started_by(words: tuple[Argument, ...], program: str) -> str:
    """The shell that runs a script and its options: `bash -e x.sh`, or by its own first line."""
    said = [each.text or "" for each in words]
    if said[0] in _SOURCES:
        return ""  # it runs in the shell that is there
    if said[0].endswith((".sh", ".bash")):
        said = program.split()
    options = [each for each in said[1:] if each.startswith("-") or each in ("pipefail", "errexit")]
    return " ".join(["sh", *options, "{0}"])


def drive(commands: Generator[Command, None, Outcome]) -> Iterator[Command]:
    """A script's commands without its outcome."""
    yield from commands
