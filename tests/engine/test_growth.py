"""Twice as many of something cost twice as much: calls and lines are counted, for a clock is not exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runcrew_lint.checks.nginx import http_not_redirected
from runcrew_lint.domains.containers import context
from runcrew_lint.domains.environment import files
from runcrew_lint.domains.migrations import lookups
from runcrew_lint.engine import mend, promises
from runcrew_lint.engine.run import Request, run
from runcrew_lint.mends import python_moves
from tests.engine.counting import lines_run
from tests.fixtures_git import repository_from

pytestmark = pytest.mark.usefixtures("git")


def _env_files(count: int) -> dict[str, str]:
    return {f"d{each}/.env.example": "A=1\n" for each in range(count)}


def _servers(count: int) -> dict[str, str]:
    server = "server {{ listen 80; server_name s{0}.example.com; location / {{ proxy_pass http://a{0}; }} }}"
    servers = "\n".join(server.format(each) for each in range(count))
    return {"nginx.conf": f"events {{}}\nhttp {{\n{servers}\n}}\n"}


def _lone_images(count: int) -> dict[str, str]:
    return {f"d{each}/Dockerfile": "FROM python:latest\n" for each in range(count)}


def _excuses(count: int) -> dict[str, str]:
    each = "  - {{rules: [base-untagged], paths: [x{}], reason: a throwaway image, until: 2027-01-31}}\n"
    said = "".join(map(each.format, range(count)))
    return {**_lone_images(count), ".runcrew-lint.yaml": f"extends: recommended\nexcuses:\n{said}"}


def _runs(count: int) -> dict[str, str]:
    return {"Dockerfile": "FROM python:3.13\n" + "RUN apt-get install x\n" * count}


def _partitions(count: int) -> dict[str, str]:
    part = "    op.execute('CREATE TABLE t{0} PARTITION OF t FOR VALUES IN ({0})')\n"
    made = "    op.execute('CREATE TABLE t (id bigint PRIMARY KEY) PARTITION BY LIST (id)')\n"
    rest = "    op.execute('CREATE TABLE rest PARTITION OF t DEFAULT')\n"
    head = 'from alembic import op\nrevision = "a"\ndown_revision = None\n\n\ndef upgrade():\n'
    return {
        "alembic.ini": "[alembic]\nscript_location = alembic\n",
        "alembic/env.py": "",
        "alembic/versions/a.py": head + made + rest + "".join(map(part.format, range(count))),
    }


def _workflow(steps: str, on: str = "push") -> dict[str, str]:
    jobs = f"jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}"
    return {".github/workflows/a.yml": f"on: {on}\n{jobs}"}


def _outputs(count: int) -> dict[str, str]:
    made = '      - {{id: s{0}, run: "echo v={0} >> $GITHUB_OUTPUT"}}\n'
    asked = "      - run: npm run x${{{{ steps.s{0}.outputs.v }}}}\n"
    return _workflow("".join(each.format(at) for each in (made, asked) for at in range(count)))


def _chained_jobs(count: int) -> dict[str, str]:
    job = "  j{0}: {{needs: [{1}], runs-on: ubuntu-24.04, steps: [{{run: npm test}}]}}\n"
    jobs = "".join(job.format(at, f"j{at - 1}" if at else "") for at in range(count))
    return {".github/workflows/a.yml": f"on: push\njobs:\n{jobs}"}


def _overrides(count: int) -> dict[str, str]:
    each = "  - {{paths: [d{}/**], at_most: {{all: info}}}}\n"
    said = "".join(map(each.format, range(count)))
    return {**_lone_images(count), ".runcrew-lint.yaml": f"extends: recommended\noverrides:\n{said}"}


def _checkouts(count: int) -> dict[str, str]:
    return _workflow("      - {uses: actions/checkout@v4, with: {path: a}}\n" * count)


def _injections(count: int) -> dict[str, str]:
    return _workflow("      - run: echo ${{ github.event.issue.title }}\n" * count, "issues")


def _awaiting_workflows(count: int) -> dict[str, str]:
    head = "name: n{0}\non: {{workflow_run: {{workflows: [n{1}], types: [completed]}}}}\n"
    jobs = "jobs: {{a: {{runs-on: ubuntu-24.04, steps: [{{run: npm test}}]}}}}\n"
    named = (head + jobs).format
    return {f".github/workflows/w{each}.yml": named(each, each + 1) for each in range(count)}


def _compared_refs(count: int) -> dict[str, str]:
    asked = " || ".join(f"github.ref == 'refs/heads/b{each}'" for each in range(10 * count))
    return _workflow(f"      - if: {asked}\n        run: eas build --profile production\n")


def _buckets(count: int) -> dict[str, str]:
    bucket = 'resource "aws_s3_bucket" "b{0}" {{\n  bucket = "b{0}"\n}}\n'
    return {"main.tf": "".join(map(bucket.format, range(count)))}


def _included_servers(count: int) -> dict[str, str]:
    server = "server {{ listen 443 ssl; server_name s{}.example.com; }}\n"
    files = {f"conf.d/{each}.conf": server.format(each) for each in range(count)}
    return {"nginx.conf": "events {}\nhttp {\n  include conf.d/*.conf;\n}\n", **files}


def _built_services(count: int) -> dict[str, str]:
    services = "".join(f"  s{each}: {{build: ./d{each}}}\n" for each in range(count))
    files = {f"d{each}/Dockerfile": "FROM python:3.13\n" for each in range(count)}
    return {"compose.yml": f"services:\n{services}", **files}


def _unlike_names(count: int) -> dict[str, str]:
    lines = "".join(f"      V1000{each}: ${{W1000{each}}}\n" for each in range(count))
    return {"compose.yml": f"services:\n  a:\n    image: nginx:1.27\n    environment:\n{lines}"}


def _built_indexes(count: int) -> dict[str, str]:
    head = "import sqlalchemy as sa\nfrom alembic import op\n\n"
    made = '    op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True))\n'
    added = '    op.add_column("t", sa.Column("a", sa.Integer))\n'
    built = "".join(f'    op.create_index("ix{each}", "t", ["a"])\n' for each in range(count))
    first = f'revision = "a"\ndown_revision = None\n\n\ndef upgrade():\n{made}'
    then = f'revision = "b"\ndown_revision = "a"\n\n\ndef upgrade():\n{added}{built}'
    back = "\n\ndef downgrade():\n"
    return {
        "alembic.ini": "[alembic]\nscript_location = alembic\n",
        "alembic/env.py": "",
        "alembic/versions/a.py": f'{head}{first}{back}    op.drop_table("t")\n',
        "alembic/versions/b.py": f'{head}{then}{back}    op.drop_column("t", "a")\n',
    }


class _Counted:
    """A function that is what it was, and counts its calls."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self._real, self.calls = real, 0

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        return self._real(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Walk(_Counted):
    """A generator, and what it gave."""

    def __call__(self, *arguments: Any) -> Any:
        for each in self._real(*arguments):
            self.calls += 1
            yield each


class _Pattern(_Counted):
    """The same for what a pattern is matched against."""

    def match(self, text: str) -> Any:
        return self(text)


@pytest.mark.parametrize(
    ("shape", "module", "name"),
    [
        (_env_files, files, "fnmatchcase"),
        (_servers, http_not_redirected, "_tls"),
        (_lone_images, context, "_BESIDE"),
        (_excuses, promises, "_date"),
        (_partitions, lookups, "_walked"),
        (_built_indexes, python_moves, "_body"),
    ],
)
def test_it_grows_with_what_is_there(
    shape: Callable[[int], dict[str, str]],
    module: Any,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = getattr(module, name)
    calls = []
    for count in (20, 40):
        counted = {"_BESIDE": _Pattern, "_walked": _Walk}.get(name, _Counted)(getattr(real, "match", real))
        monkeypatch.setattr(module, name, counted)
        run(Request(repository_from(shape(count), tmp_path / str(count))))
        calls.append(counted.calls)
    assert calls[0], "it is asked at all"
    assert calls[1] <= 2.2 * calls[0]


@pytest.mark.parametrize(
    "shape",
    [
        _awaiting_workflows,
        _buckets,
        _built_services,
        _chained_jobs,
        _checkouts,
        _compared_refs,
        _excuses,
        _included_servers,
        _injections,
        _outputs,
        _overrides,
        _unlike_names,
    ],
)
def test_no_function_runs_more_than_twice_the_lines(
    shape: Callable[[int], dict[str, str]], tmp_path: Path
) -> None:
    run(Request(repository_from(shape(80), tmp_path / "before")))  # fills what is kept for the process
    few, many = (_lines_run(repository_from(shape(count), tmp_path / str(count))) for count in (40, 80))
    assert many.total() > 1.2 * few.total(), "the more there is, the more is done"
    grown = {name: (few[name], lines) for name, lines in many.items() if lines > 2.3 * few[name] + 80}
    assert not grown


def _lines_run(root: Path) -> Counter[str]:
    with lines_run() as counted:
        run(Request(root))
    return counted


def test_a_file_is_decoded_once_however_many_fixes_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = _Counted(mend.text_of)
    monkeypatch.setattr(mend, "text_of", counted)
    findings = run(Request(repository_from(_runs(20), tmp_path / "root"))).report.findings
    assert sum(each.fix is not None for each in findings) == 20
    assert counted.calls == 1
