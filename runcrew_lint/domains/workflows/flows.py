"""What a workflow hands from one place to another by name: outputs of steps and jobs, values of a matrix.

Source: docs.github.com, "Passing information between jobs" and "Workflow commands", on GITHUB_OUTPUT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents import shell
from runcrew_lint.documents.scalars import spliced
from runcrew_lint.documents.shell_tree import PartKind, Redirected, Simple, Word
from runcrew_lint.documents.tree import Mapping, Node, Scalar, Sequence, at, text_at
from runcrew_lint.domains.shell_scripts import simple_commands, statements_in
from runcrew_lint.domains.workflows.expression_facts import Flow
from runcrew_lint.domains.workflows.expression_names import names_in, names_of
from runcrew_lint.domains.workflows.facts import Pair
from runcrew_lint.domains.workflows.known_actions import action_of
from runcrew_lint.domains.workflows.nodes import entries, items, pairs
from runcrew_lint.domains.workflows.scripts import Around, stepped
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_FILE = "GITHUB_OUTPUT"
FETCHED = "fetched"  # the source of what a script asks GitHub for: an issue, a pull request, its comments
_ASKS_GITHUB = lazily(
    r"\b(?:issues|pulls)\.(?:get|list|listComments|getComment|listReviews|listReviewComments|getReview)\(|\bgraphql\("
)
_SCRIPTED = ("actions/github-script",)
_NAMED = lazily(r"\s*([\w-]+)=")


def flows(source: Source, root: Node, is_action: bool) -> Iterator[Flow]:
    """Each name that is filled with something that an expression made."""
    for around, step in stepped(root, is_action):
        if text_at(step, "id"):
            yield from _of_step(source, step, around)
    for entry in () if is_action else entries(at(root, "jobs")):
        job = str(entry.key.value).lower()
        for pair in pairs(at(entry.value, "outputs")):
            yield from _flow("", f"needs.{job}.outputs.{pair.name}", names_in(pair.value), job)
        matrix = at(entry.value, "strategy", "matrix")
        for axis in entries(matrix):
            rows = items(axis.value) if str(axis.key.value) == "include" else ()
            for pair in (pair for row in rows for pair in pairs(row)):
                yield from _flow(job, f"matrix.{pair.name}", names_in(pair.value), job)
            for text in _texts(axis.value) if not rows else ():
                yield from _flow(job, f"matrix.{axis.key.value}", names_in(text), job)


def _flow(job: str, name: str, sources: tuple[str, ...], where: str) -> Iterator[Flow]:
    if sources:
        yield Flow(job, name.lower(), sources, where)


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item)


def _of_step(source: Source, step: Mapping, around: Around) -> Iterator[Flow]:
    """What a step writes to its outputs: an expression, or a variable that one made, or what it fetched."""
    asked = text_at(step, "with", "script") if action_of(text_at(step, "uses") or "") in _SCRIPTED else None
    if asked and _ASKS_GITHUB.search(asked):
        yield Flow(
            around.job.lower(),
            f"steps.{text_at(step, 'id')}.outputs.result".lower(),
            (FETCHED,),
            around.job.lower(),
        )
    script = at(step, "run")
    if not isinstance(script, Scalar) or not isinstance(script.value, str) or _FILE not in script.value:
        return
    given = (*pairs(at(step, "env")), *around.env)
    job = around.job.lower()
    holes = [Span(found.start(), found.end()) for found in re.finditer(r"\$\{\{.*?\}\}", script.value)]
    for each in statements_in(shell.parse(spliced(source.text, script), holes)):
        if not isinstance(each, Redirected) or not any(_goes_out(target) for target in each.targets):
            continue
        for command in simple_commands(each.body):
            for name, word in _written(command):
                sources = tuple(dict.fromkeys(_sources(word, given)))
                yield from _flow(job, f"steps.{text_at(step, 'id')}.outputs.{name}", sources, job)


def _goes_out(target: Word) -> bool:
    return any(part.kind is PartKind.VARIABLE and part.text == _FILE for part in target.parts)


def _written(command: Simple) -> Iterator[tuple[str, Word]]:
    """The outputs that `echo name=value` or `printf` writes."""
    if command.words and command.words[0].literal in ("echo", "printf"):
        for word in command.words[1:]:
            named = _NAMED.match(word.parts[0].text) if word.parts else None
            if named and word.parts[0].kind is PartKind.TEXT:
                yield named[1], word


def _sources(word: Word, given: tuple[Pair, ...]) -> Iterator[str]:
    for part in word.parts:
        if part.kind is PartKind.HOLE:
            yield from names_of(part.text)
        elif part.kind is PartKind.VARIABLE:
            pair = next((each for each in given if each.name == part.text), None)
            yield from names_in(pair.value) if pair else ()
