"""Which reader a file's pairs are read with; structure is read only where a hit could have a value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from enum import Enum

from runcrew_lint.documents import json
from runcrew_lint.documents.tree import Mapping, Node, Scalar
from runcrew_lint.domains.secrets import assignments, python_pairs, script_pairs, tree_pairs
from runcrew_lint.domains.secrets.assignments import Syntax
from runcrew_lint.domains.secrets.doubt import Convicts, is_inside, python_doubt, script_doubt, tree_doubt
from runcrew_lint.domains.secrets.pairs import Pair
from runcrew_lint.domains.secrets.scan import Hit
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source


class Format(Enum):
    """How a file is read for pairs."""

    PYTHON = "python"
    YAML = "yaml"
    JSON = "json"
    MARKDOWN = "markdown"
    TABLES = "tables"  # lines under [headers]
    ENV = "env"
    SHELL = "shell"
    DOCKER = "docker"
    GRADLE = "gradle"
    SQL = "sql"
    PROPERTIES = "properties"
    XCCONFIG = "xcconfig"
    HCL = "hcl"
    SCRIPT = "script"
    CODE = "code"


# Characters; a larger document is read at its hits alone. JSON's reader is Python, YAML's is C.
_LARGEST = {Format.YAML: 1_000_000, Format.JSON: 250_000}
_MOST_WITHIN = 8  # names looked at within the value of another
_BY_EXTENSION = {
    **dict.fromkeys(("py", "pyi"), Format.PYTHON),
    **dict.fromkeys(("yml", "yaml"), Format.YAML),
    **dict.fromkeys(("json", "json5", "jsonc", "ipynb"), Format.JSON),
    **dict.fromkeys(("md", "mdx", "markdown"), Format.MARKDOWN),
    **dict.fromkeys(("toml", "ini", "cfg", "conf", "cnf", "npmrc", "pypirc"), Format.TABLES),
    **dict.fromkeys(("sh", "bash", "zsh", "fish", "mk", "ps1", "bat"), Format.SHELL),
    **dict.fromkeys(("gradle", "kts"), Format.GRADLE),
    **dict.fromkeys(("tf", "tfvars", "hcl", "nomad"), Format.HCL),
    **dict.fromkeys(("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts"), Format.SCRIPT),
    "properties": Format.PROPERTIES,
    "xcconfig": Format.XCCONFIG,
    "sql": Format.SQL,
    "dockerfile": Format.DOCKER,
    "env": Format.ENV,
    "envrc": Format.SHELL,
}
_SHELL_NAMES = frozenset({"makefile", "procfile", "vagrantfile", ".bashrc", ".profile", ".zshrc"})
_SYNTAX = {
    Format.PYTHON: assignments.CODE,
    Format.YAML: assignments.LINES,
    Format.JSON: assignments.CODE,
    Format.MARKDOWN: assignments.SHELL,
    Format.TABLES: assignments.LINES,
    Format.ENV: assignments.ENV,
    Format.SHELL: assignments.SHELL,
    Format.DOCKER: assignments.DOCKER,
    Format.GRADLE: assignments.GRADLE,
    Format.SQL: assignments.SQL,
    Format.PROPERTIES: assignments.PROPERTIES,
    Format.XCCONFIG: assignments.XCCONFIG,
    Format.HCL: assignments.HCL,
    Format.SCRIPT: assignments.CODE,
    Format.CODE: assignments.CODE,
}

_HEREDOC = lazily(r"<<[-~]?[\"']?([A-Za-z_]\w{0,40})[\"']?[ \t]*\r?\n")
_MOST_HEREDOCS = 200
_FENCES = ("```", "~~~")
_HEADER = lazily(r"^[ \t]*\[\[?[ \t]*([^\[\]\r\n]{1,200})\]", re.MULTILINE)


def format_of(path: str) -> Format:
    """The format, by the file's name."""
    name = path.rpartition("/")[2].lower()
    if name.startswith(".env") or name.endswith(".env"):
        return Format.ENV
    if name.startswith(("dockerfile", "containerfile")):
        return Format.DOCKER
    extension = name.rpartition(".")[2] if "." in name else ""
    if extension in ("example", "sample", "template", "tmpl", "dist", "j2", "in", "local"):
        extension = name.split(".")[-2]
    if name in _SHELL_NAMES:
        return Format.SHELL
    return _BY_EXTENSION.get(extension, Format.CODE if extension else Format.SHELL)


