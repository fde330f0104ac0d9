"""Every format gives up the value, at the place of exactly its characters."""

from __future__ import annotations

import random

import pytest

from runcrew_lint.domains.secrets.facts import Kind
from tests.generated import KINDS
from tests.secrets.reading import uses_of

VALUE = KINDS["hex-secret"](random.Random("formats")).decode()
HALF = len(VALUE) // 2
SPLIT = (VALUE[:HALF], VALUE[HALF:])

# `@` stands for the value, `@1` and `@2` for its halves.
ONE_LINE = [
    ("app/settings.py", 'JWT_SECRET = "@"\n'),
    ("app/settings.py", "class Settings(BaseSettings):\n    jwt_secret: str = '@'\n"),
    ("app/settings.py", 'JWT_SECRET = os.getenv("JWT_SECRET", "@")\n'),
    ("app/settings.py", 'JWT_SECRET = os.environ.get("X") or "@"\n'),
    ("app/settings.py", 'os.environ.setdefault("JWT_SECRET", "@")\n'),
    ("app/settings.py", 'jwt_secret: SecretStr = Field(default=SecretStr("@"), min_length=8)\n'),
    ("app/settings.py", 'config = {"jwt": {"jwtSecret": "@"}}\n'),
    ("app/settings.py", 'def sign(payload, *, jwt_secret="@"): ...\n'),
    ("app/settings.py", 'encode(payload,\n       jwt_secret=b"@")\n'),
    ("app/settings.py", 'ok = jwt_secret == "@"\n'),
    ("app/settings.py", 'app.config["JWT_SECRET"] = "@"\n'),
    ("app/settings.py", 'a, jwt_secret = 1, "@"\n'),
    ("app/settings.py", "# 주석 🏃\nJWT_SECRET = '@'  # 값\n"),
    ("app/old.py", 'print "python 2"\nJWT_SECRET = "@"\n'),
    ("src/config.ts", "export const jwtSecret: string = '@';\n"),
    ("src/config.ts", "const c = {\n  jwtSecret: process.env.JWT_SECRET ?? '@',\n};\n"),
    ("src/config.ts", "const jwtSecret = process.env['JWT_SECRET'] || `@`;\n"),
    ("src/config.js", "process.env.JWT_SECRET ||= '@'\n"),
    ("src/config.js", "module.exports = { 'JWT_SECRET': '@' }\n"),
    ("src/App.tsx", '<Provider jwtSecret="@" />\n'),
    ("lib/config.dart", "const jwtSecret = '@';\n"),
    ("src/Config.java", 'private static final String JWT_SECRET = "@";\n'),
    ("src/Config.kt", 'val jwtSecret: String = "@"\n'),
    ("src/Config.kt", 'val jwtSecret = System.getenv("JWT_SECRET") ?: "@"\n'),
    ("ios/Config.swift", 'static let jwtSecret: String = "@"\n'),
    ("config.go", 'const JwtSecret string = "@"\n'),
    ("config.go", 'jwtSecret := "@"\n'),
    ("config.php", "define('JWT_SECRET', '@');\n"),
    ("config.rb", "config.jwt_secret = ENV['X'] || '@'\n"),
    ("src/config.rs", 'const JWT_SECRET: &str = "@";\n'),
    ("docker-compose.prod.yml", "services:\n  app:\n    environment:\n      JWT_SECRET: @\n"),
    ("docker-compose.prod.yml", "services:\n  app:\n    environment:\n      - JWT_SECRET=@\n"),
    ("docker-compose.prod.yml", "services:\n  app:\n    environment:\n      - 'JWT_SECRET=@'\n"),
    ("docker-compose.prod.yml", "x: &jwt '@'\ny: {JWT_SECRET: *jwt}\n"),
    ("k8s/app.yaml", "env:\n  - name: JWT_SECRET\n    value: '@'\n"),
    ("k8s/app.yaml", "env:\n  - {value: '@', name: JWT_SECRET}\n"),
    ("k8s/app.yaml", "kind: Secret\nstringData:\n  jwt-secret: |\n    @\n"),
    ("helm/templates/app.yaml", "env:\n  {{- if .x }}\n  - name: JWT_SECRET\n    value: '@'\n  {{- end }}\n"),
    (
        ".github/workflows/ci.yml",
        "jobs:\n  a:\n    steps:\n      - run: |\n          export JWT_SECRET=@\n          pytest\n",
    ),
    ("task.json", '{"environment": [{"name": "JWT_SECRET", "value": "@"}]}\n'),
    ("task.json", '{"value": "@", "name": "JWT_SECRET"}\n'),
    ("config.json", '{"auth": {"jwtSecret": "@"}}\n'),
    ("package.json", '{"scripts": {"start": "JWT_SECRET=@ node ."}}\n'),
    ("app.json5", "{jwtSecret: '@'}\n"),
    ("config.toml", '[auth]\njwt_secret = "@"\n'),
    ("config.ini", "[auth]\njwt_secret: @\n"),
    ("application.properties", "app.jwt.secret=@\n"),
    ("Config.xcconfig", "JWT_SECRET = @\n"),
    ("app/build.gradle", 'storePassword "@"\n'),
    ("app/build.gradle.kts", 'storePassword = "@"\n'),
    ("app/build.gradle", "buildConfigField 'String', 'JWT_SECRET', '\"@\"'\n"),
    ("app/build.gradle", "ext.set('jwtSecret', '@')\n"),
    ("app/build.gradle", "manifestPlaceholders = [jwtSecret: '@']\n"),
    ("app/build.gradle.kts", 'extra["jwtSecret"] = "@"\n'),
    ("app/build.gradle.kts", 'buildConfigField("String", "JWT_SECRET", "\\"@\\"")\n'),
    ("Config.xcconfig", "JWT_SECRET = @ // key\n"),
    ("notebook.ipynb", '{"cells": [{"cell_type": "code", "source": ["JWT_SECRET = \\"@\\"\\n", "x"]}]}\n'),
    ("deploy/app.yaml", "env: {JWT_SECRET: @}\n"),
    ("deploy/app.yaml", "env: {JWT_SECRET: @, OTHER: b}\n"),
    ("deploy/app.yaml", "env: [{name: JWT_SECRET, value: @}]\n"),
    ("deploy/app.yaml", "env: [JWT_SECRET=@, OTHER=b]\n"),
    ("k8s/app.yaml", "kind: ConfigMap\ndata:\n  app.properties: |\n    jwt.secret=@\n"),
    ("task.json", '{"containerDefinitions": [{"environment": [{"name": "JWT_SECRET", "value": "@"}]}]}\n'),
    ("main.tf", 'x = jsonencode([{name = "JWT_SECRET", value = "@"}])\n'),
    ("main.tf", 'environment {\n  variables = {\n    JWT_SECRET = "@"\n  }\n}\n'),
    ("main.tf", "user_data = <<-EOF\n  export JWT_SECRET=@\n  EOF\n"),
    ("init.sql", "INSERT INTO settings (key, value) VALUES ('jwt_secret', '@');\n"),
    ("README.md", "```python\nJWT_SECRET = '@'\n```\n"),
    ("README.md", "~~~yaml\nJWT_SECRET: @\n~~~\n"),
    ("src/config.ts", "const jwtSecret = isLocal ? '@' : ''\n"),
    ("src/config.ts", "const jwtSecret = load() ?? (given || '@')\n"),
    ("src/config.ts", "const jwtSecret = Buffer.from('@', 'hex')\n"),
    ("src/config.ts", "const { jwtSecret = '@' } = process.env\n"),
    ("src/config.ts", "const schema = z.object({ JWT_SECRET: z.string().default('@') })\n"),
    ("src/config.ts", "enum Key { JWT_SECRET = '@' }\n"),
    ("src/App.tsx", "<Provider jwtSecret={'@'} />\n"),
    ("src/config.js", "const jwtSecret = getJwtSecret() ?? '@'\n"),
    ("src/config.js", 'const given = \'{\\"jwtSecret\\": \\"@\\"}\';\n'),
    ("src/config.js", "const given = `<jwtSecret>@</jwtSecret>`;\n"),
    ("src/App.jsx", "const jwtSecret = '@' // 한글 🏃\n"),
    ("Info.plist", "<key>JWT_SECRET</key>\n<string>@</string>\n"),
    ("res/values/keys.xml", '<string name="jwt_secret">@</string>\n'),
    ("settings.xml", "<server><password>@</password></server>\n"),
    ("app.config", '<add key="JwtSecret" value="@" />\n'),
    ("run.sh", "export JWT_SECRET=@\n"),
    ("run.sh", 'JWT_SECRET="${JWT_SECRET:-@}" ./run\n'),
    ("run.sh", "docker run -e JWT_SECRET=@ app\n"),
    ("run.sh", "mysql --password @\n"),
    ("Makefile", "run:\n\tJWT_SECRET=@ ./run\n"),
    ("Dockerfile", "FROM a:1\nENV JWT_SECRET=@ OTHER=1\n"),
    ("Dockerfile", "FROM a:1\nENV JWT_SECRET @\n"),
    ("Dockerfile", "FROM a:1\nARG JWT_SECRET=@\n"),
    (".env", "JWT_SECRET=@ # local\n"),
    (".env", "export JWT_SECRET='@'\n"),
    ("main.tf", 'variable "jwt_secret" {\n  type = string\n  default = "@"\n}\n'),
    ("prod.tfvars", 'jwt_secret = "@"\n'),
    ("init.sql", "CREATE ROLE app PASSWORD '@';\n"),
    ("README.md", "```bash\nexport JWT_SECRET=@\n```\n"),
    ("notes", "JWT_SECRET=@\n"),
]
SPLIT_UP = [
    ("app/settings.py", 'JWT_SECRET = ("@1"\n              "@2")\n'),
    ("app/settings.py", 'JWT_SECRET = "@1" + "@2"\n'),
    ("src/config.ts", "const jwtSecret = '@1' +\n  '@2';\n"),
    ("src/Config.java", 'String JWT_SECRET = "@1"\n    + "@2";\n'),
    ("lib/config.dart", "const jwtSecret = '@1'\n    '@2';\n"),
    ("src/config.ts", "const jwtSecret = ['@1',\n  '@2'].join('');\n"),
    ("src/config.ts", "const jwtSecret = (`@1` + '@2');\n"),
    ("src/config.ts", "const jwtSecret = '@1' + // one half\n  /* two */ '@2';\n"),
    ("app/settings.py", "JWT_SECRET = ''.join(['@1', '@2'])\n"),
    ("run.sh", "JWT_SECRET='@1'\"@2\"\n"),
    ("app.properties", "jwt.secret=@1\\\n    @2\n"),
]
NOTHING = [
    ("app/settings.py", 'JWT_SECRET: str\nother = "@"\n'),
    ("app/settings.py", 'JWT_SECRET = load("@")\n'),
    ("app/settings.py", 'JWT_SECRET = f"{prefix}@"\n'),
    ("app/settings.py", 'verify(jwt_secret, digest="@")\n'),
    ("src/config.ts", "const jwtSecret = sign('@')\n"),
    ("src/config.ts", "const jwtSecret = `${prefix}@`\n"),
    ("src/config.ts", "const jwtSecret = ['@1', '@2'].join(given)\n"),
    ("src/config.ts", "// const jwtSecret = get(['@'].join(''))\n"),
    ("main.tf", 'jwt_secret = var.jwt_secret\nbuild = "@"\n'),
    ("docker-compose.prod.yml", "environment:\n  JWT_SECRET: ${JWT_SECRET}\n  BUILD: @\n"),
    ("docker-compose.prod.yml", "JWT_SECRET:\nbuild: @\n"),
    ("task.json", '{"secrets": [{"name": "JWT_SECRET", "valueFrom": "arn:aws:ssm:@"}], "value": "@"}\n'),
    ("README.md", "JWT_SECRET=@ stands outside any fence\n"),
    ("package-lock.json", '{"jwt-secret": "@"}\n'),
    ("Dockerfile", "FROM a:1\nARG JWT_SECRET\nENV BUILD=@\n"),
]


