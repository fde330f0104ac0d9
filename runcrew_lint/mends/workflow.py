"""Mends of GitHub workflows as a whole."""

from __future__ import annotations

import re

from runcrew_lint.documents import yaml
from runcrew_lint.documents.tree import Mapping, Node, Scalar, walk
from runcrew_lint.mends.text import line_end
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Plain, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_TOKEN = lazily(r"github[_.]token|secrets\s*:\s*inherit|toJSON\(\s*(?:github|secrets)\s*\)", re.IGNORECASE)

# Names that a shell or a runner gives a meaning of their own.
_TAKEN = frozenset(("CI", "HOME", "IFS", "LANG", "PATH", "PWD", "SHELL", "TMPDIR", "UID", "USER"))


def restrict_token(_request: MendRequest, source: Source) -> Fix | None:
    """Lets the workflow's token read the code and nothing else, said before `jobs` and its comments.

    Refused where the file mentions the token anywhere, has permissions already, or is no block mapping.
    """
    if _TOKEN.search(source.text):
        return None
    try:
        root = source.derive(yaml.parse)
    except Unreadable:
        return None
    jobs = root.entry("jobs") if isinstance(root, Mapping) else None
    if jobs is None or not isinstance(root, Mapping) or root.entry("permissions"):
        return None
    position = source.position(jobs.key.span.start)
    if position.column != 1 or source.text[root.span.start] == "{":
        return None
    line = position.line
    while line > 1 and source.line(line - 1).startswith("#"):
        line -= 1
    at, end = source.offset(line), line_end(source)
    gap = end if line > 1 and not source.line(line - 1).strip() else ""
    text = f"permissions:{end}  contents: read{end}{gap}"
    return Fix(
        "gives the token `contents: read` alone", Safety.SAFE, (Edit(source.path, Span(at, at), text),)
    )


def through_environment(request: MendRequest, source: Source) -> Fix | None:
    """Moves expressions out of steps' scripts into variables of the steps, quoted where they are used.

    A step stays as it is that is written on one line, whose script stands in quotes, or whose `env` is no
    block map.

    Arguments of the request:
        steps: (start, language, holes) of each: where its first key begins, `shell` or `javascript`, and
            (start, end, inside, quoting, name) of each expression; a name after `=` is a variable that is
            there already.
    """
    told = dict(request.arguments)
    try:
        steps = source.derive(_by_start)
    except Unreadable:
        return None
    rows = told["steps"] if isinstance(told["steps"], tuple) else ()
    edits: list[Edit] = []
    for row in rows:
        start, language, holes = row if isinstance(row, tuple) else (0, "", ())
        step = steps.get(int(str(start)))
        if step is not None and isinstance(holes, tuple):
            edits += _through(source, step, str(language), holes)
    return Fix("hands it over as a variable", Safety.SAFE, tuple(edits)) if edits else None


def _through(source: Source, step: Mapping, language: str, holes: tuple[Plain, ...]) -> list[Edit]:
    """The edits of one step; none where it is refused."""
    scalar = next((each for each in walk(step) if isinstance(each, Scalar) and _holds(each, holes)), None)
    if source.text[step.span.start] == "{" or scalar is None or scalar.style in ("'", '"'):
        return []
    env = step.entry("env")
    if env and (not isinstance(env.value, Mapping) or source.text[env.value.span.start] == "{"):
        return []
    held = env.value.entries if env and isinstance(env.value, Mapping) else ()
    there = {str(each.key.value) for each in held}
    same = {_inside(each.value): str(each.key.value) for each in held}
    names: dict[str, str] = {}
    edits: list[Edit] = []
    for hole in holes:
        start, end, inside, quoting, name = hole if isinstance(hole, tuple) else (0, 0, "", "", "")
        if not isinstance(start, int) or not isinstance(end, int):
            return []
        chosen = str(name).removeprefix("=")
        if str(inside) in same:
            chosen = same[str(inside)]
        elif chosen == str(name):
            chosen = names.setdefault(str(inside), _free(chosen, {*there, *names.values()}, source, scalar))
        edit = _moved(source, start, end, chosen, str(quoting), language)
        if edit is None:
            return []
        edits.append(edit)
    if names:
        lines = [f"{name}: ${{{{ {inside} }}}}" for inside, name in names.items()]
        edits.append(_declared(source, step, lines))
    return edits


def _inside(value: Node) -> str:
    """The expression that a variable is, and nothing else."""
    text = value.value if isinstance(value, Scalar) and isinstance(value.value, str) else ""
    found = re.fullmatch(r"\$\{\{\s*(.*?)\s*\}\}", text)
    return found[1] if found and "}}" not in found[1] else ""


def _by_start(source: Source) -> dict[int, Mapping]:
    """The mappings of a document by where their first keys begin; of several the outermost."""
    found: dict[int, Mapping] = {}
    for node in walk(source.derive(yaml.parse)):
        if isinstance(node, Mapping) and node.entries:
            found.setdefault(node.entries[0].key.span.start, node)
    return found


