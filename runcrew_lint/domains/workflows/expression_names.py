"""What the names in an expression mean at their place: known contexts, functions and properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from runcrew_lint.domains.workflows.availability import (
    ARGUMENTS,
    CONTEXTS,
    PAYLOADS,
    PROPERTIES,
    STATUS,
    Available,
)
from runcrew_lint.domains.workflows.expressions import (
    Binary,
    Call,
    Context,
    Expression,
    ExpressionError,
    Literal,
    Not,
    Property,
    Star,
    parse,
    pieces,
)
from runcrew_lint.frozen import frozen
from runcrew_lint.nearest import nearest
from runcrew_lint.tuples import NamedTuple

Names = frozenset[str] | None  # lower case; None where any name may be there
Ids = Mapping[str, int]  # those of a job's steps, lower case, with the first place of each
NONE: frozenset[str] = frozenset()


@frozen
class Known:
    """What is defined where an expression stands.

    Arguments:
        jobs: the outputs of every job of the workflow, by id; None where a called workflow decides.
        needs: the ids that this job waits for, and those that these wait for are not among them.
        steps: the ids of the job's steps; `step` is the place of the one that asks, None behind the last.
        matrix: the matrix's names; None where it is made when it runs.
        inputs: what the workflow or action declares; None where it is not said.
        dispatched: what `github.event.inputs` may hold.
        services: the job's services.
        brought: which objects the events bring under `github.event`, among those that only some of them do;
            None where the event is not known, or an empty one is no mistake.
    """

    jobs: Mapping[str, Names]
    needs: frozenset[str] = NONE
    steps: Ids = MappingProxyType({})
    step: int | None = None
    matrix: Names = NONE
    inputs: Names = NONE
    dispatched: Names = None
    services: Names = NONE
    secrets: Names = None
    brought: Names = None

    def before_step(self, step: str | int, ids: Ids) -> Known:
        """The same for the step at an index; what is no index is behind the last one."""
        return replace(self, steps=ids, step=step if isinstance(step, int) else None)

    def has_run(self, name: str) -> bool:
        """Whether a step of that id ran before."""
        place = self.steps.get(name)
        return place is not None and (self.step is None or place < self.step)


class Wrong(NamedTuple):
    """What is wrong at an offset of the expression; `near` is the name that was probably meant.

    `idle` says that nothing may be meant to be there, or that something else is given where it is empty.
    """

    at: int
    message: str
    near: str = ""
    idle: bool = False


def parts(tree: Expression) -> Iterator[Expression]:
    """Every part of a tree, the whole first."""
    stack: list[Expression] = [tree]
    while stack:
        part = stack.pop()
        yield part
        if isinstance(part, Call):
            stack.extend(reversed(part.arguments))
        elif isinstance(part, Binary):
            stack += (part.right, part.left)
        elif isinstance(part, (Not, Star)):
            stack.append(part.of)
        elif isinstance(part, Property):
            stack += (part.key, part.of)


def paths(tree: Expression) -> Iterator[tuple[Context, tuple[str, ...]]]:
    """Every context that is read with the names behind it, lower case; what is computed is `*`."""
    if isinstance(tree, (Context, Property, Star)):
        names: list[str] = []
        step: Expression = tree
        while isinstance(step, (Property, Star)):
            literal = isinstance(step, Property) and isinstance(step.key, Literal)
            names.append(str(step.key.value).lower() if literal else "*")  # type: ignore[union-attr]
            if isinstance(step, Property) and not literal:
                yield from paths(step.key)
            step = step.of
        if isinstance(step, Context):
            yield step, tuple(reversed(names))
        else:
            yield from paths(step)
    elif isinstance(tree, Call):
        for each in tree.arguments:
            yield from paths(each)
    elif isinstance(tree, Binary):
        yield from paths(tree.left)
        yield from paths(tree.right)
    elif isinstance(tree, Not):
        yield from paths(tree.of)


# Functions whose answer says nothing of their arguments but yes or no, or a digest.
_ASKING = frozenset(("contains", "startswith", "endswith", "hashfiles"))


def flowing(tree: Expression) -> Iterator[tuple[Context, tuple[str, ...]]]:
    """The contexts whose values may become the value of the whole, in the form of `paths`."""
    if isinstance(tree, Binary):
        if tree.operator == "||":
            yield from flowing(tree.left)
        if tree.operator in ("&&", "||"):
            yield from flowing(tree.right)
    elif isinstance(tree, Call):
        if tree.name == "case":
            for each in (*tree.arguments[1::2], *tree.arguments[-1:]):
                yield from flowing(each)
        elif tree.name not in _ASKING:
            for each in tree.arguments:
                yield from flowing(each)
    elif isinstance(tree, (Context, Property, Star)):
        yield from paths(tree)


def names_in(text: str) -> tuple[str, ...]:
    """The contexts whose values may become a text with `${{ }}`, as lower-case paths joined by dots."""
    found: list[str] = []
    for piece in pieces(text):
        if piece.is_expression:
            found += names_of(piece.text)
    return tuple(found)


def names_of(expression: str) -> tuple[str, ...]:
    """The same of one expression, without its braces."""
    try:
        tree = parse(expression)
    except ExpressionError:
        return ()
    return tuple(".".join((context.name, *names)) for context, names in flowing(tree))


def wrongs(text: str, available: Available, known: Known) -> Iterator[Wrong]:
    """What GitHub refuses in an expression at its place, and what is always empty there.

    Errors:
        ExpressionError where the text is none.
    """
    calls, read, cared_for, is_alone = _named(text)
    for call in calls:
        yield from _function(call, available)
    for context, names in read:
        refused = _context(context, available)
        # Beside `||`, in a comparison or a call, what is empty under this event is there for another's sake.
        here = known if is_alone else replace(known, brought=None)
        wrong = refused or _property(context, names, here)
        if wrong:
            is_idle = refused is None and not wrong.near and context.at in cared_for
            yield wrong._replace(idle=wrong.idle or (is_idle and context.name in ("matrix", "inputs")))


@lru_cache(maxsize=4096)
def _named(
    text: str,
) -> tuple[tuple[Call, ...], tuple[tuple[Context, tuple[str, ...]], ...], frozenset[int], bool]:
    """The calls of an expression, the contexts that it reads, where those stand for which `||` gives
    something else, and whether it is a name alone: most expressions stand in many places.
    """
    tree = parse(text)
    calls = tuple(part for part in parts(tree) if isinstance(part, Call)) if "(" in text else ()
    lefts = [part.left for part in parts(tree) if isinstance(part, Binary) and part.operator == "||"]
    named = (each for left in lefts if isinstance(left, Property) for each, _ in paths(left))
    return calls, tuple(paths(tree)), frozenset(each.at for each in named), isinstance(tree, Property)


def _function(call: Call, available: Available) -> Iterator[Wrong]:
    bounds = ARGUMENTS.get(call.name)
    if bounds is None:
        near = nearest(call.name, ARGUMENTS)
        hint = f"; did you mean `{near}`?" if near else ""
        yield Wrong(call.at, f"there is no function `{call.name}`{hint}", near)
        return
    if (call.name in STATUS or call.name == "hashfiles") and call.name not in available.functions:
        yield Wrong(call.at, f"`{call.name}()` can't be used in {available.where}")
        return
    least, most = (0, available.jobs) if call.name in ("success", "failure") else bounds
    if not least <= len(call.arguments) <= most:
        said = str(least) if least == most else f"{least} to {most}" if most < 255 else f"{least} or more"
        yield Wrong(call.at, f"`{call.name}` takes {said} arguments and gets {len(call.arguments)}")
    elif call.name == "case" and len(call.arguments) % 2 == 0:
        yield Wrong(call.at, "`case` takes pairs of a question and a value, and one more value for the rest")


def _context(context: Context, available: Available) -> Wrong | None:
    name = context.name
    if name in available.contexts:
        return None
    if name not in CONTEXTS:
        near = nearest(name, sorted(available.contexts))
        hint = f"; did you mean `{near}`?" if near else ": a text stands in single quotes"
        return Wrong(context.at, f"there is no context `{name}`{hint}", near)
    instead = ", ".join(sorted(available.contexts))
    hint = f"there are {instead}"
    if name == "secrets":
        hint = "hand the secret to `env` and ask for that variable, or pass it on as an input"
    elif name == "env":
        hint = f"there are {instead}; a value that never changes can be a variable of the repository (`vars`)"
    return Wrong(context.at, f"`{name}` can't be read in {available.where}: {hint}")


def _property(context: Context, names: tuple[str, ...], known: Known) -> Wrong | None:
    if not names or names[0] == "*":
        return None
    head, first = context.name, names[0]
    if head in PROPERTIES:
        if first not in PROPERTIES[head]:
            return _missing(context, first, PROPERTIES[head], f"`{head}` has no `{first}`")
        if head == "github" and names[:3] == ("event", "inputs", *names[2:3]) and len(names) > 2:
            return _among(context, names[2], known.dispatched, "no input `{}` of a manual run is declared")
        if head == "github" and first == "event" and len(names) > 2:
            return _of_event(context, names[1], known)
        return None
    if head == "needs":
        return _needs(context, names, known)
    if head == "jobs":
        return _job(context, names, known, "jobs")
    if head == "steps":
        return _step(context, names, known)
    if head == "matrix":
        return _among(context, first, known.matrix, "the job's matrix has no `{}`")
    if head == "inputs":
        return _among(context, first, known.inputs, "no input `{}` is declared")
    if head == "secrets" and first != "github_token":
        return _among(context, first, known.secrets, "no secret `{}` is handed to this workflow")
    return None


def _of_event(context: Context, name: str, known: Known) -> Wrong | None:
    if known.brought is None or name not in PAYLOADS or name in known.brought:
        return None
    message = f"no event that starts this workflow brings a `github.event.{name}`, so this is always empty"
    return Wrong(context.at, message, idle=True)  # as often left over from an event that was taken out


def _among(context: Context, name: str, names: Names, message: str) -> Wrong | None:
    if names is None or name in names or name == "*":
        return None
    return _missing(context, name, names, message.format(name))


def _missing(context: Context, name: str, names: frozenset[str], message: str) -> Wrong:
    near = nearest(name, sorted(names))
    hint = f" (did you mean `{near}`?)" if near else ""
    return Wrong(context.at, f"{message}{hint}, so this is always empty", near)


def _needs(context: Context, names: tuple[str, ...], known: Known) -> Wrong | None:
    name = names[0]
    if name not in known.needs:
        if name in known.jobs:
            return Wrong(
                context.at,
                f"the job does not wait for `{name}`, so `needs.{name}` is always empty: add it to `needs`",
            )
        return _missing(context, name, known.needs, f"there is no job `{name}` among this job's `needs`")
    return _job(context, names, known, "needs")


def _job(context: Context, names: tuple[str, ...], known: Known, head: str) -> Wrong | None:
    name = names[0]
    if name not in known.jobs:
        return _missing(context, name, frozenset(known.jobs), f"there is no job `{name}`")
    if len(names) > 1 and names[1] not in ("outputs", "result", "*"):
        return Wrong(
            context.at,
            f"`{head}.{name}` has `outputs` and `result` and no `{names[1]}`, so this is always empty",
        )
    outputs = known.jobs[name]
    if len(names) > 2 and names[1] == "outputs" and outputs is not None and names[2] not in (*outputs, "*"):
        return _missing(context, names[2], outputs, f"the job `{name}` has no output `{names[2]}`")
    return None


def _step(context: Context, names: tuple[str, ...], known: Known) -> Wrong | None:
    name = names[0]
    if not known.has_run(name):
        if name in known.steps:
            return Wrong(
                context.at, f"the step `{name}` has not run yet here, so `steps.{name}` is always empty"
            )
        before = frozenset(filter(known.has_run, known.steps))
        return _missing(context, name, before, f"no step before this one has the id `{name}`")
    if len(names) > 1 and names[1] not in ("outputs", "conclusion", "outcome", "*"):
        return Wrong(
            context.at,
            f"`steps.{name}` has `outputs`, `outcome` and `conclusion` and no `{names[1]}`, so this is "
            "always empty",
        )
    return None
