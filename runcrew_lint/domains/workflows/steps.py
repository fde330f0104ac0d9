"""Steps, and the scripts in them: parsed only in a file that mentions a command which may deliver."""

from __future__ import annotations

from runcrew_lint.documents import shell
from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.tree import Mapping, Node, Scalar, at
from runcrew_lint.domains.mentions import mentions
from runcrew_lint.domains.workflows.expressions import pieces
from runcrew_lint.domains.workflows.facts import Run, Step
from runcrew_lint.domains.workflows.nodes import items, pairs, text
from runcrew_lint.text import Source, Span

# Actions that run a shell command they are given: action (without its ref) -> the input.
# Sources: the action.yml of expo/expo-github-action 8 and 9, and of nick-fields/retry 3.
COMMAND_INPUTS = {
    "expo/expo-github-action/preview": "command",
    "expo/expo-github-action/preview-build": "command",
    "nick-fields/retry": "command",
    "nick-invision/retry": "command",
}


class Scripts:
    """The scripts of one file; `relevant` says whether any of them may deliver."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.relevant = mentions(source.text).leads_on

    def run(self, scalar: Node | None) -> Run | None:
        """A script with its statements, where it may matter to the delivery map."""
        if not isinstance(scalar, Scalar) or not isinstance(scalar.value, str):
            return None
        body, said = scalar.value, mentions(scalar.value)
        if not self.relevant or not any(said):
            return Run(scalar.span, body, said, None)
        holes = [Span(each.start, each.end) for each in pieces(body) if each.is_expression]
        return Run(scalar.span, body, said, shell.parse(spliced(self.source.text, scalar), holes))


def action_of(uses: str) -> str:
    """`owner/name/path` of a `uses`, without its ref."""
    return uses.partition("@")[0].lower()


def steps(node: Node | None, scripts: Scripts) -> tuple[Step, ...]:
    """The steps of a job or of a composite action."""
    found = []
    for index, item in enumerate(items(node)):
        if not isinstance(item, Mapping) or not item.entries:
            continue
        uses = text(at(item, "uses"))
        script = at(item, "run")
        if uses and action_of(uses.value) in COMMAND_INPUTS:
            script = at(item, "with", COMMAND_INPUTS[action_of(uses.value)])
        step_id = text(at(item, "id"))
        found.append(
            Step(
                span=item.entries[0].key.span,
                index=index,
                id=step_id.value if step_id else "",
                name=text(at(item, "name")),
                condition=text(at(item, "if")),
                uses=uses,
                run=scripts.run(script),
                inputs=pairs(at(item, "with")),
                env=pairs(at(item, "env")),
                working_directory=text(at(item, "working-directory")),
                shell=text(at(item, "shell")),
                continue_on_error=text(at(item, "continue-on-error")),
            )
        )
    return tuple(found)
