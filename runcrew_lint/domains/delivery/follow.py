"""Follows a command through scripts of package.json, recipes and shell scripts to what it comes to."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from posixpath import join as join_path
from posixpath import normpath

from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.domains.delivery.calls import Action, Call, call
from runcrew_lint.domains.delivery.eas_commands import NAMES, eas_calls
from runcrew_lint.domains.delivery.expansion import Fill, Look, moved
from runcrew_lint.domains.delivery.facts import Package, PackageScript, Recipes
from runcrew_lint.domains.delivery.interpret import Interpreter
from runcrew_lint.domains.delivery.launchers import (
    PackageRun,
    Program,
    RecipeRun,
    ShellRun,
    launch,
)
from runcrew_lint.domains.delivery.leniency import shell_of
from runcrew_lint.domains.delivery.nx import TargetRun
from runcrew_lint.domains.delivery.programs import heard, program_calls
from runcrew_lint.domains.delivery.project import FILE
from runcrew_lint.domains.delivery.recipe_values import expanded, values_of
from runcrew_lint.domains.delivery.state import Argument, Budget, Command, Outcome, State
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.domains.mentions import Mentions, mentions
from runcrew_lint.domains.shell_scripts import ShellScript
from runcrew_lint.model.frozen import frozen
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Place

MAX_DEPTH = 12  # scripts that run scripts
MAX_COMMANDS = 500  # that one command of a workflow is followed to
_GAP = ("…", "…")
_TEST = lazily(r"(?:\A|[-_:.])(?:tests?|e2e|specs?|unit)(?:\Z|[-_:.])", re.IGNORECASE)
_BACKUP = lazily(r"(?:\A|[-_:.])(?:backup|snapshot|dump)(?:\Z|[-_:.])", re.IGNORECASE)
_LINT = lazily(r"(?:\A|[-_:.])(?:lint|typecheck|type-check|check-types)(?:\Z|[-_:.])", re.IGNORECASE)


@frozen
class Hit:
    """What a command does, at the place where it is written itself; `strange` is one that is not known."""

    calls: tuple[Call, ...]
    place: Place
    directory: Value
    sure: bool
    line: str
    forgiven: bool = False
    strange: str = ""


class Tracer:
    """Follows commands through the packages and recipes of one repository."""

    def __init__(self, packages: tuple[Package, ...], recipes: tuple[Recipes, ...] = ()) -> None:
        self.followed = 0
        self.budget: Budget | None = None  # of the step that is followed
        self.projects = tuple(each for each in packages if each.path.endswith(FILE))
        self.by_directory = {each.directory: each for each in packages if each not in self.projects}
        self.by_name = {each.name: each for each in packages if each.name and each not in self.projects}
        self.recipes = {(each.tool, each.directory): each for each in recipes}
        self.scripts = {script.path: script for each in packages for script in each.shell_scripts}
        self.scripts |= {script.path: script for each in recipes for script in each.shell_scripts}

    def delivers(self, said: Mentions) -> bool:
        """Whether a script may come to a command that the map knows."""
        return said.leads_on

    def trace(
        self,
        command: Command,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str] = frozenset(),
    ) -> Iterator[Hit]:
        """What a command comes to.

        Arguments:
            look: the environment variables around it.
            scripts: the shell scripts that are known beside those of the packages, by path.
            seen: the scripts that led here: one that runs itself ends.
        """
        self.followed = self.followed + 1 if seen else 0
        if self.followed >= MAX_COMMANDS:
            if self.followed == MAX_COMMANDS:
                yield self._lost(command, "the scripts run each other too often to be followed")
            return
        if command.broken:
            if mentions(command.broken).eas:
                yield self._lost(command, "this part of the script does not parse")
            elif mentions(command.broken).leads_on:
                yield self._strange(command, "a part of the script that does not parse")
            return
        launched = launch(command.words)
        if isinstance(launched, Program):
            calls = program_calls(launched, command.host is not None)
            if calls is None:
                yield self._strange(command, f"`{_line(command.words)[:60]}`")
            elif calls:
                yield self._hit(command, calls)
        elif isinstance(launched, PackageRun):
            yield from self._package(command, launched, look, scripts, seen)
        elif isinstance(launched, TargetRun):
            yield from self._targets(command, launched, look, scripts, seen)
        elif isinstance(launched, RecipeRun):
            yield from self._recipes(command, launched, look, scripts, seen)
        elif isinstance(launched, ShellRun):
            yield from self._shell(command, launched, look, scripts, seen)
        elif command.words and command.words[0].text is None:
            yield self._strange(command, "a command whose name is not known")

    def _hit(self, command: Command, calls: tuple[Call, ...]) -> Hit:
        if command.host is not None:
            calls = tuple(
                each._replace(target=command.host) if each.target == known("") else each for each in calls
            )
        return Hit(
            calls, command.place, command.directory, command.sure, _line(command.words), command.forgiven
        )

    def _strange(self, command: Command, what: str) -> Hit:
        return Hit((), command.place, command.directory, command.sure, _line(command.words), strange=what)

    def _lost(self, command: Command, reason: str) -> Hit:
        lost = Call(Action.BUILD, unknown(reason), command.place, (), "eas")
        return Hit((lost,), command.place, command.directory, False, _line(command.words))

    def _named(self, command: Command, name: str) -> Iterator[Hit]:
        """What a script's name alone says: `npm test` tests, by whatever it does so."""
        for pattern, action in ((_TEST, Action.TEST), (_LINT, Action.LINT), (_BACKUP, Action.BACKUP)):
            if pattern.search(name):
                yield self._hit(command, (call(action, name, command.words),))

    def _package(
        self,
        command: Command,
        run: PackageRun,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
    ) -> Iterator[Hit]:
        directory = moved(command.directory, run.directory.value) if run.directory else command.directory
        names = [str(each) for each in run.script.value.options]
        if run.workspace == "*":
            for each in list(self.by_directory.values()):
                yield from self._scripts(command, each, names, run, look, scripts, seen)
            return
        package = self._found(directory, run.workspace)
        if not run.certain and not (package and any(package.script(each) for each in names)):
            program = launch((run.script, *run.words))
            if isinstance(program, Program) and program.name in NAMES:
                yield self._hit(replace(command, directory=directory), eas_calls(run.words))
                return
            if isinstance(program, TargetRun):
                yield from self._targets(replace(command, directory=directory), program, look, scripts, seen)
                return
            calls = program_calls(program, False) if isinstance(program, Program) else None
            if calls:
                yield self._hit(replace(command, directory=directory), calls)
                return
        if package is None or not names:
            packages = [package] if package else list(self.by_directory.values())
            if any(self._delivers(each, names) for each in packages):
                reason = run.script.value.reason if not names else directory.reason
                what = "which script it runs" if not names else "which package.json it runs a script of"
                yield self._lost(command, f"{what} is not known: {reason or 'no package.json is above it'}")
                return
            for name in names:
                yield from self._named(command, name)
            yield self._strange(command, f"`{_line(command.words)[:60]}`")
            return
        yield from self._scripts(command, package, names, run, look, scripts, seen)

    def _targets(
        self,
        command: Command,
        run: TargetRun,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
    ) -> Iterator[Hit]:
        """The targets of Nx: a project's own, else a script of its package; any other is not known."""
        here = replace(command, sure=command.sure and run.certain)
        for target in run.targets:
            names = (f"{target}:{run.configuration}", target) if run.configuration else (target,)
            found = list(self._found_in_projects(command, run, names))
            named = list(self._named(command, target)) if not seen else []
            yield from named
            package = self.by_name.get(run.project) or self._last_named(run.project)
            if not found and package and package.script(target):
                asked = PackageRun(Argument(known(target), command.place), run.words, None, "", True, "nx")
                yield from self._scripts(here, package, [target], asked, look, scripts, seen)
            elif not found and not named:
                yield self._strange(command, f"`{_line(command.words)[:60]}`")
            for project, script in found:
                key = f"{project.path}#{script.name}"
                if script.statements is None or key in seen or len(seen) >= MAX_DEPTH:
                    continue
                inner = replace(here, directory=known(script.directory or ""))
                yield from self._inside(
                    inner, project.path, script.statements, run.words, None, look, scripts, seen | {key}
                )

    def _found_in_projects(
        self, command: Command, run: TargetRun, names: tuple[str, ...]
    ) -> Iterator[tuple[Package, PackageScript]]:
        for project in self.projects:
            here = run.project == "." and command.directory == known(project.directory)
            if here or run.project in ("*", project.name):
                script = next((one for name in names if (one := project.script(name))), None)
                if script:
                    yield project, script

    def _scripts(
        self,
        command: Command,
        package: Package,
        names: list[str],
        run: PackageRun,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
    ) -> Iterator[Hit]:
        for name in names:
            found = list(self._with_hooks(package, name, run.manager))
            if not seen and any(each.name == name for each in found):
                yield from self._named(command, name)
            for script in found:
                key = f"{package.path}#{script.name}"
                if script.statements is None or key in seen or len(seen) >= MAX_DEPTH:
                    continue
                words = run.words if script.name == name else ()
                inner = replace(
                    command, directory=known(package.directory), sure=command.sure and len(names) == 1
                )
                yield from self._inside(
                    inner, package.path, script.statements, words, None, look, scripts, seen | {key}
                )

    def _delivers(self, package: Package, names: list[str]) -> bool:
        return any(each.mentions.eas for each in package.scripts if not names or each.name in names)

    def _with_hooks(self, package: Package, name: str, manager: str) -> Iterator[PackageScript]:
        """npm runs `pre` and `post` scripts around the one that is named."""
        hooks = manager in ("npm", "bun")
        for each in (f"pre{name}", name, f"post{name}") if hooks else (name,):
            script = package.script(each)
            if script:
                yield script

    def _found(self, directory: Value, workspace: str) -> Package | None:
        """The package that counts in a folder: the nearest upwards, or a workspace by name or folder."""
        if workspace:
            name = workspace.removesuffix("...").removeprefix("...").removeprefix("{").removesuffix("}")
            start = str(directory.known) if directory.is_known else ""
            folder = normpath(join_path(start, name))
            return self.by_name.get(name) or self.by_directory.get(folder) or self._last_named(name)
        if not directory.is_known:
            return None
        folder = str(directory.known)
        while folder not in self.by_directory and folder:
            folder = folder.rpartition("/")[0]
        return self.by_directory.get(folder)

    def _last_named(self, name: str) -> Package | None:
        """`--filter mobile` for `@team/mobile`, where one package alone ends so."""
        found = [each for key, each in self.by_name.items() if key.rpartition("/")[2] == name]
        return found[0] if len(found) == 1 else None

    def _recipes(
        self,
        command: Command,
        run: RecipeRun,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
    ) -> Iterator[Hit]:
        directory = moved(command.directory, run.directory.value) if run.directory else command.directory
        file = self.recipes.get((run.tool, str(directory.known))) if directory.is_known else None
        if file is None and run.tool == "just" and directory.is_known:
            file = self.recipes.get(("just", ""))
        names = run.names if run.tool == "make" else run.names[:1]
        for each in names:
            if each.text:
                yield from self._named(command, each.text) if not seen else ()
        if file is None:
            if command.host is not None or any("deploy" in (each.text or "") for each in names):
                yield self._strange(command, f"`{_line(command.words)[:60]}`")
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
            yield from self._recipe(here, file, name, arguments, given, look, scripts, seen, made)

    def _recipe(
        self,
        command: Command,
        file: Recipes,
        name: str,
        arguments: tuple[Argument, ...],
        given: dict[str, Value],
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
        made: set[str],
    ) -> Iterator[Hit]:
        """One recipe after those that it needs; `made` are the ones that this call has run, each once."""
        recipe, key = file.recipe(name), f"{file.path}#{name}"
        if recipe is None or key in seen or name in made or len(seen) >= MAX_DEPTH:
            return
        made.add(name)
        for each in recipe.needs:
            yield from self._recipe(command, file, each, (), given, look, scripts, seen | {key}, made)
        values = values_of(file, recipe, arguments, given, look)

        def fill(hole: str) -> Value:
            return expanded(hole, values, look)

        for index, statement in enumerate(recipe.statements):
            forgiven = command.forgiven or index in recipe.ignored
            yield from self._inside(
                replace(command, forgiven=forgiven), file.path, (statement,), (), None,
                lambda name: values.get(name) or look(name), scripts, seen | {key}, fill, file.shell,
            )  # fmt: skip

    def _shell(
        self,
        command: Command,
        run: ShellRun,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
    ) -> Iterator[Hit]:
        path = moved(command.directory, known(run.path))
        known_scripts = self.scripts | scripts
        script = known_scripts.get(str(path.known)) if path.is_known else None
        if script is None and path.is_known:
            script = known_scripts.get(normpath(run.path))  # called by its path from the root
        if not seen:
            yield from self._named(command, run.path.rpartition("/")[2].rpartition(".")[0])
        if script is None:
            yield self._strange(command, f"`{_line(command.words)[:60]}`")
            return
        if script.path in seen or len(seen) >= MAX_DEPTH:
            return
        yield from self._inside(
            command, script.path, script.statements, (), run.words, look, scripts, seen | {script.path},
            shell=_started_by(command.words, script.program),
        )  # fmt: skip

    def _inside(
        self,
        command: Command,
        path: str,
        statements: tuple[Statement, ...],
        passed: tuple[Argument, ...],
        arguments: tuple[Argument, ...] | None,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
        fill: Fill = unknown,
        shell: str = "",
    ) -> Iterator[Hit]:
        """The hits inside of another script, which sees what the command was given."""

        def outer(name: str) -> Value | None:
            return command.variables.get(name) or look(name)

        interpreter = Interpreter(path, fill, outer, statements, passed, self.budget, heard)
        keeps_going, counts_pipes = shell_of(shell)
        state = State(
            command.directory, arguments=arguments, host=command.host, forgiven=command.forgiven,
            keeps_going=keeps_going, counts_pipes=counts_pipes,
        )  # fmt: skip
        for inner in drive(interpreter.run(statements, state, command.sure)):
            yield from self.trace(inner, outer, scripts, seen)


def _started_by(words: tuple[Argument, ...], program: str) -> str:
    """The shell that runs a script and its options: `bash -e x.sh`, or by its own first line."""
    said = [each.text or "" for each in words]
    if said[0] in ("source", "."):
        return ""  # it runs in the shell that is there
    if said[0].endswith((".sh", ".bash")):
        said = program.split()
    options = [each for each in said[1:] if each.startswith("-") or each in ("pipefail", "errexit")]
    return " ".join(["sh", *options, "{0}"])


def drive(commands: Generator[Command, None, Outcome]) -> Iterator[Command]:
    """A script's commands without its outcome."""
    yield from commands


def _line(words: tuple[Argument, ...]) -> str:
    """The command as far as it is known."""
    said = ["…" if each.text is None else each.text for each in words]
    return " ".join(each for each, before in zip(said, ["", *said], strict=False) if (each, before) != _GAP)
