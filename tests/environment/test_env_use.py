"""Which variables each kind of file reads and gives; `!` marks what a program needs at its start."""

from __future__ import annotations

import os

import pytest

from runcrew_lint.domains.environment import use
from runcrew_lint.text import Source
from tests.bounded import must_end
from tests.consulting import Consulting

READING = Consulting({})


def told(path: str, text: str) -> tuple[list[str], list[str]]:
    """The reads (`A?` where something stands in for it) and what is given, `name@environment`."""
    fact = use.read(Source(path, text), READING)
    if fact is None:
        return [], []
    for span in (*(each.span for each in fact.reads), *(each.span for each in fact.given)):
        assert text[slice(*span)]
    marks = [f"{each.name}{'!' if each.is_required else '' if each.is_open else '?'}" for each in fact.reads]
    return sorted(marks), sorted(f"{each.name}@{each.environment}".rstrip("@") for each in fact.given)


SETTINGS = "from pydantic import Field\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"


@pytest.mark.parametrize(
    ("fields", "reads"),
    [
        ("class S(BaseSettings):\n    token: str\n    port: int = 1\n", ["PORT?", "TOKEN!"]),
        ("class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='app_')\n    key: str\n",
         ["APP_KEY!"]),
        ("class S(BaseSettings):\n    class Config:\n        env_prefix = 'X_'\n    key: str\n", ["X_KEY!"]),
        ("class S(BaseSettings, case_sensitive=True):\n    Key: str\n", ["Key!"]),
        ("class S(BaseSettings):\n    key: str = Field(alias='OTHER')\n", ["OTHER!"]),
        ("class S(BaseSettings):\n    key: str = Field(validation_alias=AliasChoices('A', 'B'))\n",
         ["A?", "B?"]),
        ("class S(BaseSettings):\n    key: str = Field(...)\n    b: int = Field(3)\n", ["B?", "KEY!"]),
        ("class S(BaseSettings):\n    keys: list[str] = Field(default_factory=list)\n", ["KEYS?"]),
        ("class A(BaseSettings):\n    a: str\nclass B(A):\n    b: str\n", ["A!", "A!", "B!"]),
        ("class D(BaseModel):\n    host: str\nclass S(BaseSettings):\n"
         "    model_config = {'env_nested_delimiter': '__'}\n    db: D\n", ["DB__HOST!"]),
        ("class S(BaseSettings):\n    kind: ClassVar[str] = 'x'\n    _own: str\n", []),
        ("class S(BaseModel):\n    token: str\n", []),
    ],
)  # fmt: skip
def test_pydantics_settings(fields: str, reads: list[str]) -> None:
    text = SETTINGS + "from pydantic import BaseModel, AliasChoices\nfrom typing import ClassVar\n" + fields
    assert list(dict.fromkeys(told("app/config.py", text)[0])) == list(dict.fromkeys(reads))


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("const a = process.env.A;", ["A"]),
        ("const a = process.env['A'] ?? 'x';", ["A?"]),
        ("const a = process.env.A || 'x', b = process.env.B!;", ["A?", "B"]),
        ("if (process.env.A) {}", ["A?"]),
        ("const a = process.env.A?.trim(), b = process.env.B.trim();", ["A?", "B"]),
        ("const a = process.env?.A ? process.env.A.trim() : 'x';", ["A?", "A?"]),
        ("const a = f(process.env.A) ? 1 : process.env.A;", ["A", "A?"]),
        ("if (process.env.AB) { f(process.env.A); } else { g(process.env.AB); }", ["A", "AB?", "AB?"]),
        ("if (!process.env.A) throw 1; f(process.env.A);", ["A", "A?"]),
        ("const { A, B = 'x', C: c } = process.env;", ["A", "B?", "C"]),
        ("const a = import.meta.env.VITE_A as string;", ["VITE_A"]),
        ("import Config from 'react-native-config';\nconst a = Config.API_URL;", ["API_URL"]),
        ("import { A, type B } from '@env';", ["A"]),
        ("import { KEY } from '$env/static/private';", ["KEY"]),
        ("// process.env.A\nconst s = 'process.env.B';", []),
        ("process.env.A = 'x';", ["A?"]),
        ("const a = globalThis.process.env.A, b = other.process.env.B;", ["A"]),
        ("const a = `${process.env.A}`;", ["A"]),
        ("(c: ConfigService) => f(c.get('A'), c.get<number>('B', 1), d.get('C'))", ["A", "B?"]),
        ("const c = app.get(ConfigService);\nf(c.getOrThrow<string>('A'), c.get('B') ?? 1)", ["A!", "B?"]),
        (
            "(c: ConfigService) => {\n  // c.get('A')\n  f('c.get(`B`)', c\n    .get(`D`));\n}",
            ["D"],
        ),
        ("(c: ConfigService) => c.get('db.host')", []),
        ("var a = __webpack_require__(1);\nf(process.env.A);", []),
    ],
)
def test_script(text: str, reads: list[str]) -> None:
    assert told("src/a.ts", text + "\n")[0] == reads


