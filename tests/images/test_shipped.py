"""What of a Dockerfile reaches production: the stage, its user, its command, the folder it copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.domains.containers import compose, image
from runcrew_lint.domains.containers.bases import starts_as_root
from runcrew_lint.domains.containers.context import Contexts, copied, destination_of, ships
from runcrew_lint.domains.containers.development import debugs, sign_of
from runcrew_lint.domains.containers.facts import Image
from runcrew_lint.domains.containers.shipped import commands, shipped, user
from runcrew_lint.engine.run import Request, run
from runcrew_lint.mends.dockerfile import drop_word
from runcrew_lint.model.mend import MendRequest
from runcrew_lint.text import Place, Source, Span
from tests.consulting import Consulting
from tests.fixtures_git import repository_from


def _image(text: str, path: str = "Dockerfile") -> Image:
    return image.read(Source(path, text), Consulting({}))


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("Dockerfile", "FROM a\nFROM b", 1),
        ("Dockerfile", "FROM a AS production\nFROM b AS dev", 0),
        ("Dockerfile", "FROM a AS unit_test\nFROM b AS development", None),
        ("Dockerfile.dev", "FROM a", None),
        (".devcontainer/Dockerfile", "FROM a", None),
        ("Dockerfile.prod", "FROM a", 0),
    ],
)
def test_the_stage(path: str, text: str, expected: int | None) -> None:
    stage = shipped(_image(text, path))
    assert (stage.index if stage else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a", None),
        ("FROM a\nUSER x\nUSER y", "y"),
        ("FROM a AS b\nUSER x\nFROM b", "x"),
        ("FROM a AS b\nUSER x\nFROM c", None),
        ("FROM a\nONBUILD USER x", None),
    ],
)
def test_the_user(text: str, expected: str | None) -> None:
    said = user(_image(text))
    assert (said.values[0].value if said else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CMD a\nCMD b", ["b"]),
        ("ENTRYPOINT e\nCMD a", ["e", "a"]),
        ("CMD a\nFROM b AS c\nCMD d", ["d"]),
        ("CMD a\nENTRYPOINT e\nFROM b AS c\nCMD d", ["e", "d"]),
        ("CMD a\nENTRYPOINT e\nFROM b AS c\nENTRYPOINT f", ["f"]),
        ("CMD a\nENTRYPOINT e\nFROM b AS c", ["e", "a"]),
    ],
)
def test_the_command(text: str, expected: list[str]) -> None:
    assert [each.values[0].value for each in commands(_image(f"FROM x AS b\n{text}"))] == expected


SIGNS = [
    ("uvicorn app:app --reload", "uvicorn --reload"),
    ("poetry run uvicorn app:app --reload", "uvicorn --reload"),
    ("/venv/bin/gunicorn --reload app:app", "gunicorn --reload"),
    ("uvicorn app:app", None),
    ("celery --reload", None),
    ("flask --app x run", "flask run"),
    ("flask run --debug", "flask run"),
    ("poetry run flask run", "flask run"),
    ("uv run flask db upgrade", None),
    ("python manage.py runserver 0:8000", "runserver"),
    ("python manage.py migrate", None),
    ("fastapi dev main.py", "fastapi dev"),
    ("fastapi run main.py", None),
    ("npm run dev", "npm run dev"),
    ("npm run dev:server -- --port 1", "npm run dev:server"),
    ("yarn dev", "yarn dev"),
    ("npm run deploy", None),
    ("npm start", None),
    ("node server.js dev", None),
    ("npx expo start", "expo start"),
    ("node_modules/.bin/nodemon x", "nodemon"),
    ("next start", None),
    ("php artisan serve", "artisan serve"),
    ("", None),
]


@pytest.mark.parametrize(("command", "expected"), SIGNS)
def test_development_commands(command: str, expected: str | None) -> None:
    sign = sign_of(command.split())
    assert (sign.what if sign else None) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "1", True),
        ("DEBUG", "app:*", False),
        ("NODE_ENV", "development", True),
        ("NODE_ENV", "production", False),
        ("OTHER_DEBUG", "1", False),
    ],
)
def test_development_settings(name: str, value: str, expected: bool) -> None:
    assert debugs(name, value) == expected


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("python:3.11-slim", True),
        ("docker.io/library/node:22", True),
        ("scratch", True),
        ("gcr.io/distroless/static", True),
        ("gcr.io/distroless/static:nonroot", False),
        ("php:8-fpm", False),
        ("nginx:1.27", False),
        ("bitnami/node:22", False),
        ("acme/python:3", False),
    ],
)
def test_bases_that_start_as_root(base: str, expected: bool) -> None:
    assert starts_as_root(base) == expected


TREE = (
    "api/app.py",
    "api/Dockerfile",
    "docker/Dockerfile",
    "docker/run.sh",
    "pyproject.toml",
    "docker/x/Dockerfile",
    "one/api.Build",
    "two/api.Build",
    "two/web.Build",
)
CONTEXTS = [
    ("api/Dockerfile", "COPY . .", "api"),
    ("api/Dockerfile", "COPY app.py .", "api"),
    ("api/Dockerfile", "COPY pyproject.toml .\nCOPY . .", ""),
    ("docker/Dockerfile", "COPY . .", ""),
    ("docker/Dockerfile", "COPY run.sh /\nCOPY . .", "docker"),
    ("docker/x/Dockerfile", "COPY absent .", None),
    ("one/api.Build", "RUN x", ""),  # alone in its folder
    ("two/api.Build", "RUN x", "two"),
    ("two/web.Build", "RUN x", "two"),
    ("api/Dockerfile", "COPY --from=x /absent .\nCOPY *.lock .\nCOPY . .", "api"),
]


@pytest.mark.parametrize(("path", "lines", "expected"), CONTEXTS)
def test_the_context(path: str, lines: str, expected: str | None) -> None:
    assert Contexts(TREE, ()).of(_image(f"FROM a\n{lines}", path)) == expected


def test_compose_tells_the_context() -> None:
    text = "services: {a: {build: {context: .., dockerfile: api/Dockerfile}}, b: {build: ./other}}"
    project = compose.read(Source("api/compose.yml", text), Consulting({}))
    assert project is not None
    assert Contexts(TREE, [project]).of(_image("FROM a\nCOPY app.py .", "api/Dockerfile")) == ""


SHIPPED = [
    ("FROM a\nCOPY . .", True),
    ("FROM a AS b\nCOPY . /app\nFROM c\nCOPY --from=b /app /app", True),
    ("FROM a AS b\nWORKDIR /srv\nWORKDIR app\nCOPY . .\nFROM c\nCOPY --from=B /srv /srv", True),
    ("FROM a AS b\nCOPY . /app\nFROM c\nCOPY --from=b /app/dist /app", False),
    ("FROM a AS b\nCOPY . /app\nFROM c\nCOPY --from=b /application /app", False),
    ("FROM a AS b\nCOPY . /application\nFROM c\nCOPY --from=b /app /app", False),
    ("FROM a\nCOPY . /app\nFROM c\nCOPY --from=0 / /", True),
    ("FROM a AS b\nCOPY . /app\nFROM b", True),
    ("FROM a AS b\nCOPY . /app\nFROM c", False),
]


@pytest.mark.parametrize(("text", "expected"), SHIPPED)
def test_what_is_copied_reaches_the_shipped_image(text: str, expected: bool) -> None:
    built = _image(text)
    stage = built.stages[0]
    copy = next(each for each in stage.instructions if each.keyword == "COPY")
    assert copied(copy) == (".",)
    assert ships(built, stage, destination_of(built, stage, copy)) == expected


MENDS = [
    ('CMD ["a", "--reload", "b"]', '"--reload"', 'CMD ["a", "b"]'),
    ('CMD ["a","--reload"]', '"--reload"', 'CMD ["a"]'),
    ('CMD ["a", \\\n  "--reload"]', '"--reload"', 'CMD ["a"]'),
    ("CMD a --reload b", "--reload", "CMD a b"),
    ("CMD a \\\n  --reload \\\n  b", "--reload", "CMD a \\\n  b"),
    ("CMD a \\\n# why\n  --reload", "--reload", None),
    ('CMD ["--reload", "b"]', '"--reload"', None),
    ('CMD ["sh", "-c", "a --reload"]', '"a --reload"', None),
]


@pytest.mark.parametrize(("text", "place", "expected"), MENDS)
def test_dropping_a_word(text: str, place: str, expected: str | None) -> None:
    text = f"FROM a\n{text}\n"
    start = text.index(place)
    request = MendRequest(
        "dockerfile.drop_word",
        Place("Dockerfile", Span(start, start + len(place))),
        (("word", "--reload"),),
    )
    fix = drop_word(request, Source("Dockerfile", text))
    if expected is None:
        assert fix is None
    else:
        assert fix is not None
        (edit,) = fix.edits
        assert text[: edit.span.start] + edit.text + text[edit.span.end :] == f"FROM a\n{expected}\n"


def test_contexts_are_found_out_once_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each looks at every file: once an image and rule, they took three quarters of 10,000 files' run."""
    made: list[int] = []
    make = Contexts.__init__

    def counted(self: Contexts, *given: Any) -> None:
        made.append(1)
        make(self, *given)

    monkeypatch.setattr(Contexts, "__init__", counted)
    image = "FROM node:22.1\nCOPY . .\nCOPY absent.js .\nRUN npm install\nEXPOSE 80\nCMD node x.js\n"
    root = repository_from({"a/Dockerfile": image, "b/Dockerfile": image, "x.js": ""}, tmp_path / "root")
    rules = ("copy-source-missing", "dockerignore-gap", "healthcheck-missing", "npm-install-in-image")
    run(Request(root, policy="runcrew", select=rules))
    assert len(made) == 1
