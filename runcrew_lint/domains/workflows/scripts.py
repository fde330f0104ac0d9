"""The scripts of a workflow or an action that expressions are written into."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.shell_quoting import quoting
from runcrew_lint.documents.tree import Mapping, Node, Scalar, at, text_at
from runcrew_lint.domains.workflows.expression_facts import Hole, Quoting, Script
from runcrew_lint.domains.workflows.expression_names import names_of
from runcrew_lint.domains.workflows.expressions import pieces
from runcrew_lint.domains.workflows.facts import Pair
from runcrew_lint.domains.workflows.known_actions import action_of, known_action
from runcrew_lint.domains.workflows.nodes import entries, input_of, items, pairs, step_nodes, text, texts
from runcrew_lint.text import Source, Span
from runcrew_lint.tuples import NamedTuple

_SHELLS = frozenset(("bash", "sh", "dash", "zsh"))
_POWERSHELLS = frozenset(("pwsh", "powershell"))
# Inputs that an action runs as JavaScript.
_JAVASCRIPT = {"actions/github-script": "script"}
# Inputs that other actions run, in a machine or a language of their own; those that a shell reads are in
# data/actions.json.
_RUN_BY = {
    "addnab/docker-run-action": ("run", "options"),
    "amadevus/pwsh-script": ("script",),
    "azure/powershell": ("inlinescript",),
    "cardinalby/js-eval-action": ("expression",),
    "jannekem/run-python-script-action": ("script",),
    "mikefarah/yq": ("cmd",),
    "tibdex/backport": ("body_template", "head_template", "labels_template", "title_template"),
    "uraimo/run-on-arch-action": ("run",),
}


class Around(NamedTuple):
    """What a step stands in: the job's id, the language of its scripts, the variables around it."""

    job: str
    language: str
    env: tuple[Pair, ...]


def scripts(source: Source, root: Node, is_action: bool) -> Iterator[Script]:
    """Every script with an expression in it."""
    for around, step in stepped(root, is_action):
        yield from _of_step(source, step, around)


def stepped(root: Node, is_action: bool) -> Iterator[tuple[Around, Mapping]]:
    """Every step, with what it stands in."""
    if is_action:
        for step in step_nodes(at(root, "runs", "steps")):
            if isinstance(step, Mapping) and step.entries:
                yield Around("", "", ()), step
        return
    whole = text_at(root, "defaults", "run", "shell")
    for entry in entries(at(root, "jobs")):
        job = entry.value
        env = (*pairs(at(job, "env")), *pairs(at(root, "env")))
        shell = text_at(job, "defaults", "run", "shell") or whole
        around = Around(str(entry.key.value), language_of(shell) if shell else _usual(job), env)
        for step in step_nodes(at(job, "steps")):
            if isinstance(step, Mapping) and step.entries:
                yield around, step


def language_of(shell: str) -> str:
    """The language that a `shell` reads."""
    name = shell.split(" ")[0].rpartition("/")[2].lower() if shell.strip() else ""
    return "shell" if name in _SHELLS else "powershell" if name in _POWERSHELLS else ""


def _usual(job: Node) -> str:
    """The language of a job's scripts by its runner, where that is said."""
    labels = [
        each.value.lower() for each in (*texts(at(job, "runs-on")), *texts(at(job, "runs-on", "labels")))
    ]
    matrix = at(job, "strategy", "matrix")
    if any("windows" in each for each in labels):
        return "powershell"
    if any("${{" in each for each in labels):
        words = [each for entry in entries(matrix) for each in texts(entry.value)]
        rows = [pair.value for row in items(at(matrix, "include")) for pair in pairs(row)]
        said = [*(each.value for each in words), *rows]
        known = any(each.lower().startswith(("ubuntu", "macos")) for each in said)
        return "shell" if known and not any("windows" in each.lower() for each in said) else ""
    return "shell"


def _of_step(source: Source, step: Mapping, around: Around) -> Iterator[Script]:
    uses = text_at(step, "uses") or ""
    known = known_action(uses) if uses else None
    language, remote = around.language, False
    names: tuple[str, ...] = ("run",)
    holder: Node = step
    if uses:
        others = _RUN_BY.get(action_of(uses), ())
        name = _JAVASCRIPT.get(action_of(uses), known.script.lower() if known else "")
        names = (name,) if name else others
        found = at(step, "with")
        if not isinstance(found, Mapping) or (known and known.reads == "words"):
            return
        holder, language = found, "" if others else "shell"
        if known and known.script and (said := text(input_of(found, "shell"))):
            language = language_of(said.value)
        remote = bool(known and (known.remote or known.contained))
        if action_of(uses) in _JAVASCRIPT:
            language = "javascript"
    elif shell := text_at(step, "shell"):
        language = language_of(shell)
    env = (*pairs(at(step, "env")), *around.env)
    for entry in entries(holder):
        value = entry.value
        if str(entry.key.value).lower() not in names or not isinstance(value, Scalar):
            continue
        holes = tuple(_holes(source, value, language)) if isinstance(value.value, str) else ()
        if holes:
            yield Script(around.job, step.entries[0].key.span, entry.key.span, language, holes, env, remote)


def _holes(source: Source, scalar: Scalar, language: str) -> Iterator[Hole]:
    body = str(scalar.value)
    found = [each for each in pieces(body) if each.is_expression]
    if not found:
        return
    script = spliced(source.text, scalar)
    said = ["other"] * len(found)
    if language == "shell":
        said = quoting(script, [Span(each.start, each.end) for each in found])
    for each, how in zip(found, said, strict=True):
        yield Hole(each.text, script.span(each.start, each.end), names_of(each.text), Quoting(how))
