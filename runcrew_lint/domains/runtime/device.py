"""`process.env` in code that Metro bundles for a device."""

from __future__ import annotations

from collections.abc import Iterator

from runcrew_lint.documents import typescript
from runcrew_lint.documents.typescript import Tree
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.runtime.facts import DeviceEnv, EnvReading
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_USE = lazily(r"\bprocess\.env\b")
# Whoever imports these runs in Node: a script, a server, a tool's configuration.
_NODE = lazily(
    r"['\"](?:node:[\w/]+|fs|path|child_process|http|https|os|crypto|url|util|express|fastify|koa|dotenv(?:/config)?"
    r"|@playwright/test|vitest(?:/config)?|webpack|vite|next(?:/\w+)?|expo/config|expo/metro-config|@expo/config-plugins"
    r"|@nestjs/\w+|pg|drizzle-kit|knex|prisma|@prisma/client|server-only)['\"]|\A#!|\bmodule\.exports\b"
)
_PLUGIN = lazily(
    r"transform-inline-environment-variables|react-native-dotenv|inline-dotenv|babel-plugin-dotenv|dotenv-import"
)


def read(source: Source, _reading: Reading) -> DeviceEnv | None:
    """What one file asks for; in a Babel configuration, the plugins that put values in."""
    text = source.text
    if source.path.rpartition("/")[2].startswith(("babel.config.", ".babelrc")):
        plugins = tuple(dict.fromkeys(_PLUGIN.findall(text)))
        return DeviceEnv(source.path, (), False, plugins) if plugins else None
    if not _USE.search(text):
        return None
    uses = tuple(_uses(source))
    return DeviceEnv(source.path, uses, not _NODE.search(text), ()) if uses else None


def _uses(source: Source) -> Iterator[EnvReading]:
    tree: Tree = source.derive(typescript.parse)
    for found in _USE.finditer(source.text):
        node = tree.at(*found.span())
        if (
            node is None
            or typescript.is_comment(node)
            or node.type in ("string_fragment", "string", "jsx_text")
        ):
            continue
        parent = node.parent
        if parent is None:
            continue
        if parent.type == "member_expression":
            name = parent.child_by_field_name("property")
            if name is not None and not _is_written(parent):
                end = tree.offset(name.end_byte)
                yield EnvReading(tree.text(name), "name", Span(found.start(), end))
        elif parent.type == "subscript_expression":
            index = parent.child_by_field_name("index")
            named = index is not None and index.type == "string"
            yield EnvReading(tree.text(index)[1:-1] if named else "", "computed", Span(*found.span()))
        elif parent.type == "variable_declarator":
            pattern = parent.child_by_field_name("name")
            if pattern is not None and pattern.type == "object_pattern":
                for each in pattern.named_children:
                    name = tree.text(each).partition(":")[0].partition("=")[0].strip()
                    span = Span(tree.offset(each.start_byte), tree.offset(each.end_byte))
                    yield EnvReading(name, "destructured", span)


def _is_written(member: object) -> bool:
    """Whether something is assigned to it."""
    parent = getattr(member, "parent", None)
    if parent is None or parent.type != "assignment_expression":
        return False
    left = parent.child_by_field_name("left")
    return left is not None and left.start_byte == getattr(member, "start_byte", -1)
