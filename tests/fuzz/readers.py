"""What is fuzzed: each reader by name, as which file it meets a text, and what it begins with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yaml import safe_load

from runcrew_lint.catalogue.load import load
from runcrew_lint.catalogue.words import words_of
from runcrew_lint.documents import dockerfile, env, hcl, nginx, python, shell, sql, yaml
from runcrew_lint.documents import json as json_
from runcrew_lint.documents.spliced import Mark, Spliced
from runcrew_lint.domains.containers.facts import IgnoreLine
from runcrew_lint.domains.containers.ignoring import cleaned, keeps_out
from runcrew_lint.domains.kinds import KINDS, FactKind
from runcrew_lint.domains.lattice import unknown
from runcrew_lint.domains.migrations import statements
from runcrew_lint.domains.promises.read import read as read_promises
from runcrew_lint.domains.review.globs import owner_glob
from runcrew_lint.domains.workflows import evaluate, expressions, globs
from runcrew_lint.model.errors import SetupError, Unreadable
from runcrew_lint.policy.load import load as load_policy
from runcrew_lint.policy.patterns import objection
from runcrew_lint.text import Source, Span

HERE = Path(__file__).parent
REFUSALS = (Unreadable, SetupError, expressions.ExpressionError)
_WORKFLOW = """on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    env: {{TOKEN: "${{{{ secrets.TOKEN }}}}"}}
    steps:
      - uses: actions/checkout@v4
      - if: {condition}
        run: {script}
"""
_VERSION = "alembic/versions/0001_first.py"
_REVISION = "from alembic import op\nimport sqlalchemy as sa\nrevision = '1'\ndown_revision = None\n"


@dataclass(frozen=True)
class Reader:
    """One thing that reads what others wrote.

    Arguments:
        path: as which file a text is read.
        parse: its own entry; what it refuses, it refuses by one of its own errors.
        around: the files that a text becomes, where it is no file by itself.
        kind: the kind of fact whose files in the rules' examples are of its language.
        plant: a line that holds a secret, with `{}` for it.
    """

    name: str
    path: str
    parse: Callable[[Source], object]
    kind: str = ""
    around: Callable[[str], Mapping[str, str]] | None = None
    plant: str = "# {}"

    @property
    def words(self) -> list[str]:
        """What its language is made of."""
        return _words()[self.name]

    def files(self, text: str) -> dict[str, str]:
        """The small repository that a text makes."""
        return dict(self.around(text)) if self.around else {self.path: text}


@cache
def _words() -> dict[str, list[str]]:
    written = safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return {name: text.split() for name, text in written.items()}


def _statements(source: Source) -> object:
    return sql.statements(source.text), list(statements.read(source.text))


def _expression(source: Source) -> object:
    expressions.pieces(source.text)
    evaluate.interpolate(source.text, _lookup)
    evaluate.condition(source.text, _lookup)
    return evaluate.evaluate(expressions.parse(source.text), _lookup)


def _lookup(path: tuple[str, ...]) -> Any:
    return unknown(f"{'.'.join(path)} is known when it runs")


def _script(source: Source) -> object:
    return shell.parse(Spliced(source.text, (Mark(0, 0),)))


class _Only:
    """A tree of one file."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __call__(self, file: Path) -> bytes | None:
        return self._source.text.encode() if file.name == self._source.path else None

    def below(self, folder: Path) -> Iterable[Path]:
        return ()


def _policy(source: Source) -> object:
    return load_policy(Path("/"), None, load().policies, _Only(source))


def _patterns(source: Source) -> object:
    """The first line is a path, as long as systems let it be (PATH_MAX); each other one is a pattern."""
    path, *patterns = source.text.split("\n")
    path = path[:4096]
    for each in patterns:
        owner_glob(each)(path)
        objection(each)
    ignoring = [IgnoreLine(cleaned(each), each[:1] == "!", Span(0, 0)) for each in patterns if each]
    keeps_out(ignoring, path)
    globs.matches(patterns, path)
    for each in patterns:
        with suppress(globs.BadGlob):
            globs.check(each)
    return None


def _promises(source: Source) -> object:
    return [read_promises(Source(path, source.text)) for path in ("a.py", "a.sql", "a.ts", "a.md", "a.yaml")]


