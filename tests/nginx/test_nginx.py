"""nginx configuration: its words, its servers, and what they answer in the clear."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from runcrew_lint.documents import nginx as document
from runcrew_lint.domains.nginx.answers import over_http
from runcrew_lint.domains.nginx.facts import NginxConfig, Server
from runcrew_lint.domains.nginx.read import read
from runcrew_lint.domains.nginx.together import together
from runcrew_lint.model.errors import Unreadable
from runcrew_lint.text import Source
from tests.bounded import must_end
from tests.consulting import Consulting


def _tree(directives: tuple[document.Directive, ...]) -> list[Any]:
    return [
        [each.name, *(word.value for word in each.arguments)]
        + ([] if each.block is None else [_tree(each.block)])
        for each in directives
    ]


WORDS = [
    ("a b;", [["a", "b"]]),
    ("a;b c {}", [["a"], ["b", "c", []]]),
    ("a{b c;}d;", [["a", [["b", "c"]]], ["d"]]),
    ("a # b;\n c;", [["a", "c"]]),
    ("a 'b c' \"d;e{\";", [["a", "b c", "d;e{"]]),
    ("a 'it\\'s' \"\\\"\" b\\;c \\n;", [["a", "it's", '"', "b\\;c", "\n"]]),
    ("a ${B} x${C}y;", [["a", "${B}", "x${C}y"]]),
    ("a b#c d'e;", [["a", "b#c", "d'e"]]),
    ("location ~ ^/a\\.(b|c)$ { }", [["location", "~", "^/a\\.(b|c)$", []]]),
    ('location ~ "^/\\d{2}$" { }', [["location", "~", "^/\\d{2}$", []]]),
    ("if ($a = b) { }", [["if", "($a", "=", "b)", []]]),
    ("a 'b\nc';", [["a", "b\nc"]]),
    ("a }b;", None),
    ("content_by_lua_block { if x then y = { '}' } -- }\n end }", [["content_by_lua_block", []]]),
    ("content_by_lua_block { [[ } ]] }\na;", [["content_by_lua_block", []], ["a"]]),
    ("", []),
    ("# only", []),
    ("a b", None),
    ("a { b;", None),
    ("a; }", None),
    ("{ }", None),
    (";", None),
    ("a 'b;", None),
    ("a 'b'c;", None),
    ("a { b c }", None),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words(text: str, expected: list[Any] | None) -> None:
    source = Source("a.conf", text)
    if expected is None:
        with pytest.raises(Unreadable) as caught:
            document.parse(source)
        assert 0 <= caught.value.span.start <= caught.value.span.end <= len(text)
    else:
        assert _tree(document.parse(source)) == expected


def test_places() -> None:
    text = "http {\n  server { # c\n    listen  80 'x' ;\n  }\n}\n"
    (http,) = document.parse(Source("a.conf", text))
    assert http.block is not None and http.block[0].block is not None
    server, listen = http.block[0], http.block[0].block[0]
    assert text[slice(*listen.span)] == "listen  80 'x'"
    assert text[slice(*listen.arguments[1].span)] == "'x'"
    assert text[slice(*server.extent)].startswith("server {") and text[slice(*server.extent)].endswith("}")


HOSTILE = ["a" * 400_000, "a {" * 50_000, "a '" + "\\" * 300_000, 'a "\\"' * 60_000, "${" * 100_000, "}" * 9]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_it_ends(text: str) -> None:
    with must_end(), contextlib.suppress(Unreadable):
        document.parse(Source("a.conf", text))


def _config(files: dict[str, str], path: str | None = None) -> NginxConfig | None:
    path = path or next(iter(files))
    return read(Source(path, files[path]), Consulting(files))


def _server(inside: str, **files: str) -> Server:
    others = {name.replace("_", "/") + ".conf": text for name, text in files.items()}
    config = _config({"nginx.conf": f"server {{ {inside} }}", **others})
    assert config is not None
    return config.servers[0]


OTHERS = [
    ("supervisor", "[program:x]\ncommand=listen\n"),
    ("Apache", "<VirtualHost *:80>\n  ServerName x\n</VirtualHost>\n"),
    ("HOCON", "server {\n  port = 80\n  listen = x\n}\n"),
    ("logstash", "input { beats { port => 5044 } }\n"),
    ("bind", "options { listen-on port 53 { any; }; };\n"),
    ("a snippet of directives", "proxy_set_header Host $host;\n"),
    ("redis", "port 6379\nrequirepass x\n"),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in OTHERS])
def test_what_is_not_nginx(text: str) -> None:
    assert _config({"x.conf": text}) is None


BROKEN = [
    ("server {\n  listen 80;\n  server_name a\n}\n", 3),
    ("server {\n  listen 80;\n", 1),
    ("server {\n  listen 80;\n}\n}\n", 4),
]


@pytest.mark.parametrize(("text", "line"), BROKEN)
def test_what_is_nginx_and_broken(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as caught:
        _config({"x.conf": text})
    assert Source("x.conf", text).position(caught.value.span.start).line == line


def test_a_template_says_so() -> None:
    with pytest.raises(Unreadable, match="template"):
        _config({"x.conf": "server {\n  listen 80;\n  server_name {{ name }};\n}\n"})


LISTENS = [
    ("80", ("", 80, False, False), True),
    ("443 ssl http2", ("", 443, True, False), True),
    ("443 quic reuseport", ("", 443, True, False), True),
    ("*:80 default_server", ("*", 80, False, True), True),
    ("[::]:80", ("[::]", 80, False, False), True),
    ("[::1]:80", ("[::1]", 80, False, False), False),
    ("127.0.0.1", ("127.0.0.1", 80, False, False), False),
    ("127.0.0.1:8080", ("127.0.0.1", 8080, False, False), False),
    ("example.com:80", ("example.com", 80, False, False), True),
    ("unix:/run/x.sock", ("unix:/run/x.sock", None, False, False), False),
    ("${PORT}", ("", None, False, False), True),
]


@pytest.mark.parametrize(("text", "expected", "public"), LISTENS)
def test_listens(text: str, expected: tuple[object, ...], public: bool) -> None:
    (listen,) = _server(f"listen {text};").listens
    assert listen[:4] == expected
    assert listen.is_public == public


def test_no_listen_is_port_80() -> None:
    assert _server("server_name a;").listens[0].port == 80
    assert _server("listen 443; ssl on;").listens[0].tls


ANSWERS = [
    ("return 301 https://$host$request_uri;", "safe"),
    ("return https://a$request_uri;", "safe"),
    ("return 444;", "safe"),
    ("return 200 ok;", "content"),
    ("rewrite ^ https://$host$request_uri? permanent;", "safe"),
    ("rewrite ^/(.*)$ https://$host/$1;", "safe"),
    ("rewrite ^/a$ https://$host/a permanent; root /x;", "content"),
    ("rewrite ^ /index.php last; root /x;", "content"),
    ("if ($scheme = http) { return 301 https://$host$request_uri; } root /x;", "safe"),
    ('if ($https != "on") { rewrite ^ https://$host$request_uri? permanent; } root /x;', "safe"),
    ("if ($http_x_forwarded_proto = http) { return 301 https://a; } root /x;", "safe"),
    ("server_name a b; if ($host = a) { return 301 https://a; } root /x;", "content"),
    (
        "server_name a b; if ($host = a) { return 301 https://a; } if ($host = b) { return 301 https://b; }",
        "safe",
    ),
    ("server_name a; if ($host = a) { return 301 https://a; } return 404;", "safe"),
    ("if ($redirect) { return 301 https://a; } root /x;", "unknown"),
    ("if ($request_method = POST) { return 405; } root /x;", "content"),
    ("location / { return 301 https://a; }", "safe"),
    ("location / { return 301 https://a; } location /static { root /x; }", "content"),
    ("location / { proxy_pass http://a; }", "content"),
    ("location / { if ($scheme = http) { return 301 https://a; } proxy_pass http://a; }", "safe"),
    ("location / { location /a { proxy_pass http://a; } return 301 https://a; }", "safe"),
    ("location /a { location /b { fastcgi_pass x; } }", "content"),
    ("location /.well-known/acme-challenge/ { root /x; } location / { return 301 https://a; }", "safe"),
    ("root /x; location ^~ /.well-known/ { } location / { return 301 https://a; }", "safe"),
    ("root /var/www/certbot; location /.well-known/acme-challenge/ { }", "safe"),
    ("location = /health { proxy_pass http://a; } location / { return 301 https://a; }", "safe"),
    ("location = /stub_status { stub_status; } location / { return 301 https://a; }", "safe"),
    ("location /healthy-food { proxy_pass http://a; } location / { return 301 https://a; }", "content"),
    ("location @b { proxy_pass http://a; } location / { return 301 https://a; }", "safe"),
    ("location / { deny all; }", "safe"),
    ("location / { allow 10.0.0.0/8; deny all; proxy_pass http://a; }", "content"),
    ("location /x { internal; alias /y; } location / { return 301 https://a; }", "safe"),
    ("root /x;", "content"),
    ("location /a { expires 1d; } root /x;", "content"),
    ("", "safe"),
    ("include /etc/nginx/absent.conf; root /x;", "unknown"),
    ("include /etc/nginx/mime.types; root /x;", "content"),
    ("include snippets/ssl-redirect.conf; root /x;", "unknown"),
    ("include conf.d/*.conf; location / { proxy_pass http://a; }", "unknown"),
]


@pytest.mark.parametrize(("inside", "expected"), ANSWERS)
def test_what_a_server_answers_over_http(inside: str, expected: str) -> None:
    assert over_http(_server(inside)).answer.value == expected


INCLUDES = [
    ("nginx/site.conf", "snippets/x.conf", "nginx/snippets/x.conf"),
    ("nginx/conf.d/site.conf", "snippets/x.conf", "nginx/snippets/x.conf"),
    ("nginx/conf.d/site.conf", "/etc/nginx/snippets/x.conf", "nginx/snippets/x.conf"),
    ("nginx/site.conf", "/etc/nginx/snippets/x.conf", "nginx/x.conf"),
    ("nginx/site.conf", "/srv/x.conf", None),
    ("nginx/site.conf", "../../../x.conf", None),
]


@pytest.mark.parametrize(("path", "pattern", "found"), INCLUDES)
def test_includes_are_read_where_the_repository_has_them(path: str, pattern: str, found: str | None) -> None:
    files = {path: f"server {{ include {pattern}; }}"}
    if found:
        files[found] = "return 301 https://a;"
    config = _config(files, path)
    assert config is not None
    (directive,) = config.servers[0].directives
    assert directive.place.path == (found or path)
    assert directive.name == ("return" if found else "include")


def test_includes_in_a_circle_end() -> None:
    files = {"a.conf": "include b.conf; server { }", "b.conf": "include a.conf;"}
    assert _config(files) is not None


def test_only_servers_of_http_count() -> None:
    config = _config(
        {"a.conf": "stream { server { listen 80; } } http { upstream u { server x; } server { root /; } }"}
    )
    assert config is not None
    assert len(config.servers) == 1


GROUPS = [
    ({"a.conf": "server { root /; }", "b.conf": "server { root /; }"}, 2),
    ({"conf.d/a.conf": "server { root /; }", "conf.d/b.conf": "server { root /; }"}, 1),
    ({"n/nginx.conf": "http { include sites/*.conf; }", "n/sites/a.conf": "server { root /; }"}, 1),
    ({"n/nginx.conf": "http { include /etc/nginx/sites/*; }", "n/sites/a.conf": "server { root /; }"}, 1),
    ({"n/nginx.conf": "http { include sites/*.conf; }", "n/sites/old/a.conf": "server { root /; }"}, 2),
    ({"nginx.conf": "http { include site.conf; }", "site.conf": "server { root /; }"}, 1),
]


@pytest.mark.parametrize(("files", "count"), GROUPS)
def test_what_is_loaded_together(files: dict[str, str], count: int) -> None:
    configs = [config for path in files if (config := _config(files, path)) is not None]
    assert len(together(configs)) == count


@pytest.mark.parametrize(
    "line", ["listen 80", "server_name a.example.com", "root /srv", "proxy_pass http://a"]
)
def test_a_line_before_a_block_is_ended(line: str) -> None:
    text = f"server {{\n    include a.conf;\n    {line}\n    location / {{\n        index a;\n    }}\n}}\n"
    with pytest.raises(Unreadable, match="is not ended by") as caught:
        read(Source("a.conf", text), Consulting({}))
    assert text[caught.value.span.start :].startswith(line)
    assert read(Source("a.conf", text.replace(line, f"{line};")), Consulting({})) is not None
    with pytest.raises(Unreadable, match="template"):
        read(Source("a.conf", f"{text}# {{{{ name }}}}\n"), Consulting({}))


@pytest.mark.parametrize(
    ("line", "next_line"),
    [
        ("listen 80", "server_name a.example.com;"),
        ("server_name a.example.com", "listen 80;"),
        ("root /srv  # the site", "include b.conf;"),
        ("proxy_set_header Host $host", "proxy_set_header X-Forwarded-Proto $scheme;"),
    ],
)
def test_a_line_before_another_is_ended(line: str, next_line: str) -> None:
    text = (
        f"server {{\n    include a.conf;\n    {line}\n\n    {next_line}\n    location / {{ index a; }}\n}}\n"
    )
    with pytest.raises(Unreadable, match="on the next line") as caught:
        read(Source("a.conf", text), Consulting({}))
    assert text[caught.value.span.start : caught.value.span.end] == line.partition("  #")[0]
    head, mark, note = line.partition("  #")
    assert read(Source("a.conf", text.replace(line, f"{head};{mark}{note}")), Consulting({})) is not None


def test_arguments_may_stand_on_lines_of_their_own() -> None:
    text = """server {
    listen 80;
    server_name
        a.example.com
        root.example.com;
    gzip_types text/css
        application/json;
    add_header Content-Security-Policy
        "default-src 'self'";
    try_files $uri
        $uri/index /index.html;
    map_of_mine a
        include b;
}
"""
    assert read(Source("a.conf", text), Consulting({})) is not None
