"""A .conf file as an NginxConfig, or nothing where it isn't nginx's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runcrew_lint.documents import nginx
from runcrew_lint.domains.fact import Reading
from runcrew_lint.domains.nginx.facts import Directive, NginxConfig, Server
from runcrew_lint.domains.nginx.includes import Includes
from runcrew_lint.domains.nginx.listening import listens_of
from runcrew_lint.model.errors import Template, Unreadable
from runcrew_lint.patterns import lazily
from runcrew_lint.text import Source, Span

_OPENS = lazily(r"(?m)^[ \t]*(?:server|http|upstream\s+\S+|location\s[^\n;{]*)\s*\{")
_ENDS = lazily(
    r"(?m)^[ \t]*(?:listen|server_name|proxy_pass|root|include|ssl_certificate|worker_processes)\s[^\n]*;"
)
# Whose files end in .conf, too: INI sections, Apache's tags.
_OTHERS = lazily(r"(?m)^[ \t]*(?:\[[\w:. -]+\]\s*$|</?[A-Z][A-Za-z]+[ >])")
_TEMPLATE = lazily(r"\{\{|\{%|<%")
# Directives that never have a block.
_SIMPLE_NAMES = """
    access_log add_header alias allow auth_basic auth_basic_user_file charset client_max_body_size
    default_type deny error_log error_page expires fastcgi_pass gzip gzip_types include index
    keepalive_timeout listen proxy_buffering proxy_cache proxy_connect_timeout proxy_http_version
    proxy_pass proxy_read_timeout proxy_redirect proxy_send_timeout proxy_set_header return rewrite root
    sendfile server_name server_tokens set ssl_certificate ssl_certificate_key ssl_ciphers ssl_protocols
    ssl_session_cache ssl_session_timeout try_files uwsgi_pass
"""
_SIMPLE = frozenset(_SIMPLE_NAMES.split())
_CONTEXTS = frozenset({"http", "server", "upstream", "location", "events", "stream"})


def read(source: Source, reading: Reading) -> NginxConfig | None:
    """The configuration of a file, or None where the file is another program's.

    Errors:
        Unreadable for a file that is clearly nginx's and that nginx would refuse.
    """
    try:
        directives = source.derive(nginx.parse)
        _check(source.text, directives)
    except Unreadable as error:
        if not _is_nginx(source.text):
            return None
        if _TEMPLATE.search(source.text):
            raise Template("a template reads only once it is rendered", error.span) from None
        raise
    if not any(each.block is not None and each.name in _CONTEXTS for each in directives):
        return None
    includes = Includes(reading, source.path)
    lifted = includes.lift(source.path, directives)
    servers = tuple(_server(each, above) for each, above in _servers(lifted, ()))
    http = tuple(each for block in lifted if block.name == "http" for each in _said(block.block))
    whole = any(each.name == "http" for each in lifted)
    return NginxConfig(source.path, servers, tuple(dict.fromkeys(includes.patterns)), http, whole)


def _check(text: str, directives: Iterable[nginx.Directive]) -> None:
    """A line that has no `;` takes the block or the directive behind it for its own arguments.

    nginx refuses most of them, and takes some for what nobody meant: `server_name` has two names more.
    """
    waiting = list(directives)
    while waiting:
        each = waiting.pop()
        taken = _next_line(text, each)
        if taken is not None:
            last = each.arguments[taken - 1].span.end if taken else each.span.start + len(each.name)
            name = each.arguments[taken].value
            raise Unreadable(
                f"`{each.name}` is not ended by `;`: nginx takes `{name}` on the next line for its argument",
                Span(each.span.start, last),
            )
        if each.block is not None and each.name in _SIMPLE:
            raise Unreadable(f"`{each.name}` is not ended by `;`", each.span)
        waiting += each.block or ()


def _next_line(text: str, directive: nginx.Directive) -> int | None:
    """Which argument is a directive at the head of its own line; None for none."""
    if directive.name not in _SIMPLE:
        return None  # a map's own line, or a module's: what its words mean is not known
    end = directive.span.start + len(directive.name)
    for at, word in enumerate(directive.arguments):
        if word.value in _SIMPLE and "\n" in text[end : word.span.start]:
            return at
        end = word.span.end
    return None


def _is_nginx(text: str) -> bool:
    return bool(_OPENS.search(text) and _ENDS.search(text)) and not _OTHERS.search(text)


def _servers(
    directives: tuple[Directive, ...], above: tuple[Directive, ...]
) -> Iterator[tuple[Directive, tuple[Directive, ...]]]:
    """The `server` blocks of the http context: a file that others include begins in it."""
    for directive in directives:
        if directive.name == "http":
            yield from _servers(directive.block, _said(directive.block))
        elif directive.name == "server" and not directive.arguments:
            yield directive, above


def _said(block: tuple[Directive, ...]) -> tuple[Directive, ...]:
    return tuple(each for each in block if not each.block)


def _server(directive: Directive, above: tuple[Directive, ...]) -> Server:
    names = (name for each in directive.block if each.name == "server_name" for name in each.arguments)
    return Server(
        directive.place,
        listens_of(directive),
        tuple(name.lower() for name in names),
        directive.block,
        above,
    )
