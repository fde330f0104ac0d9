"""Makefile and justfile to `Recipes`.

Sources: GNU make's manual (rules, recipes, `$(NAME)`, `$$`) and just's README (recipes, parameters,
dependencies, `{{ }}`). What decides when make runs (functions, conditionals, includes) is not followed: a
variable that is set so is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runcrew_lint.documents import shell
from runcrew_lint.documents.shell_tree import Group, Statement
from runcrew_lint.documents.spliced import Spliced
from runcrew_lint.domains.delivery.facts import Recipe, Recipes, Variable
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.mentions import mentions
from runcrew_lint.domains.shell_scripts import drawn_in
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

MAX_RECIPES = 500

_MAKE_VARIABLE = lazily(r"(?:export\s+|override\s+)?([A-Za-z_][\w.-]*)\s*(\?=|::?:?=|\+=|!=|=)[ \t]*(.*)")
_MAKE_RULE = lazily(r"([^\s:#=][^:#=]*?)\s*::?(?!=)\s*([^#;=|]*)(?:\|[^#;=]*)?(?:;(.*))?")
_MAKE_COMMENT = lazily(r"(?<=[ \t])#")
_MAKE_HOLE = lazily(r"\$(?:\(([^()$]*)\)|\{([^{}$]*)\}|([@<^*?%+]))")
_JUST_VARIABLE = lazily(r"(?:export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(.*)")
_JUST_RECIPE = lazily(
    r"@?([A-Za-z_][\w-]*)((?:\s+[+*$]*[A-Za-z_][\w-]*(?:=(?:'[^']*'|\"[^\"]*\"|\S+))?)*)\s*:(?!=)(.*)"
)
_JUST_PARAMETER = lazily(r"[+*$]*([A-Za-z_][\w-]*)(?:=(?:'([^']*)'|\"([^\"]*)\"|(\S+)))?")
_JUST_HOLE = lazily(r"\{\{(?!\{)\s*+(.*?)\s*+\}\}")

# Recipes may come from elsewhere: an include, a rule for a pattern, a name that is computed, a module, or a
# justfile above.
_MAKE_OPEN = lazily(
    r"^[-s]?include\b|^define\b|^\$[({](?:eval|foreach|call)|^(?=[^\s#:=][^#:=\n]*:(?!=))[^#:=\n]*[%$]", re.M
)
_JUST_OPEN = lazily(r"^(?:(?:import|mod|!include)\b|set\s+fallback\s*(?::=\s*true\s*)?$)", re.M)

_MARKS = "@-+ "  # what a line may begin with: unsaid, may fail, in a dry run, too
# A shell or options of its own for the lines, or a failure that counts otherwise.
_OWN_SHELL = lazily(
    r"^\.(?:SHELLFLAGS|ONESHELL|IGNORE|POSIX)\b|^[ \t]*(?:export[ \t]+)?MAKEFLAGS\b"
    r"|^set\s+(?:windows-)?shell\b|^[ \t]+#!\S[^\n]*[ \t]-\w*e",
    re.MULTILINE,
)

# The same, with a word on pipes: `SHELL = bash -o pipefail`, `set shell := ["bash", "-euo", "pipefail"]`.
_COUNTS_PIPES = lazily(
    r"^(?:(?:export[ \t]+|override[ \t]+)?(?:SHELL|\.SHELLFLAGS)[ \t]*[:?+]*=|set[ \t]+shell\b)"
    r".*\bpipefail\b",
    re.MULTILINE,
)
_STOPS = lazily(r"[\s\"'=]-\w*e")

Line = tuple[int, str]  # where it begins, without its end


def read(source: Source, reading: Reading) -> Recipes:
    """The recipes of one file."""
    name = source.path.rpartition("/")[2].lower()
    is_just = "just" in name
    found = _just(source) if is_just else _make(source)
    directory = source.path.rpartition("/")[0]
    blocks = (each.statements for each in found[1])
    return Recipes(
        source.path,
        "just" if is_just else "make",
        tuple(found[0]),
        tuple(found[1]),
        drawn_in(blocks, (directory,), reading),
        bool((_JUST_OPEN if is_just else _MAKE_OPEN).search(source.text)),
        _shell(source.text),
    )


def _shell(text: str) -> str:
    if said := _COUNTS_PIPES.search(text):
        return f"bash -{'e' if _STOPS.search(said[0]) else ''}o pipefail {{0}}"
    return "" if _OWN_SHELL.search(text) else "sh {0}"


def _lines(text: str) -> Iterator[Line]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, line.rstrip("\r\n")
        at += len(line)


def _make(source: Source) -> tuple[list[Variable], list[Recipe]]:
    variables: list[Variable] = []
    recipes: list[Recipe] = []
    heads: list[tuple[str, Span, tuple[str, ...]]] = []
    body: list[list[Line]] = []

    def close() -> None:
        statements, ignored = _statements(source.text, body, _MAKE_HOLE, "$$")
        for name, span, needs in heads:
            recipes.append(Recipe(name, span, (), needs, statements, ignored))
        heads.clear()
        body.clear()

    continued = False
    for at, line in _lines(source.text):
        if line.startswith("\t") or continued:
            if continued and body:
                body[-1].append((at, line))
            elif heads:
                body.append([(at, line)])
            continued = line.endswith("\\")
            continue
        if not line.strip() or line.startswith("#"):
            continue
        close()
        if len(recipes) >= MAX_RECIPES:
            break
        if found := _MAKE_VARIABLE.fullmatch(line.strip()):
            kept = found[2] in ("=", ":=", "::=", ":::=", "?=")
            variables.append(Variable(found[1], found[3].split("#")[0].strip() if kept else None))
        elif found := _MAKE_RULE.fullmatch(_MAKE_COMMENT.split(line, 1)[0].rstrip()):
            needs = tuple(found[2].split())
            span = Span(at, at + len(found[1]))
            heads += [(name, span, needs) for name in found[1].split() if name != ".PHONY"]
            if found[3]:
                start = at + found.start(3)
                body.append([(start, found[3])])
    close()
    return variables, recipes


def _just(source: Source) -> tuple[list[Variable], list[Recipe]]:
    variables: list[Variable] = []
    recipes: list[Recipe] = []
    head: tuple[str, Span, tuple[Variable, ...], tuple[str, ...]] | None = None
    body: list[Line] = []

    def close() -> None:
        if head:
            script = bool(body) and body[0][1].lstrip().startswith("#!")
            blocks = [body] if script else [[line] for line in body]
            statements, ignored = _statements(source.text, blocks, _JUST_HOLE, "{{{{", script)
            recipes.append(Recipe(*head, statements, ignored))
        body.clear()

    for at, line in _lines(source.text):
        if line[:1] in (" ", "\t") and head:
            if line.strip():
                body.append((at, line))
            continue
        if not line.strip() or line.startswith(("#", "[")):
            continue
        close()
        head = None
        if len(recipes) >= MAX_RECIPES:
            break
        if found := _JUST_VARIABLE.fullmatch(line.strip()):
            text = re.fullmatch(r"'([^']*)'|\"([^\"\\]*)\"", found[2].strip())
            variables.append(Variable(found[1], (text[1] or text[2] or "") if text else None))
        elif found := _JUST_RECIPE.fullmatch(line):
            parameters = tuple(
                Variable(each[1], next((part for part in each.groups()[1:] if part is not None), None))
                for each in _JUST_PARAMETER.finditer(found[2])
            )
            needs = tuple(re.findall(r"\(?([A-Za-z_][\w-]*)", found[3].split("&&")[0]))
            start = at + found.start(1)
            head = found[1], Span(start, start + len(found[1])), parameters, needs
    close()
    return variables, recipes


def _statements(
    text: str, blocks: list[list[Line]], hole: re.Pattern[str], doubled: str, script: bool = False
) -> tuple[tuple[Statement, ...], tuple[int, ...]]:
    """The statements of a recipe's lines, and which of them may fail."""
    found: list[Statement] = []
    ignored: list[int] = []
    for lines in blocks:
        parsed = _parsed(text, lines, hole, doubled, script)
        line = lines[0][1].lstrip(" \t")
        if parsed and not script and "-" in line[: len(line) - len(line.lstrip(_MARKS))]:
            ignored.append(len(found))
        found += parsed
    return tuple(found), tuple(ignored)


def _parsed(
    text: str, lines: list[Line], hole: re.Pattern[str], doubled: str, script: bool = False
) -> tuple[Statement, ...]:
    """A recipe's line, continued or not, as the shell gets it: a shell of its own for each."""
    pieces: list[Span] = []
    for index, (at, line) in enumerate(lines):
        start = at + len(line) - len(line.lstrip(" \t"))
        if index == 0 and not script:
            start += len(text[start : at + len(line)]) - len(text[start : at + len(line)].lstrip(_MARKS))
        end = at + len(line)
        while (double := text.find(doubled, start, end)) >= 0:  # `$$` is one `$`
            pieces.append(Span(start, double + len(doubled) // 2))
            start = double + len(doubled)
        pieces.append(Span(start, end + (1 if index < len(lines) - 1 else 0)))
    joined = Spliced.join(text, pieces)
    if not mentions(joined.text).leads_on and "cd " not in joined.text:
        return ()
    holes = [Span(*each.span()) for each in hole.finditer(joined.text)]
    return (Group("subshell", shell.parse(joined, holes)),)
