"""Puts a reference in the place of a value that stands in a file."""

from __future__ import annotations

import ast

from runcrew_lint.model.errors import Unreadable
from runcrew_lint.model.mend import Edit, Fix, MendRequest, Safety
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_QUOTES = "\"'"
_PLAIN_ITEM = lazily(r"[\w+/.@:=-]+\Z")


def to_reference(request: MendRequest, source: Source) -> Fix | None:
    """The value's literal becomes the reference that the language reads the variable with.

    Refused where the literal is more than one string, stands inside another, or is in Python's case no
    plain value of an assignment.

    Arguments of the request:
        name: the variable.
        language: python, script, shell, workflow or compose.
    """
    told = {key: str(value) for key, value in request.arguments}
    name, language = told["name"], told["language"]
    span = request.place.span
    if language == "python":
        edits = _python(name, span, source)
    elif language == "script":
        edits = _quoted(span, source, f"process.env.{name}")
    elif language == "shell":
        edits = _valued(span, source, f"${{{name}:?}}")
    elif language == "workflow":
        edits = _valued(span, source, f"${{{{ secrets.{name} }}}}")
    else:
        edits = _valued(span, source, f"${{{name}:?}}")
    return Fix(f"takes {name} from the environment", Safety.UNSAFE, edits) if edits else None


def _whole(span: Span, source: Source) -> Span | None:
    """The literal with its quotes, where one pair of them holds the value alone."""
    before, after = source.text[span.start - 1 : span.start], source.text[span.end : span.end + 1]
    inside = source.text[span.start : span.end]
    if before != after or before not in _QUOTES or not before or before in inside or "\n" in inside:
        return None
    return Span(span.start - 1, span.end + 1)


def _quoted(span: Span, source: Source, reference: str) -> tuple[Edit, ...]:
    whole = _whole(span, source)
    if whole is None or source.text[: whole.start].rstrip()[-1:] not in ("=", ":"):
        return ()
    return (Edit(source.path, whole, reference),)


def _valued(span: Span, source: Source, reference: str) -> tuple[Edit, ...]:
    """A value between quotes or on its own, which a reference may replace as it stands."""
    if not _PLAIN_ITEM.match(source.text[span.start : span.end]):
        return ()
    single = source.text[span.start - 1 : span.start] == "'" == source.text[span.end : span.end + 1]
    if single and not source.path.endswith((".yml", ".yaml")):
        return ()  # a shell fills nothing between single quotes
    return (Edit(source.path, span, reference),)


def _python(name: str, span: Span, source: Source) -> tuple[Edit, ...]:
    whole = _whole(span, source)
    if whole is None:
        return ()
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, Unreadable):
        return ()
    # A name in a function or class that hides `os` would make the rewrite another program: only assignments
    # of a module or class body, in a file whose `os` is the module, are rewritten.
    hidden = any(isinstance(each, ast.Name) and each.id == "os" and isinstance(each.ctx, ast.Store)
                 for each in ast.walk(tree))  # fmt: skip
    line = source.position(whole.start).line
    values = (each.value for each in ast.walk(tree) if isinstance(each, ast.Assign | ast.AnnAssign))
    if hidden or not any(
        isinstance(value, ast.Constant) and value.lineno == line
        and source.offset_of_bytes(value.lineno, value.col_offset) == whole.start for value in values
    ):  # fmt: skip
        return ()
    edits = [Edit(source.path, whole, f'os.environ["{name}"]')]
    if not any(isinstance(each, ast.Import) and any(a.name == "os" and not a.asname for a in each.names)
               for each in tree.body):  # fmt: skip
        at = _imports(tree, source)
        if at is None:
            return ()
        follows = source.text.startswith(("import ", "from "), at)
        edits.insert(0, Edit(source.path, Span(at, at), "import os\n" if follows else "import os\n\n"))
    return tuple(edits)


def _imports(tree: ast.Module, source: Source) -> int | None:
    """Where an import may be added: behind the docstring and the `__future__` imports."""
    at = 0
    for node in tree.body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (is_docstring or is_future):
            break
        end = source.text.find("\n", source.offset_of_bytes(node.end_lineno or 1, node.end_col_offset or 0))
        if end < 0:
            return None
        at = end + 1
    if at == 0 and source.text.startswith("#"):
        for line in source.text.splitlines(keepends=True):
            if not line.startswith("#"):
                break
            at += len(line)
    while source.text.startswith("\n", at):
        at += 1
    return at
