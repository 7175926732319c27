"""`alur lint` judges folders, archives and lone files: 0 clean, 1 refused, 2 wrong usage."""

import io
import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A library of one's own to break things in."""
    for folder in ("workflows", "forms"):
        for system in ("national", "shared"):
            shutil.copytree(ROOT / folder / system, tmp_path / folder / system)
    return tmp_path


def archive(folder: Path, *, below: str = "") -> Path:
    """The library packed as people pack it."""
    packed = folder / "packed.zip"
    with zipfile.ZipFile(packed, "w") as zipped:
        for part in ("workflows", "forms"):
            for file in (folder / part).rglob("*.*"):
                zipped.write(file, f"{below}{file.relative_to(folder)}")
    return packed


def break_condition(folder: Path) -> None:
    """Call something in an expression that no diagram may call."""
    diagram = folder / "workflows/national/annual_evaluation.bpmn"
    text = diagram.read_text(encoding="utf-8")
    diagram.write_text(
        text.replace(">measured.has_measured<", ">" + "__import__('os').system('id')<"),
        encoding="utf-8",
    )


def test_a_shipped_system_is_clean(run: Run):
    result = run("lint", ROOT / "workflows" / "national")

    assert result.exit_code == 0, result.output
    assert "clean" in result.output


@pytest.mark.parametrize("below", ["", "my systems/"])
def test_an_archive_is_read_with_or_without_a_folder_around_it(run: Run, copied: Path, below: str):
    assert run("lint", archive(copied, below=below)).exit_code == 0
    break_condition(copied)

    assert run("lint", archive(copied, below=below)).exit_code == 1


def test_a_refusal_names_file_element_line_and_says_why_in_both_languages(run: Run, copied: Path):
    break_condition(copied)

    result = run("lint", "--json", copied / "workflows" / "national")

    (checked,) = json.loads(result.stdout)
    wrong = [found for found in checked["findings"] if found["severity"] == "error"]
    assert result.exit_code == 1
    assert checked["refused"]
    assert {found["file"] for found in wrong} == {"workflows/national/annual_evaluation.bpmn"}
    assert all(found["line"] and found["element_id"] for found in wrong)
    assert all(found["id"] != found["rule"] != found["en"] for found in wrong)


def test_a_lone_file_is_judged_within_its_system(run: Run, copied: Path):
    table = copied / "workflows/shared/official_predicate.dmn"
    form = copied / "forms/national/self_assessment-schema.json"

    before = [run("lint", table).exit_code, run("lint", form).exit_code]
    table.write_text(table.read_text(encoding="utf-8").replace("<rule ", "<role ", 1), "utf-8")
    form.write_text("{", encoding="utf-8")

    assert before == [0, 0]
    assert [run("lint", table).exit_code, run("lint", form).exit_code] == [1, 1]


def test_a_file_from_elsewhere_is_judged_as_if_it_belonged_to_the_system(run: Run, tmp_path: Path):
    foreign = tmp_path / "foreign.bpmn"
    foreign.write_text('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')

    result = run("lint", foreign)

    assert result.exit_code == 1
    assert "root:" not in result.output


def test_paths_that_leave_the_archive_are_refused_and_nothing_is_written(run: Run, tmp_path: Path):
    link = zipfile.ZipInfo("workflows/national/link.bpmn")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr("../escaped.toml", "x")
        zipped.writestr("/absolute.toml", "x")
        zipped.writestr("C:\\windows.toml", "x")
        zipped.writestr(link, "/etc/passwd")
    packed = tmp_path / "slip.zip"
    packed.write_bytes(content.getvalue())

    result = run("lint", "--json", packed)

    (checked,) = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [found["rule"] for found in checked["findings"]] == ["archive.unsafe_path"] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["slip.zip"]
    assert not (tmp_path.parent / "escaped.toml").exists()


@pytest.mark.parametrize("content", [b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_of_systems_is_no_crash(run: Run, tmp_path: Path, content: bytes):
    packed = tmp_path / "x.zip"
    packed.write_bytes(content)

    result = run("lint", packed)

    assert result.exit_code in {1, 2}
    assert not isinstance(result.exception, zipfile.BadZipFile)


def test_wrong_usage_is_told_apart_from_a_refusal(run: Run, tmp_path: Path):
    text = tmp_path / "notes.txt"
    text.write_text("x")

    codes = [
        run("lint").exit_code,
        run("lint", tmp_path / "missing").exit_code,
        run("lint", text).exit_code,
        run("lint", tmp_path).exit_code,
        run("lint", "--language", "fr", ROOT / "workflows" / "national").exit_code,
    ]

    assert codes == [2, 2, 2, 2, 2]
