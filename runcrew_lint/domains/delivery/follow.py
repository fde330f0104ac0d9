"""Follows a command through scripts of package.json and shell scripts to what it comes to."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from posixpath import join as join_path
from posixpath import normpath

from runcrew_lint.documents.shell_tree import Statement
from runcrew_lint.domains.delivery.eas_commands import NAMES, Action, EasCall, eas_calls
from runcrew_lint.domains.delivery.expansion import Look, moved
from runcrew_lint.domains.delivery.facts import Package, PackageScript
from runcrew_lint.domains.delivery.interpret import Interpreter
from runcrew_lint.domains.delivery.launchers import PackageRun, Program, ShellRun, launch
from runcrew_lint.domains.delivery.state import Argument, Command, Outcome, State
from runcrew_lint.domains.lattice import Value, known, unknown
from runcrew_lint.domains.mentions import Mentions, mentions
from runcrew_lint.domains.shell_scripts import ShellScript
from runcrew_lint.text import Place

MAX_DEPTH = 12  # scripts that run scripts
MAX_COMMANDS = 500  # that one command of a workflow is followed to


@dataclass(frozen=True, slots=True)
class Hit:
    """An eas command, at the place where it is written itself."""

    calls: tuple[EasCall, ...]
    place: Place
    directory: Value
    sure: bool
    line: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A hit and the way to it in the workflow."""

    job_id: str
    job: Place
    step: Place
    call: Place
    script: Place | None
    calls: tuple[EasCall, ...]
    directory: Value
    sure: bool
    line: str


class Tracer:
    """Follows commands through the packages of one repository."""

    def __init__(self, packages: tuple[Package, ...]) -> None:
        self.followed = 0
        self.by_directory = {each.directory: each for each in packages}
        self.by_name = {each.name: each for each in packages if each.name}
        self.scripts = {script.path: script for each in packages for script in each.shell_scripts}
        said = [script.mentions for each in packages for script in each.scripts]
        said += [script.mentions for script in self.scripts.values()]
        self.by_script = any(each.eas for each in said)

    def delivers(self, said: Mentions) -> bool:
        """Whether a script may come to an eas command itself, or through a script of a package."""
        return said.eas or (said.runner and self.by_script)

    def trace(
        self,
        command: Command,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str] = frozenset(),
    ) -> Iterator[Hit]:
        """The eas commands that a command comes to.

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
            return
        launched = launch(command.words)
        if isinstance(launched, Program):
            if launched.name in NAMES:
                yield self._hit(command, eas_calls(launched.words))
        elif isinstance(launched, PackageRun):
            yield from self._package(command, launched, look, scripts, seen)
        elif isinstance(launched, ShellRun):
            yield from self._shell(command, launched, look, scripts, seen)

    def _hit(self, command: Command, calls: tuple[EasCall, ...]) -> Hit:
        return Hit(calls, command.place, command.directory, command.sure, _line(command.words))

    def _lost(self, command: Command, reason: str) -> Hit:
        call = EasCall(Action.BUILD, unknown(reason), command.place, ())
        return Hit((call,), command.place, command.directory, False, _line(command.words))

    def _package(
        self,
        command: Command,
        run: PackageRun,
        look: Look,
        scripts: dict[str, ShellScript],
        seen: frozenset[str],
    ) -> Iterator[Hit]:
        directory = moved(command.directory, run.directory.value) if run.directory else command.directory
        package = self._found(directory, run.workspace)
        names = [str(each) for each in run.script.value.options]
        if not run.certain and any(each in NAMES for each in names):
            if package is None or not any(package.script(each) for each in names):
                yield self._hit(replace(command, directory=directory), eas_calls(run.words))
                return
        if package is None or not names:
            packages = [package] if package else list(self.by_directory.values())
            if any(self._delivers(each, names) for each in packages):
                reason = run.script.value.reason if not names else directory.reason
                what = "which script it runs" if not names else "which package.json it runs a script of"
                yield self._lost(command, f"{what} is not known: {reason or 'no package.json is above it'}")
            return
        for name in names:
            for script in self._with_hooks(package, name, run.manager):
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
            return self.by_name.get(name) or self.by_directory.get(folder)
        if not directory.is_known:
            return None
        folder = str(directory.known)
        while folder not in self.by_directory and folder:
            folder = folder.rpartition("/")[0]
        return self.by_directory.get(folder)

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
        if script is None or script.path in seen or len(seen) >= MAX_DEPTH:
            return
        yield from self._inside(
            command, script.path, script.statements, (), run.words, look, scripts, seen | {script.path}
        )

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
    ) -> Iterator[Hit]:
        """The hits inside of another script, which sees what the command was given."""

        def outer(name: str) -> Value | None:
            return command.variables.get(name) or look(name)

        interpreter = Interpreter(path, unknown, outer, statements, passed)
        state = State(command.directory, arguments=arguments)
        for inner in drive(interpreter.run(statements, state, command.sure)):
            yield from self.trace(inner, outer, scripts, seen)


def drive(commands: Generator[Command, None, Outcome]) -> Iterator[Command]:
    """A script's commands without its outcome."""
    yield from commands


def _line(words: tuple[Argument, ...]) -> str:
    """The command as far as it is known."""
    return " ".join("…" if each.text is None else each.text for each in words)
