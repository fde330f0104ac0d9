"""What code says of Sentry, of its routes, of process.env and of printing."""

from __future__ import annotations

import pytest

from runcrew_lint.domains.runtime import device, printing, routing, sentry
from runcrew_lint.domains.runtime.facts import DeviceEnv, Routing
from runcrew_lint.domains.runtime.serving import apis_of, is_aside
from runcrew_lint.text import Source

TS = "import * as Sentry from '@sentry/react-native';\n"
DART = "import 'package:sentry_flutter/sentry_flutter.dart';\n"


@pytest.mark.parametrize(
    ("path", "text", "options", "is_open"),
    [
        ("a.py", "import sentry_sdk\nsentry_sdk.init('x', debug=True)", {"dsn": None, "debug": True}, False),
        ("a.py", "import sentry_sdk as s\ns.init(release=v, **more)", {"release": None}, True),
        ("a.py", "from sentry_sdk import init as start\nstart()", {}, False),
        ("a.ts", TS + "Sentry.init({ tracesSampleRate: 0.5, dsn: d as string })",
         {"traces_sample_rate": 0.5, "dsn": None}, False),
        ("a.tsx", TS + "Sentry.init({ ...base, environment })", {"environment": None}, True),
        ("a.ts", TS + "Sentry.init(options)", {}, True),
        ("a.js", "const { init: start } = require('@sentry/node');\nstart({ environment: 'a' })",
         {"environment": "a"}, False),
        ("a.ts", "import * as S from 'sentry-expo'\nS.Native.init({ enabled: false })",
         {"enabled": False}, False),
        ("a.dart", DART + "f() => SentryFlutter.init((o) { o.environment = 'a'; o.dsn = Config.dsn; });",
         {"environment": "a", "dsn": None}, False),
        ("a.dart", DART + "f() => SentryFlutter.init((o) => o..tracesSampleRate = 1.0);",
         {"traces_sample_rate": 1.0}, False),
        ("a.dart", DART + "f() => SentryFlutter.init(configure);", {}, True),
        ("a.dart", DART + "f() => SentryFlutter.init((o) { configure(o); });", {}, True),
    ],
)  # fmt: skip
def test_inits(path: str, text: str, options: dict[str, object], is_open: bool) -> None:
    found = sentry.read(Source(path, text), None)  # type: ignore[arg-type]
    assert found is not None
    (init,) = found.inits
    assert {each.name: each.value for each in init.options} == options
    assert init.is_open is is_open


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "# sentry_sdk.init()\n'sentry_sdk.init()'"),
        ("a.py", "import sentry_sdk\nsentry_sdk.init("),
        ("a.ts", TS + "// Sentry.init({})\nconst a = 'Sentry.init({})';"),
        ("a.ts", "import * as Sentry from './mine';\nSentry.init({});"),
        ("a.dart", "import 'mine.dart';\nf() => Sentry.init((o) {});"),
    ],
)
def test_no_init(path: str, text: str) -> None:
    assert sentry.read(Source(path, text), None) is None  # type: ignore[arg-type]


def test_a_choice_of_rates() -> None:
    text = TS + "Sentry.init({ tracesSampleRate: __DEV__ ? 1.0 : 0.2 })"
    found = sentry.read(Source("a.ts", text), None)  # type: ignore[arg-type]
    assert found
    assert [each.numbers for each in found.inits[0].options] == [(1.0, 0.2)]


class Facts:
    """A repository that has routes alone."""

    policy = worktree = None

    def __init__(self, files: dict[str, str]) -> None:
        sources = [Source(path, text) for path, text in files.items()]
        read = [routing.read(each, None) for each in sources]  # type: ignore[arg-type]
        self._found = tuple(each for each in read if each)

    def facts(self, _of: type[Routing]) -> tuple[Routing, ...]:
        return self._found


APP = "from fastapi import FastAPI\napp = FastAPI()\n"
ROUTER = "from fastapi import APIRouter\nrouter = APIRouter(prefix='/b')\n@router.get('/c')\ndef c(): ...\n"


@pytest.mark.parametrize(
    ("files", "paths", "is_whole"),
    [
        ({"m.py": APP + "@app.get('/a')\ndef a(): ..."}, ["/a"], True),
        ({"m.py": APP + "from b import router\napp.include_router(router, prefix='/a')", "b.py": ROUTER},
         ["/a/b/c"], True),
        ({"x/m.py": APP + "from x.y import b\napp.include_router(b.router)", "x/y/b.py": ROUTER},
         ["/b/c"], True),
        ({"x/m.py": APP + "from . import b\napp.include_router(b.router)", "x/b.py": ROUTER}, ["/b/c"], True),
        ({"m.py": APP + "import x.b\napp.include_router(x.b.router)", "x/b.py": ROUTER}, ["/b/c"], True),
        ({"m.py": APP + "from x import r\napp.include_router(r)",
          "x/__init__.py": "from .b import router as r\ninclude_router", "x/b.py": ROUTER}, [], False),
        ({"m.py": APP + "app.include_router(router, prefix=settings.PREFIX)"}, [], False),
        ({"m.py": APP + "app.include_router(make())"}, [], False),
        ({"m.py": APP + "app.mount('/static', StaticFiles(directory='s'))"}, [], True),
        ({"m.py": APP + "app.mount('/other', other)"}, [], False),
        ({"m.py": APP + "@app.get(PATH)\ndef a(): ..."}, [], False),
        ({"m.py": APP + "app.add_api_route('/a', a)"}, ["/a"], True),
        ({"tests/m.py": APP}, None, True),
    ],
)  # fmt: skip
def test_served(files: dict[str, str], paths: list[str] | None, is_whole: bool) -> None:
    apis = apis_of(Facts(files))  # type: ignore[arg-type]
    if paths is None:
        assert apis == ()
        return
    assert [each.path for each in apis[0].served] == paths
    assert apis[0].is_whole is is_whole


@pytest.mark.parametrize(
    ("path", "aside"),
    [("app/main.py", False), ("app/tests/main.py", True), ("_integration-test/a.py", True),
     ("test_a.py", True),
     ("latest/main.py", False), ("contest/main.py", False)],
)  # fmt: skip
def test_aside(path: str, aside: bool) -> None:
    assert is_aside(path) is aside


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("a(process.env.X)", [("X", "name")]),
        ("const { A, B: b } = process.env", [("A", "destructured"), ("B", "destructured")]),
        ("process.env[name]", [("", "computed")]),
        ("process.env['X']", [("X", "computed")]),
        ("process.env.X = '1'", None),
        ("// process.env.X\n`process.env.Y`", None),
        ("a /* process.env.X */ .b", None),
        ("a[/* process.env.X */ 'b']", None),
        ("const { A } /* process.env.X */ = a", None),
    ],
)
def test_device(text: str, uses: list[tuple[str, str]] | None) -> None:
    found: DeviceEnv | None = device.read(Source("a.ts", text), None)  # type: ignore[arg-type]
    assert ([(each.name, each.form) for each in found.uses] if found else None) == uses


def test_printing() -> None:
    text = "print(1)\nlogging.basicConfig()\nx.print(2)\n'print(3)'\n"
    found = printing.read(Source("a.py", text), None)  # type: ignore[arg-type]
    assert found
    assert [each.name for each in found.calls] == ["print", "logging.basicConfig"]
