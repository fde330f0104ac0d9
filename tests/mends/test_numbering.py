"""A new revision in a row of numbers: the next number, as ids and files have it, or no revision at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from runcrew_lint.engine.draft import Draft
from runcrew_lint.engine.fix import Mended, mend
from runcrew_lint.engine.run import Request
from runcrew_lint.model.mend import Fix, NewFile, Safety
from tests.mends.test_moves import COLUMN, GONE, INDEX, START
from tests.mends.two_revisions import revision

FOREIGN = 'op.create_foreign_key("fk", "runs", "runs", ["id"], ["id"])\n'
UNDONE = 'op.drop_constraint("fk", "runs", type_="foreignkey")\n'
EMPTY = revision("pass", "pass")


def counted(*numbers: int, slug: str = "_step", width: int = 4) -> list[str]:
    """Ids of a row."""
    return [f"{each:0{width}}{slug}" for each in numbers]


def mended(folder: Path, ids: list[str], changes: dict[int, str], ends: str = "") -> Mended:
    """What is made of a history of these ids, in files called so and more.

    Arguments:
        changes: the text of some of them, by place; the first makes the tables, the others do nothing.
    """
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    for at, name in enumerate(ids):
        text = changes.get(at, EMPTY).replace('"0002"', f'"{name}"').replace('"0001"', f'"{ids[at - 1]}"')
        text = START.replace('"0001"', f'"{name}"') if at == 0 else text
        (versions / f"{name}{ends}.py").write_text(text)
    rules = ("index-not-concurrent", "foreign-key-without-not-valid")
    return mend(Request(folder, policy="runcrew", select=rules, cache=folder / "cache"), unsafe=True)


def written(done: Mended) -> dict[str, str]:
    """The id of each new revision, by its file."""
    new = {path: content.decode() for path, content in done.contents.items() if path not in done.originals}
    ids = {path: text.partition("\nrevision = ")[2].partition("\n")[0] for path, text in new.items()}
    return {path.rpartition("/")[2]: name.strip("'\"") for path, name in ids.items()}


ROW = counted(*range(1, 10))
TENS = counted(*range(10, 100, 10))


@pytest.mark.parametrize(
    ("ids", "ends", "new"),
    [
        (ROW, "", {"0010_validate_fk.py": "0010_validate_fk"}),
        (counted(*range(1, 10), slug=""), "_step", {"0010_validate_fk.py": "0010"}),
        (counted(*range(92, 100), width=3), "", {"100_validate_fk.py": "100_validate_fk"}),
        (counted(*range(1, 9), slug="_a_longer_step"), "", {"0009_validate_fk.py": "0009_validate_fk"}),
        (TENS, "", {"0100_validate_fk.py": "0100_validate_fk"}),
        # A gap long ago is no other step.
        (counted(1, 2, 3, 4, 7, 8, 9, 10), "", {"0011_validate_fk.py": "0011_validate_fk"}),
        # Most of a history has ids of Alembic's, and the last ones are counted.
        (
            [f"{at:04}c0ffee" for at in range(20, 30)] + counted(1, 2, 3),
            "",
            {"0004_validate_fk.py": "0004_validate_fk"},
        ),
        # What comes next is not known.
        ([*counted(*range(1, 9)), "0009a_step"], "", {}),
        (counted(*range(1, 9), 10), "", {}),
        (counted(1, 2, 3, 4, 99, 6, 7, 8), "", {}),
        ([*counted(*range(1, 8)), "8_step", "0009_step"], "", {}),
        ([*counted(*range(1, 9)), "00009_step"], "", {}),
        ([*counted(*range(1, 9)), "0009"], "_step", {}),
        (ROW, "_more", {}),
        ([*counted(*range(1, 7)), "0007_a", "0007_b", "0007_c"], "", {}),
        (counted(*range(1, 10), slug=""), "", {}),
    ],
)
def test_the_next_number(tmp_path: Path, ids: list[str], ends: str, new: dict[str, str]) -> None:
    assert written(mended(tmp_path, ids, {1: revision(FOREIGN, UNDONE)}, ends)) == new


def test_a_file_that_is_counted_needs_the_next_number(tmp_path: Path) -> None:
    """Its revision has an id of Alembic's own, and nobody else knows the number of the file."""
    versions = tmp_path / "alembic/versions"
    done = mended(tmp_path, [f"{at:04}c0ffee" for at in range(10)], {1: revision(FOREIGN, UNDONE)})
    assert written(done)
    for at, each in enumerate(sorted(versions.iterdir())):
        each.rename(each.with_name(f"{at:04}_{each.name}"))
    request = Request(tmp_path, policy="runcrew", select=("foreign-key-without-not-valid",), cache=None)
    assert not mend(request, unsafe=True).contents


