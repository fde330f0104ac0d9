"""Steps, and the scripts in them: parsed only where one mentions a command which may deliver."""

from __future__ import annotations

from runcrew_lint.documents import shell
from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.shell_tree import Group, Statement
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.documents.tree import Mapping, Node, Scalar
from runcrew_lint.domains.mentions import mentions
from runcrew_lint.domains.workflows.expressions import pieces
from runcrew_lint.domains.workflows.facts import Run, Step
from runcrew_lint.domains.workflows.known_actions import known_action
from runcrew_lint.domains.workflows.nodes import input_of, pairs, step_nodes, text
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_LINE = lazily(r"[^\r\n]+")


class Scripts:
    """The scripts of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def run(self, scalar: Node | None, by_line: bool = False) -> Run | None:
        """A script with its statements, where it may matter to the delivery map.

        Arguments:
            by_line: each line is run by a shell of its own.
        """
        if not isinstance(scalar, Scalar) or not isinstance(scalar.value, str):
            return None
        body, said = scalar.value, mentions(scalar.value)
        if not any(said):
            return Run(scalar.span, body, said, None)
        holes = [Span(each.start, each.end) for each in pieces(body) if each.is_expression]
        script = spliced(self.source.text, scalar)
        return Run(scalar.span, body, said, _lines(script, holes) if by_line else shell.parse(script, holes))


def _lines(script: Spliced, holes: list[Span]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for line in _LINE.finditer(script.text):
        start, end = line.span()
        inner = [Span(hole.start - start, hole.end - start) for hole in holes if start <= hole.start < end]
        if body := shell.parse(script.cut(start, end), inner):
            found.append(Group("subshell", body))
    return tuple(found)


def steps(node: Node | None, scripts: Scripts) -> tuple[Step, ...]:
    """The steps of a job or of a composite action."""
    found = []
    for index, item in enumerate(step_nodes(node)):
        if not isinstance(item, Mapping) or not item.entries:
            continue
        said = {entry.key.value: entry.value for entry in item.entries}.get
        uses = text(said("uses"))
        script = said("run")
        known = known_action(uses.value) if uses else None
        has_script = known is not None and bool(known.script)
        if known and has_script:
            script = input_of(said("with"), known.script)
        step_id = text(said("id"))
        found.append(
            Step(
                span=item.entries[0].key.span,
                index=index,
                id=step_id.value if step_id else "",
                name=text(said("name")),
                condition=text(said("if")),
                uses=uses,
                run=scripts.run(script, known is not None and known.reads == "lines"),
                inputs=pairs(said("with")),
                env=pairs(said("env")),
                working_directory=text(said("working-directory")),
                shell=text(input_of(said("with"), "shell") if has_script else said("shell")),
                continue_on_error=text(said("continue-on-error")),
                hides_inputs=isinstance(said("with"), Scalar),
            )
        )
    return tuple(found)