NEST = "(c: ConfigService) => c.get(`A_${b}`) + c.get('db.host')"


def test_script_that_asks_for_what_it_makes_up() -> None:
    for text in (
        "const a = process.env[name];",
        "f(process.env)",
        "const { A, ...rest } = process.env;",
        NEST,
    ):
        fact = use.read(Source("a.ts", text), READING)
        assert fact
        assert len(fact.dynamic) == 1


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ('echo "$APP_TOKEN ${APP_URL}"', ["APP_TOKEN", "APP_URL"]),
        ("echo ${APP_A:-x} ${APP_B-} ${APP_C:?gone} ${APP_D:+y}", ["APP_A?", "APP_B?", "APP_C", "APP_D?"]),
        ("APP_A=1\nexport APP_B=2\nlocal -r APP_C=3\necho $APP_A $APP_B $APP_C", []),
        ("for APP_A in x; do echo $APP_A; done\nread -r APP_B\necho $APP_B", []),
        ("# $APP_A\necho '$APP_B' \\$APP_C", []),
        ("cat <<'END'\n$APP_A\nEND\necho $APP_B", ["APP_B"]),
        ("cat <<-'END' > x\n\t$APP_A\n\tEND\necho $APP_B", ["APP_B"]),
        ("cat <<'END'\necho $APP_A", ["APP_A"]),
        ("cat <<END\n$APP_A\nEND", ["APP_A"]),
        ('echo "isn\'t"\nAPP_A=1\nsed \'s/x/y/\' "$APP_A"', []),
        ("echo isn\\'t\nAPP_A=1\nsed 's/x/y/' \"$APP_A\"", []),
        ("cat <<END\nisn't\nEND\nAPP_A=1\nsed 's/x/y/' \"$APP_A\"", []),
        ('echo "# $APP_A"', ["APP_A"]),
        ("git commit -m \"$(cat <<'END'\n$APP_A\nEND\n)\" && echo $APP_B", ["APP_B"]),
        ("cat <<< $APP_A", ["APP_A"]),
        ("source .env\necho $APP_A", ["APP_A?"]),
        ("echo \"$(a 'b') can't\"\nAPP_A=1\necho \"isn't $APP_A\"", []),
        ("echo $PATH $HOME $GITHUB_SHA", []),
    ],
)
def test_shell(text: str, reads: list[str]) -> None:
    assert told("deploy/run.sh", text + "\n")[0] == reads


