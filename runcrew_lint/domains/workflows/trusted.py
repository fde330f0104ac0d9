"""Conditions that let a bot do more, and know it by who set off the event.

Source: docs.github.com, "Contexts": `github.actor` is the account that triggered the run. A bot can be made
to push to a stranger's branch or to reopen it (`@dependabot recreate`); who opened it never changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents.tree import Node, Scalar, at
from runcrew_lint.domains.workflows.expression_facts import Condition
from runcrew_lint.domains.workflows.expression_names import paths
from runcrew_lint.domains.workflows.expressions import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Literal,
    Not,
    parse,
    pieces,
)
from runcrew_lint.domains.workflows.nodes import entries, step_nodes, texts
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source
from runcrew_lint.tuples import NamedTuple

# Strangers' pull requests start it with the rights of the repository itself.
_EVENT = "pull_request_target"
_AUTHOR = "github.event.pull_request.user.login"
_ACTORS = ("github.actor", "github.triggering_actor", "github.event.sender.login")
_NUMBERS = ("github.actor_id", "github.event.sender.id")
# Accounts by number (api.github.com/users/<name>).
_NUMBERED = {"49699333": "dependabot[bot]", "29139614": "renovate[bot]", "41898282": "github-actions[bot]"}
_BOT = lazily(r"bot\b|\[bot\]|dependabot|renovate", re.IGNORECASE)
# What a stranger's pull request does not pass, whoever pushed last.
_SOUND = lazily(r"pull_request\.(?:user\.|head\.repo\b|author_association)|\bmerged\b", re.IGNORECASE)
_ACTOR = lazily(r"\bgithub\.(?:actor|triggering_actor|event\.sender\.login)\b", re.IGNORECASE)
_NAMED = lazily(r"\bgithub\b.*(?:actor|sender)", re.IGNORECASE | re.DOTALL)


_ALIKE = (
    "anybody can make an account whose name has `{0}` in it: its pull request passes for the bot's own, with "
    "this workflow's token"
)


def trusted(source: Source, root: Node) -> Iterator[Condition]:
    """One condition a job or step that takes the actor's word for the author's."""
    on = at(root, "on")
    events = {*(str(each.key.value) for each in entries(on)), *(each.value for each in texts(on))}
    types = {each.value for each in texts(at(on, _EVENT, "types"))}
    if _EVENT not in events:
        return
    for job in entries(at(root, "jobs")):
        asked = _if(job.value)
        if asked is not None and _SOUND.search(str(asked.value)):
            continue
        for holder in (job.value, *step_nodes(at(job.value, "steps"))):
            found = _if(holder)
            bot = _believed(str(found.value)) if found is not None else None
            if found is None or bot is None:
                continue
            if types != {"opened"}:
                yield _condition(source, found, bot.name, events == {_EVENT})
            elif bot.is_part:  # who opens a pull request is its author
                yield Condition(found.span, "actor", _ALIKE.format(bot.name))


def _if(holder: Node) -> Scalar | None:
    found = at(holder, "if")
    return found if isinstance(found, Scalar) and isinstance(found.value, str) else None


class _Bot(NamedTuple):
    """A bot's name, and whether an account of anybody's with that name in its own passes, too."""

    name: str
    is_part: bool


def _believed(text: str) -> _Bot | None:
    """The bot that a condition lets pass by the actor's name."""
    if _SOUND.search(text) or not _NAMED.search(text):
        return None
    found = pieces(text)
    inner = found[0].text if len(found) == 1 and found[0].is_expression else text
    try:
        bots = list(_bots(parse(inner.strip())))
    except ExpressionError:
        return None
    return next((each for each in bots if each.is_part), bots[0] if bots else None)


def _bots(tree: Expression) -> Iterator[_Bot]:
    """The bots that make it true; what stands behind `!` keeps them out."""
    if isinstance(tree, Not):
        return
    if isinstance(tree, Binary) and tree.operator in ("&&", "||"):
        yield from _bots(tree.left)
        yield from _bots(tree.right)
        return
    sides: tuple[Expression, ...] = ()
    if isinstance(tree, Binary) and tree.operator == "==":
        sides = (tree.left, tree.right)
    elif isinstance(tree, Call) and tree.name in ("contains", "startswith", "endswith"):
        sides = tree.arguments
    asked = {".".join((head.name, *rest)).lower() for each in sides for head, rest in paths(each)}
    literals = [each.value for each in sides if isinstance(each, Literal)]
    if asked.intersection(_NUMBERS) and isinstance(tree, Binary):
        yield from (
            _Bot(number, False)
            for each in literals
            if (number := _NUMBERED.get(str(each).removesuffix(".0")))
        )
        return
    asks = asked.intersection(_ACTORS)
    names = [each for each in literals if isinstance(each, str)]
    # No account of a person's has a bracket in its name.
    yield from (
        _Bot(name, isinstance(tree, Call) and "[" not in name) for name in names if asks and _BOT.search(name)
    )


def _condition(source: Source, scalar: Scalar, name: str, alone: bool) -> Condition:
    written = source.text[scalar.span.start : scalar.span.end]
    return Condition(
        scalar.span,
        "actor",
        f"the actor is who set off the event last, not who wrote the change: a stranger's pull request that "
        f"`{name}` is made to push to passes for its own, with this workflow's token",
        written,
        _ACTOR.sub(_AUTHOR, written) if alone else "",
    )