def _holds(scalar: Scalar, holes: tuple[Plain, ...]) -> bool:
    spans = [each for each in holes if isinstance(each, tuple)]
    return all(
        scalar.span.start <= int(str(each[0])) and int(str(each[1])) <= scalar.span.end for each in spans
    )


def _free(name: str, taken: set[str], source: Source, scalar: Scalar) -> str:
    """The name, or one beside it that neither the step's variables nor the script has."""
    text = source.text[scalar.span.start : scalar.span.end]
    tried, number = name, 2
    while tried in taken or re.search(rf"(?<![\w.]){tried}(?!\w)", text) or tried in _TAKEN:
        tried, number = f"{name}_{number}", number + 1
    return tried


def _moved(source: Source, start: int, end: int, name: str, quoting: str, language: str) -> Edit | None:
    text = source.text
    if language == "javascript":
        before, after = text[start - 1 : start], text[end : end + 1]
        if before not in ("'", '"', "`") or before != after:
            return None
        return Edit(source.path, Span(start - 1, end + 1), f"process.env.{name}")
    braced = re.match(r"[\w\[]", text[end : end + 1] or " ")
    variable = f"${{{name}}}" if braced else f"${name}"
    written = {"bare": f'"${name}"', "single quotes": f"'\"${name}\"'"}.get(quoting, variable)
    return Edit(source.path, Span(start, end), written)


def _declared(source: Source, step: Mapping, lines: list[str]) -> Edit:
    """The variables, as the first of the step's `env`, or as one before the key of its script."""
    end = line_end(source)
    env = step.entry("env")
    if env and isinstance(env.value, Mapping):
        at = env.value.entries[0].key.span.start
        indent = " " * (source.position(at).column - 1)
        return Edit(source.path, Span(at, at), "".join(f"{line}{end}{indent}" for line in lines))
    entry = step.entry("run") or step.entry("with") or step.entries[0]
    at = entry.key.span.start
    indent = " " * (source.position(at).column - 1)
    inner = "".join(f"{indent}  {line}{end}" for line in lines)
    return Edit(source.path, Span(at, at), f"env:{end}{inner}{indent}")


def drop_line(request: MendRequest, source: Source) -> Fix | None:
    """Takes out the line of a key whose value stands at the place; refused where more stands on it."""
    line = source.position(request.place.span.start).line
    text = source.line(line)
    if not re.fullmatch(r"\s*(?:- )?[\w-]+: *\S+\s*", text) or text.lstrip().startswith("- "):
        return None
    start = source.offset(line)
    end = source.offset(line + 1) if line < len(source.line_starts) else len(source.text)
    told = dict(request.arguments)
    return Fix(str(told["title"]), Safety(str(told["safety"])), (Edit(source.path, Span(start, end), ""),))


def let_fail(request: MendRequest, source: Source) -> Fix | None:
    """Takes ` || true` off a command; the place is from the command's end to behind `true`."""
    start, end = request.place.span
    if not re.fullmatch(r"[ \t]*\|\|[ \t]*(?:true|:)", source.text[start:end]):
        return None
    told = dict(request.arguments)
    return Fix(str(told["title"]), Safety(str(told["safety"])), (Edit(source.path, Span(start, end), ""),))


def forget_credentials(request: MendRequest, source: Source) -> Fix | None:
    """Adds `persist-credentials: false` to a checkout; the place is its `uses`.

    Arguments of the request:
        step: where the step's first key begins.
    """
    told = dict(request.arguments)
    try:
        step = source.derive(_by_start).get(int(str(told["step"])))
    except Unreadable:
        return None
    uses = step.entry("uses") if step else None
    if step is None or uses is None or source.text[step.span.start] == "{":
        return None
    title, end = "keeps no credentials", line_end(source)
    held = step.entry("with")
    if held is not None:
        if not isinstance(held.value, Mapping) or not held.value.entries:
            return None
        if source.text[held.value.span.start] == "{":
            return None
        said = held.value.entry("persist-credentials")
        if said is not None:
            return Fix(title, Safety.SAFE, (Edit(source.path, said.value.span, "false"),))
        at = held.value.entries[0].key.span.start
        indent = " " * (source.position(at).column - 1)
        edit = Edit(source.path, Span(at, at), f"persist-credentials: false{end}{indent}")
        return Fix(title, Safety.SAFE, (edit,))
    line = source.position(uses.value.span.end).line
    indent = " " * (source.position(uses.key.span.start).column - 1)
    at_end = line >= len(source.line_starts)
    at = len(source.text) if at_end else source.offset(line + 1)
    gap = end if at_end and not source.text.endswith("\n") else ""
    text = f"{gap}{indent}with:{end}{indent}  persist-credentials: false{end}"
    return Fix(title, Safety.SAFE, (Edit(source.path, Span(at, at), text),))
