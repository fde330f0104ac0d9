"""What is built holds all that a run needs and nothing else, from the checkout and from the sdist alike."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from runcrew_lint import __version__
from runcrew_lint.catalogue.build import compile_index

ROOT = Path(__file__).resolve().parents[2]
DATA = "runcrew_lint/_data/"
INDEX = ("rules.json", "policies.json")


def _build(folder: Path, target: str, into: Path) -> Path:
    """Build with the hatchling of this environment; the network is not asked."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = into.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel_of_sdist(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked)
    (folder,) = unpacked.iterdir()
    return _build(folder, "wheel", tmp_path_factory.mktemp("wheel_of_sdist"))


def _files(folder: str, *patterns: str) -> set[str]:
    """The POSIX paths, relative to the root, of what a checkout holds."""
    return {
        path.relative_to(ROOT).as_posix() for pattern in patterns for path in (ROOT / folder).rglob(pattern)
    }


def test_the_wheel_holds_the_package_and_its_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    package = {name for name in names if ".dist-info/" not in name}
    data = _files("rules", "*.yaml") | _files("schemas", "*.json") | _files("data", "*.json")
    modules = _files("runcrew_lint", "*.py", "py.typed", "*.css", "*.js")
    assert package == modules | {DATA + name for name in data} | {DATA + name for name in INDEX}
    assert len(names) == len(set(names))


def test_its_index_is_that_of_the_rules(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel)
    rules, policies = (json.loads(held.read(DATA + name)) for name in INDEX)
    assert {"rules": rules, "policies": policies} == compile_index(ROOT / "rules")
    assert rules


def test_the_sdist_makes_the_same_wheel(wheel: Path, wheel_of_sdist: Path) -> None:
    assert wheel_of_sdist.name == wheel.name
    direct, indirect = zipfile.ZipFile(wheel), zipfile.ZipFile(wheel_of_sdist)
    assert {name: indirect.read(name) for name in indirect.namelist()} == {
        name: direct.read(name) for name in direct.namelist()
    }


def test_an_editable_install_has_no_copy_that_could_go_stale(tmp_path: Path) -> None:
    names = zipfile.ZipFile(_build(ROOT, "wheel:editable", tmp_path)).namelist()
    assert [name for name in names if "_data" in name] == []
    assert not (ROOT / DATA).exists()


def test_the_metadata(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    info = f"runcrew_lint-{__version__}.dist-info"
    metadata = HeaderParser().parsestr(archive.read(f"{info}/METADATA").decode())
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert "runcrew-lint = runcrew_lint.console:main" in archive.read(f"{info}/entry_points.txt").decode()