def _as_revision(text: str) -> dict[str, str]:
    whole = text if "down_revision" in text else _REVISION + text
    return {"alembic.ini": "[alembic]\nscript_location = alembic\n", _VERSION: whole}


def _as_condition(text: str) -> dict[str, str]:
    return {".github/workflows/a.yml": _WORKFLOW.format(condition=json.dumps(text), script=json.dumps(text))}


def _as_script(text: str) -> dict[str, str]:
    called = _WORKFLOW.format(condition="always()", script="bash deploy.sh production")
    return {".github/workflows/a.yml": called, "deploy.sh": text, "entrypoint.sh": text}


def _as_patterns(text: str) -> dict[str, str]:
    ignored = dict.fromkeys((".gitignore", ".dockerignore", "CODEOWNERS"), text)
    quoted = json.dumps(text.split("\n"))
    workflow = f"on: {{push: {{branches: {quoted}, paths: {quoted}}}}}\njobs: {{}}\n"
    return {**ignored, "Dockerfile": "FROM a\nCOPY . .\n", ".github/workflows/a.yml": workflow}


def _as_texts(text: str) -> dict[str, str]:
    names = ("py", "ts", "yaml", "json", "md", "properties", "xml", "dart", "env", "tf", "toml", "sh")
    return {f"app/settings.{name}": text for name in names}


def _as_promises(text: str) -> dict[str, str]:
    return {f"a.{name}": text for name in ("py", "sql", "ts", "md", "yaml")}


_READERS = (
    Reader("yaml", ".github/workflows/a.yml", yaml.parse_all, "workflow"),
    Reader("json", "eas.json", json_.parse_relaxed, "eas", plant='"token": "{}",'),
    Reader("dockerfile", "Dockerfile", dockerfile.parse, "image", plant="ENV TOKEN={}"),
    Reader("compose", "compose.yaml", yaml.parse, "compose"),
    Reader("nginx", "nginx/nginx.conf", nginx.parse, "nginx"),
    Reader("terraform", "main.tf", hcl.parse, "terraform", plant='token = "{}"'),
    Reader("env", ".env.production", env.parse, "env-file", plant="TOKEN={}"),
    Reader("sql", "migrations/0001_first.up.sql", _statements, "sql-migration", plant="-- {}"),
    Reader("alembic", _VERSION, python.parse, "migration", _as_revision),
    Reader("expression", "a.txt", _expression, around=_as_condition, plant=" {} "),
    Reader("shell", "deploy.sh", _script, around=_as_script),
    Reader("policy", ".runcrew-lint.yaml", _policy),
    Reader("patterns", "a.txt", _patterns, around=_as_patterns),
    Reader("promises", "a.py", _promises, around=_as_promises),
    Reader("secrets", "app/settings.py", lambda _: None, around=_as_texts),
)
READERS = {each.name: each for each in _READERS}


@cache
def corpus(name: str) -> tuple[str, ...]:
    """What a reader begins with: texts of its own, and those of the rules' examples that are of its kind."""
    own = [file.read_text(encoding="utf-8") for file in sorted((HERE / "corpus" / name).glob("*"))]
    kind = KINDS.get(READERS[name].kind)
    files = (item for files in repositories() for item in files.items())
    claimed = {text for path, text in files if kind and claims(kind, path, text)}
    return tuple(own + sorted(claimed))


def claims(kind: FactKind, path: str, text: str) -> bool:
    """Whether a run would ask a kind's reader about a file."""
    return kind in kinds_of(path, text)


def kinds_of(path: str, text: str) -> list[FactKind]:
    """The kinds whose readers a run would ask about a file."""
    written = text.encode()
    return [
        kind
        for kind in _kinds_by_name(path)
        if not kind.needles or any(each in written for each in kind.needles)
    ]


@cache
def _kinds_by_name(path: str) -> tuple[FactKind, ...]:
    return tuple(kind for kind in KINDS.values() if kind.claims.match(path))


@cache
def repositories() -> tuple[dict[str, str], ...]:
    """The examples of all rules, each as its files."""
    return tuple(_repositories())


def _repositories() -> Iterator[dict[str, str]]:
    for rule in load().rules.values():
        for example in words_of(rule).get("examples", ()):
            files = example.get("bad") or example["good"]
            yield {path: text or "" for path, text in files.items()}