@pytest.mark.parametrize(
    ("path", "text", "reads", "given"),
    [
        ("docker-compose.yml",
         "services:\n  a:\n    image: x:${APP_TAG}\n    environment:\n      A:\n      B: ${APP_B:-2}\n",
         ["A", "APP_B?", "APP_TAG"], ["A@development", "B@development"]),
        ("docker-compose.prod.yml", "services:\n  a:\n    environment: [A=1, B]\n",
         ["B"], ["A@production", "B@production"]),
        ("compose.yml", "services:\n  a:\n    command: echo $$APP_A # ${APP_B}\n", [], []),
        (".github/workflows/a.yml", "env: {A: 1}\njobs:\n  j:\n    env: {B: 1}\n    steps: [{env: {C: 1}}]\n",
         [], ["A", "B", "C"]),
        ("eas.json", '{"build": {"production": {"env": {"A": "1"}, "ios": {"env": {"B": "1"}}}}}',
         [], ["A@production", "B@production"]),
        ("k8s/app.yaml", "apiVersion: apps/v1\ncontainers:\n  - env:\n      - {name: A, value: x}\n",
         [], ["A@production"]),
        ("k8s/test/app.yaml", "apiVersion: v1\nspec:\n  env:\n    - name: A\n", [], ["A@test"]),
        ("chart/templates/a.yaml", "apiVersion: v1\nenv:\n  - name: {{ .Values.x }}\n", [], []),
        ("deploy/task.json",
         '{"containerDefinitions": [{"environment": [{"name": "A"}], "secrets": [{"name": "B"}]}]}',
         [], ["A@production", "B@production"]),
        ("Dockerfile", "FROM x\nARG APP_A=1\nENV APP_B=2 APP_C=3\nENV APP_D old\n",
         [], ["APP_A", "APP_B", "APP_C", "APP_D"]),
        ("Dockerfile", "FROM x\nENV APP_A=1\nEXPOSE ${APP_A}\nRUN echo $APP_B \\$APP_A\n",
         ["APP_A?"], ["APP_A"]),
        ("build.gradle", 'a = System.getenv("A")\nb = System.getenv("B") ?: "x"\n// System.getenv("C")\n',
         ["A", "B?"], []),
        ("fastlane/Fastfile", 'ENV["A"]\nENV["B"] || "x"\nENV.fetch("C")\nd = ENV.fetch("D", "x")\n',
         ["A", "B?", "C", "D?"], []),
        ("infra/main.tf",
         'variable "region" {\n  type = string\n}\nvariable "size" {\n  default = "s"\n}\n'
         'environment = [{ name = "APP_A", value = "1" }]\n',
         ["TF_VAR_region", "TF_VAR_size?"], ["APP_A@production"]),
        ("package.json", '{"name": "a"}', [], []),
        ("broken.json", '{"containerDefinitions": [', [], []),
    ],
)  # fmt: skip
def test_documents(path: str, text: str, reads: list[str], given: list[str]) -> None:
    assert told(path, text) == (reads, given)


SIZE = int(os.environ.get("RUNCREW_LINT_WORST_CASE", "100000"))  # characters
WORST = {
    "x.py": ["import os\nos.environ[", "from p import BaseSettings\nclass A(BaseSettings):\n  x: int\n"],
    "x.ts": [
        "process.env.",
        "f(process.env.A, ",
        "const {A} = process.env;",
        "import {" + "a," * 40,
        "import Config from 'react-native-config';\nConfig.",
        "import C{} from 'react-native-config';\n",
    ],
    "x.sh": ["${AB", "$ABC ", "<<'A'\n", "'a", "export " * 3, "for A ", "# "],
    "compose.yml": ["# ${A}\n", "a: ${A}\n", "$$"],
    "x.tf": ['variable "a" {', 'name = "AB" , '],
    "Dockerfile": ["ENV A=1 \\\n", "ARG a ", "ENV "],
    "Fastfile": ['ENV["A"', "ENV.fetch('A' "],
    "x.gradle": ["System.getenv('A' "],
}  # fmt: skip


@pytest.mark.parametrize(("path", "unit"), [(path, unit) for path, units in WORST.items() for unit in units])
def test_it_ends(path: str, unit: str) -> None:
    with must_end():
        use.read(Source(path, unit * (SIZE // len(unit))), READING)
