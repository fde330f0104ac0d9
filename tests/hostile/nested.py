"""Files that nest or grow without end: each is small, legal as far as it goes, and means harm."""

from __future__ import annotations

from base64 import urlsafe_b64encode

LEVELS = 10_000

_WORKFLOW = (
    "name: a\non: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n"
    "    timeout-minutes: 5\n    steps:\n      - run: %s\n"
)
_REVISION = (
    '"""m"""\nfrom alembic import op\nrevision = "a1"\ndown_revision = None\n\n\n'
    "def upgrade():\n    %s\n\n\ndef downgrade():\n    pass\n"
)


def around(opening: str, closing: str, inner: str = "1", levels: int = LEVELS) -> str:
    """Something in brackets in brackets."""
    return opening * levels + inner + closing * levels


def _workflow(run: str) -> dict[str, str]:
    return {".github/workflows/a.yml": _WORKFLOW % run}


def _expression(text: str) -> dict[str, str]:
    return _workflow('"echo ${{ ' + text + ' }}"')


def _script(text: str) -> dict[str, str]:
    return {"deploy.sh": f"#!/bin/bash\n{text}\n", **_workflow("bash deploy.sh")}


def _revision(statement: str) -> dict[str, str]:
    return {
        "alembic.ini": "[alembic]\nscript_location = alembic\n",
        "alembic/versions/a1_x.py": _REVISION % statement,
    }


def _sql(text: str) -> dict[str, str]:
    return _revision(f"op.execute('{text}')")


def _dockerfile(text: str) -> dict[str, str]:
    return {"Dockerfile": f"FROM debian:12\n{text}\nUSER app\n"}


def _chain(count: int, form: str, between: str = "") -> str:
    return between.join(form.format(at=at, next=at + 1) for at in range(count))


def _token() -> str:
    """A JSON web token whose claims nest."""
    parts = ('{"alg":"HS256","typ":"JWT"}', '{"role":' + "[" * 2_000)
    return ".".join(urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in (*parts, "signed" * 8))


UPGRADE = "alembic upgrade head"