@pytest.mark.parametrize("stamp", ["2026_03_", "202603", "2026-03-"])
def test_a_file_that_is_dated_needs_no_number(tmp_path: Path, stamp: str) -> None:
    ids = [f"{stamp}{at:02}_step" for at in range(1, 10)]
    done = mended(tmp_path, ids, {1: revision(FOREIGN, UNDONE)})
    (name,) = written(done).values()
    assert len(name) == 12 and name.isalnum()


@pytest.mark.parametrize(
    ("named", "template", "writes"),
    [
        ("2026_03_{:02}_step", "", False),
        ("2026_03_{:02}_step", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s", True),
        ("2026_03_{:02}_step", "%%(year)d_%%(rev)s", False),
        ("{0:02}c0ffee_step", "", True),
        ("2026_{0:02}c0ffee", "%%(year)d_%%(rev)s", True),
    ],
)
def test_a_file_is_called_as_those_before_it(tmp_path: Path, named: str, template: str, writes: bool) -> None:
    versions = tmp_path / "alembic/versions"
    mended(tmp_path, [f"{at:02}c0ffee" for at in range(5)], {1: revision(FOREIGN, UNDONE)})
    for at, each in enumerate(sorted(versions.iterdir())):
        each.rename(each.with_name(f"{named.format(at)}.py"))
    ini = f"[alembic]\nscript_location = alembic\nfile_template = {template}\n"
    (tmp_path / "alembic.ini").write_text(ini if template else ini.partition("file_template")[0])
    request = Request(tmp_path, policy="runcrew", select=("foreign-key-without-not-valid",), cache=None)
    assert bool(mend(request, unsafe=True).contents) is writes


def test_a_history_that_was_counted_once_is_no_row(tmp_path: Path) -> None:
    ids = [*counted(*range(1, 10)), *(f"{at:04}c0ffee" for at in range(20, 30))]
    (name,) = written(mended(tmp_path, ids, {1: revision(FOREIGN, UNDONE)})).values()
    assert len(name) == 12


def test_nothing_moves_between_two_numbers(tmp_path: Path) -> None:
    change = revision(COLUMN + INDEX, 'op.drop_index("ix")\n' + GONE)
    assert written(mended(tmp_path / "last", ROW, {8: change})) == {"0010_index_runs.py": "0010_index_runs"}
    assert not written(mended(tmp_path / "between", ROW, {7: change}))
    assert written(mended(tmp_path / "short", ROW[:5], {3: change}))


@pytest.mark.parametrize(("slug", "ends", "by"), [("_step", "", 1), ("", "_step", 1), ("_step", "", 10)])
def test_two_behind_one_have_two_numbers(tmp_path: Path, slug: str, ends: str, by: int) -> None:
    ids = counted(*range(by, 10 * by, by), slug=slug)
    moves = revision(COLUMN + INDEX, 'op.drop_index("ix")\n' + GONE)
    done = mended(tmp_path, ids, {1: revision(FOREIGN, UNDONE), 8: moves}, ends)
    names = written(done)
    assert (
        sorted(path[:4] for path in names)
        == sorted(name[:4] for name in names.values())
        == [f"{10 * by:04}", f"{11 * by:04}"]
    )
    assert all(path.startswith(name) for path, name in names.items())
    titles = [each.title for each in done.fixes]
    assert all(sum(path in title for title in titles) == 1 for path in names)
    for path, content in done.contents.items():
        (tmp_path / path).write_bytes(content)
    script = ScriptDirectory(str(tmp_path / "alembic"))
    assert [each.revision[:4] for each in script.walk_revisions()][:3] == [
        f"{each * by:04}" for each in (11, 10, 9)
    ]


def test_an_id_is_as_long_as_alembic_version_holds(tmp_path: Path) -> None:
    change = revision(FOREIGN.replace('"fk"', '"fk_of_the_runs_to_themselves"'), UNDONE)
    (name,) = written(mended(tmp_path, ROW, {1: change})).values()
    assert name == "0010_validate_fk_of_the_runs_to" or len(name) <= 32


@pytest.mark.parametrize(("there", "fits"), [("", True), ("0010_two.py", False)])
def test_no_file_is_written_over_one_that_has_the_next_number(there: str, fits: bool) -> None:
    text = "from alembic import op\nrevision = {!r}\ndown_revision = '0008'\ndef upgrade():\n    pass\n"
    new = [
        NewFile(f"versions/{name}.py", text.format(name), name, "0008") for name in ("0009_one", "0009_two")
    ]
    draft = Draft(lambda path: text if path == f"versions/{there}" else None)
    assert draft.add(Fix("one", Safety.SAFE, (), (new[0],)))
    assert draft.add(Fix("two", Safety.SAFE, (), (new[1],))) is fits
    assert sorted(draft.created) == ["versions/0009_one.py", "versions/0010_two.py"][: 1 + fits]


@pytest.mark.parametrize(("before", "behind", "new"), [("", "", 1), ("", "_step", 1), ("2023_03_03-", "", 0)])
def test_without_a_template_files_begin_with_their_id(
    tmp_path: Path, before: str, behind: str, new: int
) -> None:
    folder = tmp_path / "alembic/versions"
    mended(tmp_path, ["3a9de8cf341d", "b9e4c97b74c1"], {})
    for path in list(folder.iterdir()):
        text = path.read_text().replace("def upgrade():\n    pass", f"def upgrade():\n    {FOREIGN}")
        path.rename(folder / f"{before}{path.stem}{behind}.py").write_text(text)
    request = Request(tmp_path, policy="runcrew", select=("foreign-key-without-not-valid",))
    assert len(written(mend(request, unsafe=True))) == new


@pytest.mark.parametrize(
    ("named", "new"),
    [
        ("2026-03-0{at}_{id}_step", r"20\d\d-\d\d-\d\d_{id}_validate_fk\.py"),
        ("2026030{at}_{id}", r"20\d{6}_{id}\.py"),
        ("2026_03_0{at}_10_05_09-{id}", r"20\d\d_\d\d_\d\d_00_00_00-{id}\.py"),
        ("2026_03_0{at}_1005_{id}_step", r"20\d\d_\d\d_\d\d_0000_{id}_validate_fk\.py"),
        ("2026-13-0{at}_{id}_step", ""),
        ("v1_2026-03-0{at}_{id}_step", ""),
        ("2026-03-0{at}_{id}-step", ""),
        ("2026-03-0{at}_{id}_", ""),
        ("2026-03-0{at}_step", ""),
    ],
)
def test_a_day_before_each_id_is_how_files_are_called(tmp_path: Path, named: str, new: str) -> None:
    versions = tmp_path / "alembic/versions"
    mended(tmp_path, [f"{at:04}c0ffee" for at in range(5)], {1: revision(FOREIGN, UNDONE)})
    for at, each in enumerate(sorted(versions.iterdir())):
        each.rename(each.with_name(f"{named.format(at=at + 1, id=each.stem)}.py"))
    request = Request(tmp_path, policy="runcrew", select=("foreign-key-without-not-valid",), cache=None)
    found = written(mend(request, unsafe=True))
    assert bool(found) is bool(new)
    for path, name in found.items():
        assert re.fullmatch(new.replace("{id}", name), path)


def test_files_that_are_called_in_two_ways_tell_nothing(tmp_path: Path) -> None:
    versions = tmp_path / "alembic/versions"
    mended(tmp_path, [f"{at:04}c0ffee" for at in range(5)], {1: revision(FOREIGN, UNDONE)})
    for at, each in enumerate(sorted(versions.iterdir())):
        each.rename(each.with_name(f"2026-03-0{at + 1}_{each.stem}{'_step' * (at == 3)}.py"))
    request = Request(tmp_path, policy="runcrew", select=("foreign-key-without-not-valid",), cache=None)
    assert not mend(request, unsafe=True).contents