def _written(text: str) -> str:
    return text.replace("@1", SPLIT[0]).replace("@2", SPLIT[1]).replace("@", VALUE)


@pytest.mark.parametrize(("path", "text"), ONE_LINE)
def test_the_value_and_its_place(path: str, text: str) -> None:
    text = _written(text)
    (use,) = uses_of(path, text)
    assert text[use.span.start : use.span.end].strip("${}").removeprefix("JWT_SECRET:-") == VALUE
    assert use.kind is Kind.OPAQUE


@pytest.mark.parametrize(("path", "text"), SPLIT_UP)
def test_a_value_in_pieces(path: str, text: str) -> None:
    text = _written(text)
    (use,) = uses_of(path, text)
    covered = text[use.span.start : use.span.end]
    assert covered.startswith(SPLIT[0])
    assert covered.rstrip("\"'").endswith(SPLIT[1])


def test_a_long_value() -> None:
    """The first literal behind the name, however long it is."""
    value = "".join(random.Random("long").choices("0123456789abcdefghijkABCDEFGHIJK", k=2000))
    for path in ("app/settings.py", "src/config.ts", "config.json"):
        assert len(uses_of(path, f'{{"jwt_secret": "{value}"}}\n')) == 1, path


def test_pieces_too_small_to_tell() -> None:
    pieces = " ".join(f'"{VALUE[at : at + 4]}"' for at in range(0, len(VALUE), 4))
    assert len(uses_of("app/settings.py", f"PUSH_TOKEN = ({pieces})\n")) == 1


@pytest.mark.parametrize(("path", "text"), NOTHING)
def test_what_is_no_value_of_the_name(path: str, text: str) -> None:
    assert uses_of(path, _written(text)) == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("path", "text"), ONE_LINE)
def test_line_ends_change_nothing(path: str, text: str, end: str) -> None:
    assert len(uses_of(path, _written(text).replace("\n", end))) == 1


def test_a_broken_file_is_read_at_its_hits() -> None:
    for path in ("broken.yaml", "broken.json", "broken.py"):
        text = f'{{[ "jwt_secret": "{VALUE}"\n'
        assert len(uses_of(path, text)) == 1, path


def test_kubernetes_data_is_decoded() -> None:
    from base64 import b64encode

    def manifest(value: str) -> str:
        data = b64encode(value.encode()).decode()
        return f"apiVersion: v1\nkind: Secret\ndata:\n  JWT_SECRET: {data}\n"

    assert uses_of("k8s/dev/secret.yaml", manifest("dev-secret")) == ()
    assert len(uses_of("k8s/dev/secret.yaml", manifest(VALUE))) == 1
