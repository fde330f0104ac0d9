"""Nx's project.json to a `Package`: a target is a script, `target:configuration` one of its own.

Source: nx.dev, "Project configuration" (targets, configurations, `command`, `dependsOn`) and the executor
nx:run-commands. Which projects this one depends on (`^build`) is in the code's imports, and not followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import json, shell
from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.shell_tree import Part, PartKind, Simple, Statement, Word
from runcrew_lint.documents.tree import Entry, Mapping, Node, Scalar, Sequence, at, text_at
from runcrew_lint.domains.delivery.facts import Package, PackageScript
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.mentions import Mentions, mentions
from runcrew_lint.domains.shell_scripts import drawn_in
from runcrew_lint.text import Source

FILE = "project.json"
EXECUTOR = "nx-executor"  # the name by which an executor that runs no command stands in a statement
_COMMANDS = ("nx:run-commands", "@nx/workspace:run-commands", "@nrwl/workspace:run-commands")
_SCRIPTS = ("nx:run-script", "@nrwl/workspace:run-script", "nx:noop")


def read(source: Source, reading: Reading) -> Package | None:
    """The targets of one project, or nothing where it has none.

    Errors:
        Unreadable where the file is no JSON.
    """
    root = source.derive(json.parse)
    targets = at(root, "targets")
    if not isinstance(targets, Mapping):
        return None
    directory = source.path.rpartition("/")[0]
    name = text_at(root, "name") or directory.rpartition("/")[2]
    scripts = tuple(script for entry in targets.effective() for script in _scripts(source, entry, name))
    blocks = (each.statements for each in scripts if each.statements)
    folders = tuple({each.directory or "" for each in scripts})
    return Package(source.path, name, scripts, drawn_in(blocks, folders, reading))


def _scripts(source: Source, target: Entry, project: str) -> Iterator[PackageScript]:
    node, name = target.value, str(target.key.value)
    configurations = at(node, "configurations")
    usual = text_at(node, "defaultConfiguration")
    options = at(node, "options")
    own = _commands(at(configurations, usual) if usual else None) or _commands(node) or _commands(options)
    before = tuple(_needed(at(node, "dependsOn"), project))
    yield _led(_script(source, target.key, name, node, own, options), before)
    if isinstance(configurations, Mapping):
        for entry in configurations.effective():
            said = _commands(entry.value) or _commands(node) or _commands(options)
            key = f"{name}:{entry.key.value}"
            yield _led(_script(source, entry.key, key, node, said, entry.value, options), before)


def _needed(node: Node | None, project: str) -> Iterator[Statement]:
    """The targets that run first, as `nx run project:target`."""
    for each in node.items if isinstance(node, Sequence) else ():
        said, of = str(each.value) if isinstance(each, Scalar) else text_at(each, "target") or "", [project]
        named = at(each, "projects")
        if isinstance(named, Sequence):
            of = [str(one.value) for one in named.items if isinstance(one, Scalar)]
        if not said or said.startswith("^") or at(each, "dependencies") is not None:
            continue
        for target in [said] if ":" in said else [f"{one}:{said}" for one in of]:
            words = (Word(each.span, (Part(PartKind.TEXT, word),)) for word in ("nx", "run", target))
            yield Simple(each.span, (), tuple(words))


def _led(script: PackageScript, before: tuple[Statement, ...]) -> PackageScript:
    if not before:
        return script
    said = script.mentions._replace(runner=True)
    return script._replace(statements=(*before, *(script.statements or ())), mentions=said)


def _commands(node: Node | None) -> tuple[Scalar, ...]:
    """`command`, or the items of `commands`."""
    found = at(node, "command")
    many = at(node, "commands")
    items = many.items if isinstance(many, Sequence) else ()
    each = (found, *(at(item, "command") if isinstance(item, Mapping) else item for item in items))
    return tuple(one for one in each if isinstance(one, Scalar) and isinstance(one.value, str))


def _script(
    source: Source, key: Scalar, name: str, target: Node, commands: tuple[Scalar, ...], *options: Node | None
) -> PackageScript:
    executor = text_at(target, "executor") or ""
    folder = next((cwd for each in options if (cwd := text_at(each, "cwd"))), "")
    said = mentions(" ".join(str(each.value) for each in commands))
    statements: tuple[Statement, ...] | None = None
    if not commands and executor not in _SCRIPTS:
        words = tuple(Word(key.span, (Part(PartKind.TEXT, each),)) for each in (EXECUTOR, executor or name))
        statements = (Simple(key.span, (), words),)
    elif said.leads_on or (executor and executor not in _COMMANDS and not commands):
        statements = tuple(one for each in commands for one in shell.parse(spliced(source.text, each)))
    said = said if commands else Mentions(False, False, False, False, bool(statements))
    span = commands[0].span if commands else key.span
    return PackageScript(name, key.span, span, said, statements, folder)
