"""The real components that other tests compare with are there, and are what they say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy

from tests.components import component
from tests.components import postgres as postgres_component
from tests.components.component import UnavailableError
from tests.components.postgres import Server


@pytest.mark.parametrize(("fixture", "major"), [("postgres", 18), ("postgres_16", 16)])
def test_a_server_is_of_its_major_version(fixture: str, major: int, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(fixture)
    with psycopg.connect(server.conninfo()) as connection:
        row = connection.execute("select version()").fetchone()
    assert row is not None
    assert row[0].startswith(f"PostgreSQL {major}.")


@pytest.mark.parametrize("fixture", ["postgres", "postgres_16"])
def test_a_new_database_is_empty_and_its_own(fixture: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(fixture)
    first, second = server.new_database(), server.new_database()
    with psycopg.connect(server.conninfo(first)) as connection:
        connection.execute("create table only_here (id bigint)")
    with psycopg.connect(server.conninfo(second)) as connection:
        assert connection.execute("select to_regclass('only_here')").fetchone() == (None,)


def test_sqlalchemy_reaches_the_server(postgres: Server) -> None:
    engine = sqlalchemy.create_engine(postgres.url())
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("select current_user")).scalar_one() == "postgres"
    engine.dispose()


def test_a_server_takes_its_folder_away(postgres: Server) -> None:
    with postgres_component.running(postgres.major) as server:
        assert server.folder.is_dir()
    assert not server.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.conninfo())


def test_node_runs(node: Path) -> None:
    version = subprocess.run([node, "-v"], capture_output=True, text=True, check=True).stdout
    assert int(version.removeprefix("v").split(".")[0]) >= 22


def test_eas_resolves_a_profile_as_it_does_in_a_build(node: Path, eas_json: Path, tmp_path: Path) -> None:
    (tmp_path / "eas.json").write_text(
        """{
          // comments, 'quotes' and trailing commas are valid here
          "cli": {"appVersionSource": "remote"},
          "build": {
            "base": {"env": {"API": "https://a.example", "KEPT": "1"}},
            "production": {"extends": "base", "channel": 'production', "env": {"API": "https://b.example"},},
          },
        }"""
    )
    program = """
        const { EasJsonAccessor, EasJsonUtils } = require("@expo/eas-json");
        const accessor = EasJsonAccessor.fromProjectPath(process.argv[1]);
        EasJsonUtils.getBuildProfileAsync(accessor, "android", "production")
          .then((profile) => console.log(JSON.stringify(profile)));
    """
    ran = subprocess.run(
        [node, "-e", program, tmp_path],
        env={"NODE_PATH": str(eas_json)},
        capture_output=True,
        text=True,
        check=True,
    )
    profile: dict[str, Any] = json.loads(ran.stdout)
    assert profile["channel"] == "production"
    assert profile["env"] == {"API": "https://b.example", "KEPT": "1"}


def test_a_folder_is_filled_once_and_never_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(component, "CACHE", tmp_path)

    def broken(into: Path) -> None:
        (into / "half").touch()
        raise UnavailableError("the line went dead")

    with pytest.raises(UnavailableError):
        component.cached("thing", broken)
    assert list(tmp_path.iterdir()) == []
    assert (component.cached("thing", lambda into: (into / "whole").touch()) / "whole").exists()
    assert component.cached("thing", broken) == tmp_path / "thing"


@pytest.mark.parametrize(("required", "outcome"), [("", "skipped"), ("1", "failed")])
def test_an_absent_component_is_named(required: str, outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(component.REQUIRED, required)
    expected = pytest.skip.Exception if outcome == "skipped" else pytest.fail.Exception
    with pytest.raises(expected, match="flux capacitor: not invented yet"):
        component.absent("flux capacitor", "not invented yet")