# Each with what a run says of it, in a finding's rule or message; "" where there is nothing to say: the file
# reads, or nobody reads it.
FILES: dict[str, tuple[dict[str, str], str]] = {
    "YAML lists": ({".github/workflows/a.yml": "on: " + around("[", "]")}, "nested deeper than 200 levels"),
    "YAML mappings": ({"compose.yml": "a: " + around("{a: ", "}")}, "nested deeper than 200 levels"),
    "YAML blocks": (
        {"compose.yml": "".join(f"{' ' * at}a:\n" for at in range(2_000))},
        "nested deeper than 200 levels",
    ),
    "YAML aliases": (
        {"compose.yml": "a0: &a0 [x, x]\n" + _chain(40, "a{next}: &a{next} [*a{at}, *a{at}]\n")},
        "aliases make this more than",
    ),
    "YAML that holds itself": ({"compose.yml": "a: &a [*a]\n"}, "the alias *a holds itself"),
    "merges": (
        {"compose.yml": "x0: &a0 {image: a}\n" + _chain(LEVELS, "x{next}: &a{next}\n  <<: *a{at}\n")},
        "aliases make this more than",
    ),
    "services that extend each other": (
        {
            "compose.yml": "services:\n"
            + _chain(500, "  s{at}: {{extends: s{next}}}\n")
            + "  s500: {image: a:1}\n"
        },
        "",
    ),
    "JSON": ({"eas.json": around("[", "]")}, "nested deeper than 200 levels"),
    "JSON5": ({"eas.json": around("{build: ", "}")}, "nested deeper than 200 levels"),
    "profiles that extend each other": (
        {"eas.json": '{"build": {' + _chain(1_000, '"p{at}": {{"extends": "p{next}"}}', ",") + "}}"},
        "eas-broken-extends",
    ),
    "TOML arrays": ({"pyproject.toml": "a = " + around("[", "]")}, ""),
    "TOML tables": ({"pyproject.toml": "a = " + around("{a = ", "}")}, ""),
    "TOML keys": ({"pyproject.toml": ".".join("a" * LEVELS) + " = 1\n"}, ""),
    "HCL": ({"main.tf": "a = " + around("[", "]", "")}, "read no further"),
    "HCL blocks": ({"main.tf": around("resource {\n", "}\n", "")}, "nested deeper than 60 levels"),
    "nginx": ({"nginx.conf": around("location / {\n", "}\n", "")}, ""),
    "shell substitutions": (_script("echo " + around("$(", ")", "a")), "delivery-unresolved"),
    "shell arithmetic": (_script(f"{UPGRADE} $((" + around("(", ")") + "))"), ""),
    "shell tests": (_script("[[ " + around("( ", " )", "a") + f" ]] && {UPGRADE}"), ""),
    "shell groups": (_script(around("{ ", "; }", UPGRADE)), ""),
    "shell conditions": (_script(around("if true; then\n", "fi\n", f"{UPGRADE}\n")), ""),
    "shell documents in documents": (
        _script(
            _chain(1_000, "bash <<E{at}\n")
            + f"{UPGRADE}\n"
            + "".join(f"E{at}\n" for at in range(999, -1, -1))
        ),
        "",
    ),
    "a script that goes on where a command fails": (_script(f"{UPGRADE}\n" * 15_000), ""),
    "a function of many commands, run often": (
        _script("f() {\nreturn\n" + f"{UPGRADE}\n" * 3_000 + "}\n" + "f\n" * 7_000),
        "",
    ),
    "shell functions that double": (
        _script(_chain(LEVELS, "f{at}() {{ f{next}; f{next}; }}\n") + "f0"),
        "delivery-unresolved",
    ),
    "GitHub's brackets": (_expression(around("(", ")", "github.ref")), "it nests"),
    "GitHub's calls": (_expression(around("format(", ")")), "it nests"),
    "GitHub's alternatives": (_expression("a || " * LEVELS + "1"), "is no expression"),
    "GitHub's properties": (_expression("a." * LEVELS + "b"), "is no expression"),
    "jobs that need each other": (
        {
            ".github/workflows/a.yml": "on: push\npermissions: {}\njobs:\n"
            + _chain(1_100, "  j{at}: {{needs: j{next}, runs-on: x, timeout-minutes: 5, steps: []}}\n")
            + "  j1100: {runs-on: x, timeout-minutes: 5, steps: [{run: make}]}\n"
        },
        "more than 1000 jobs",
    ),
    "a Dockerfile's heredocs": (_dockerfile("RUN <<E\nbash <<F\ntrue\nF\nE\n" * 1_000), ""),
    "heredocs on one line": (_dockerfile("RUN " + _chain(LEVELS, " <<E{at}")), "over 65,535 bytes"),
    "triggers of triggers": (_dockerfile("ONBUILD " * LEVELS + "RUN a"), "over 65,535 bytes"),
    "stages on stages": (
        {"Dockerfile": "FROM debian:12 AS s0\n" + _chain(600, "FROM s{at} AS s{next}\nARG A={at}\n")},
        "more than 500 stages",
    ),
    "arguments that double": (
        {
            "Dockerfile": "ARG A0=ab\n"
            + _chain(60, "ARG A{next}=${{A{at}}}${{A{at}}}\n")
            + "FROM $A60\nUSER a\n"
        },
        "",
    ),
    "patterns of arguments": (
        _dockerfile(
            f"ARG A={'a' * 30_000}\nARG B={'a' * 4_000}\nENV C=${{A%%*a*a*b}} D=${{B%%*a*a*a*a*a*b}}"
        ),
        "",
    ),
    "Python's brackets": (
        _revision("op.execute(" + around("(", ")", "'x'") + ")"),
        "too many nested parentheses",
    ),
    "Python's sums": (_revision("op.execute('a'" + " + 'b'" * LEVELS + ")"), "nested too deeply"),
    "Python's names": (_revision("op" + ".a" * LEVELS + "()"), "nested too deeply"),
    "Python that runs for ever": (
        _revision("for n in range(10**9):\n        op.execute(f'select {n}')"),
        "dynamic-sql",
    ),
    "Python that doubles": (
        _revision("a = 'ab'\n" + "    a = a + a\n" * 60 + "    op.execute(a)"),
        "it grows too long",
    ),
    "helpers that double": (
        _revision("h0()" + _chain(2_000, "\n\n\ndef h{at}():\n    h{next}()\n    h{next}()")),
        "it is too long to follow",
    ),
    "SQL's brackets": (_sql("DELETE FROM a WHERE " + around("(", ")")), "unbatched-backfill"),
    "SQL's queries": (
        _sql("DELETE FROM a WHERE b IN " + around("(SELECT c FROM d WHERE e IN ", ")", "(1)")),
        "unbatched-backfill",
    ),
    "SQL's blocks": (
        _sql("DO $a$ " + around("BEGIN ", " END;", "DELETE FROM a;") + " $a$"),
        "delete-without-where",
    ),
    "a DROP of many": (_sql("DROP TABLE " + _chain(3_000, "a{at}", ", ")), "drop-table"),
    "SQL's comments": (_sql(around("/* ", "*/", "") + " LOCK TABLE a"), "lock-table"),
    "TypeScript's brackets": (
        {"a.ts": "const a = " + around("(", ")", "process.env.A")},
        "env-example-missing",
    ),
    "TypeScript's templates": (
        {"a.ts": "const a = " + around("`${", "}`", "process.env.A")},
        "env-example-missing",
    ),
    "Dart's brackets": (
        {"pubspec.yaml": "name: a\n", "lib/a.dart": "final a = " + around("[", "]") + ";"},
        "",
    ),
    "packages that run each other": (
        {
            "package.json": '{"scripts": {'
            + _chain(300, '"s{at}": "npm run s{next} && npm run s{next}"', ",")
            + "}}",
            **_workflow("npm run s0"),
        },
        "",
    ),
    "recipes that need each other": (
        {"Makefile": _chain(LEVELS, "t{at}: t{next}\n\t@$(MAKE) t{next}\n"), **_workflow("make t0")},
        "",
    ),
    "filters of a workflow": (
        {
            ".github/workflows/a.yml": f"on: {{push: {{branches: ['{'*a' * 200}b', '{'**' * 500}'], "
            f"paths: ['{'**/*a*/' * 100}b']}}}}\njobs: {{a: {{runs-on: x, steps: [{{run: make}}]}}}}\n"
        },
        "branch-unknown",
    ),
    "what images leave out": (
        {
            ".dockerignore": "**/*a" * 300 + "\n",
            **_dockerfile("COPY . ."),
            "a" * 200: "",
            "b/" * 40 + "c": "",
        },
        "",
    ),
    "brackets in TypeScript": (
        {"src/a.ts": "export const a = process.env.A;\n" + "[% source " * LEVELS},
        "read no further",
    ),
    "a secret before brackets in TypeScript": (
        {"src/a.ts": "const password = 'hunter2xK9mQ4vT7';\n" + "[% source " * LEVELS},
        "password has its value written out",
    ),
    "what a token claims": ({"src/a.ts": f"const a = '{_token()}';\n"}, ""),
    "attributes in HCL": ({"main.tf": "a = " * LEVELS}, "read no further"),
    "loops in a script": (_script("for(" * LEVELS), ""),
}
