"""The ports that a program's code opens."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.runtime.listening import read
from runcrew_lint.text import Source


def _said(path: str, text: str) -> list[tuple[int | None, str]]:
    found = read(Source(path, text), None)  # type: ignore[arg-type]
    return [(each.port, each.variable) for each in found.listens] if found else []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("app.listen(3000)", [(3000, "")]),
        ("await app.listen(3000, '0.0.0.0', () => {});", [(3000, "")]),
        ("app.listen('3000')", [(3000, "")]),
        ("app.listen(process.env.PORT)", [(None, "PORT")]),
        ("app.listen(process.env.PORT || 3000)", [(3000, "PORT")]),
        ("app.listen(process.env.PORT ?? '3000')", [(3000, "PORT")]),
        ("app.listen(parseInt(process.env.PORT, 10) || 3000)", [(3000, "PORT")]),
        ("const port = Number(process.env.PORT || 3000);\napp.listen(port)", [(3000, "PORT")]),
        ("const PORT = 3000 as number;\nserver.listen(PORT!)", [(3000, "")]),
        ("fastify.listen({ port: 3000, host })", [(3000, "")]),
        ("const port = 3000;\nfastify.listen({ port, host })", [(3000, "")]),
        ("serve({ fetch: app.fetch, port: 3000 })", [(3000, "")]),
        ("Bun.serve({ fetch, port: 3000 })", [(3000, "")]),
        ("app.listen(3000);\nmetrics.listen(9090);", [(3000, ""), (9090, "")]),
        # what only a run tells
        ("app.listen(config.port)", [(None, "")]),
        ("app.listen(process.env.PORT || process.env.OTHER)", [(None, "")]),
        ("app.listen(on ? 1000 : 2000)", [(None, "")]),
        ("let port = 3000;\nport = 4000;\napp.listen(port)", [(None, "")]),
        ("function start(port: number) { app.listen(port) }\nconst port = 3000;", [(None, "")]),
        ("function a() { const port = 1000 }\nconst port = 2000;\napp.listen(port)", [(None, "")]),
        ("const a = b;\nconst b = a;\napp.listen(a)", [(None, "")]),
        ("app.listen(" + "(" * 5000 + "3000" + ")" * 5000 + ")", [(None, "")]),
        # what opens no port, or was put together by a bundler
        ("app.listen(3000)" + " " * 100_000, []),
        ("server.listen()", []),
        ("serve({ strategy: 'x' })", []),
        ("serve({ port: 3000 })", []),
        ("preserve({ fetch, port: 3000 })", []),
        ("// app.listen(3000)", []),
        ("'app.listen(3000)'", []),
        ("app.listen(3000);\n" * 9, []),
        ("app.listen(3000);\n" + "x();\n" * 20_000, []),
    ],
)
def test_in_a_script(text: str, said: list[tuple[int | None, str]]) -> None:
    assert _said("server.ts", text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uvicorn.run(app, port=8080)", [(8080, "")]),
        ("uvicorn.run('main:app')", [(8000, "")]),
        ("PORT = 8080\nuvicorn.run(app, port=PORT)", [(8080, "")]),
        ("uvicorn.run(app, port=int(os.getenv('PORT', 8080)))", [(8080, "PORT")]),
        ("uvicorn.run(app, port=int(os.environ.get('PORT', '8080')))", [(8080, "PORT")]),
        ("uvicorn.run(app, port=int(os.environ.get('PORT')))", [(None, "PORT")]),
        ("uvicorn.run(app, port=settings.port)", [(None, "")]),
        ("uvicorn.run(app, port=8080, uds=path)", [(None, "")]),
        ("uvicorn.run(app, **options)", [(None, "")]),
        ("PORT = 1000\nPORT = 2000\nuvicorn.run(app, port=PORT)", [(None, "")]),
        ("PORT = 1000\nPORT += 1\nuvicorn.run(app, port=PORT)", [(None, "")]),
        ("uvicorn.running(app)", []),
        ("uvicorn.run(", []),
    ],
)
def test_in_python(text: str, said: list[tuple[int | None, str]]) -> None:
    assert _said("main.py", text) == said
