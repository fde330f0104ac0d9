"""What twice as many of something cost twice as much: calls are counted, for time is another machine's."""

from __future__ import annotations

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


def test_a_file_is_decoded_once_however_many_fixes_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = _Counted(mend.text_of)
    monkeypatch.setattr(mend, "text_of", counted)
    findings = run(Request(repository_from(_runs(20), tmp_path / "root"))).report.findings
    assert sum(each.fix is not None for each in findings) == 20
    assert counted.calls == 1