def pairs_of(
    source: Source,
    hits: Sequence[Hit],
    is_secret: Callable[[str], bool],
    convicts: Convicts,
) -> Iterator[Pair]:
    """The pairs of a file whose name is secret; a file that does not parse is read at its hits alone.

    `convicts` says whether a value could be a fault under a hit's name anywhere in this file: what a look
    at the hit clears costs no parse.
    """
    kind, text = format_of(source.path), source.text
    try:
        if kind is Format.PYTHON:
            if any(python_doubt(text, hit, convicts) for hit in hits):
                yield from python_pairs.pairs(source, is_secret, [hit.start for hit in hits])
            return
        if len(text) <= _LARGEST.get(kind, 0):
            if any(tree_doubt(text, hit, _SYNTAX[kind], convicts) for hit in hits):
                yield from _of_tree(source, kind, hits, is_secret)
            return
    except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    if kind is Format.SCRIPT:
        doubtful = {hit.start for hit in hits if script_doubt(text, hit, convicts)}
        if doubtful:
            # The grammar first: of what both read, it knows where the value ends.
            with suppress(Unreadable, ImportError, ValueError, RecursionError, MemoryError):
                yield from script_pairs.pairs(source, hits)
        hits = [hit for hit in hits if hit.start in doubtful or is_inside(text, hit)]
    yield from _at_hits(text, _in_fences(source, hits) if kind is Format.MARKDOWN else hits, kind)


def _at_hits(text: str, hits: Sequence[Hit], kind: Format) -> Iterator[Pair]:
    syntax = _SYNTAX[kind]
    within_here = _heredocs(text) if kind is Format.HCL and hits else []
    headers = list(_HEADER.finditer(text)) if kind is Format.TABLES and hits else []
    starts = [header.start() for header in headers]
    end = within = 0
    for hit in hits:
        # A value that holds names holds few: a line of thousands is no line of anybody's.
        within = within + 1 if hit.start < end else 0
        if within > _MOST_WITHIN:
            continue
        in_script = any(start <= hit.start < stop for start, stop in within_here)
        pair = assignments.pair_at(text, hit, assignments.SHELL if in_script else syntax)
        if pair and not (kind is Format.SCRIPT and _is_usage(pair, text, hit)):
            end = max(end, pair.span.end)
            above = bisect_right(starts, hit.start)
            yield pair._replace(keys=(headers[above - 1][1],)) if above else pair


def _is_usage(pair: Pair, text: str, hit: Hit) -> bool:
    """Whether a program's own text shows how it is called: `throw Error("TOKEN='<token>' npm run seed")`."""
    before = text[text.rfind("\n", 0, hit.start) + 1 : hit.start]
    in_string = any(before.count(quote) % 2 for quote in "\"'`")
    return in_string and pair.value.startswith("<") and pair.value.endswith(">")


def _heredocs(text: str) -> list[tuple[int, int]]:
    """Where the documents within a file of Terraform's lie: scripts, and files that it writes."""
    found, at = [], 0
    while opening := _HEREDOC.search(text, at):
        close = re.compile(rf"\n[ \t]*{opening[1]}\b").search(text, opening.end() - 1)
        if not close:
            break
        found.append((opening.end(), close.start()))
        at = close.start() + 1
        if len(found) >= _MOST_HEREDOCS:
            break
    return found


def _in_fences(source: Source, hits: Sequence[Hit]) -> list[Hit]:
    fences = sorted(at for mark in _FENCES for at in _beginning(source.text, mark))
    return [hit for hit in hits if bisect_right(fences, hit.start) % 2]


def _beginning(text: str, mark: str) -> Iterator[int]:
    """Where a line begins with `mark`, but for white space and quotations."""
    at = text.find(mark)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        if not text[start:at].strip(" \t>"):
            yield at
        at = text.find(mark, end) if end >= 0 else -1


def _roots(source: Source, kind: Format) -> Sequence[Node]:
    if kind is not Format.YAML:
        return [source.derive(json.parse_relaxed)]
    from runcrew_lint.documents import yaml  # slow to import, and most files are none

    return source.derive(yaml.parse_all)


def _of_tree(
    source: Source, kind: Format, hits: Sequence[Hit], is_secret: Callable[[str], bool]
) -> Iterator[Pair]:
    if not hits:
        return
    for root in _roots(source, kind):
        for pair in tree_pairs.pairs(source.text, root):
            if is_secret(pair.name):
                yield pair
        yield from _in_scripts(source.text, root, hits)


def _in_scripts(text: str, root: Node, hits: Sequence[Hit]) -> Iterator[Pair]:
    """What the strings of a document assign: commands, and files within the file."""
    ends = [hit.end for hit in hits]
    for node, keys in _strings(root):
        first = bisect_right(ends, node.span.start)
        last = bisect_right(ends, node.span.end)
        syntax: Syntax = (
            assignments.LINES if node.style in ("|", ">") and "run" not in keys[-1:] else assignments.SHELL
        )
        for hit in hits[first:last]:
            pair = assignments.pair_at(text, hit, syntax)
            if pair and pair.span.end <= node.span.end:
                yield pair._replace(keys=keys)


def _strings(root: Node) -> Iterator[tuple[Scalar, tuple[str, ...]]]:
    """The strings, with the keys that lead to them."""
    stack: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while stack:
        node, keys = stack.pop()
        if isinstance(node, Mapping):
            stack.extend((entry.value, (*keys, str(entry.key.value))) for entry in node.entries)
        elif isinstance(node, Scalar):
            if isinstance(node.value, str):
                yield node, keys
        else:
            stack.extend((item, keys) for item in node.items)
