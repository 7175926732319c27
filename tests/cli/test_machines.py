"""Commands for whoever runs the machines: migrate, backup, restore, doctor."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def checks(run: Run, data: Path) -> tuple[int, dict[str, dict[str, str]]]:
    result = run("doctor", "--json", "--data", data)
    return result.exit_code, {each["check"]: each for each in json.loads(result.stdout)}


def test_a_copy_is_made_thrown_over_and_taken_back(run: Run, demonstration: Path, tmp_path: Path):
    place = tmp_path / "monday.tar"

    made = run("backup", place, "--data", demonstration)
    again = run("backup", place, "--data", demonstration)
    refused = run("restore", place, "--data", demonstration)
    done = run("restore", place, "--replace", "--yes", "--data", demonstration)
    empty = run("restore", place, "--data", tmp_path / "other")
    proved = run("audit", "verify", "--data", tmp_path / "other")

    assert [r.exit_code for r in (made, again, refused, done, empty, proved)] == [0, 1, 1, 0, 0, 0]
    assert "--replace" in refused.stderr
    assert "Kabupaten Tirta Wening" in proved.output


def test_a_folder_that_is_made_is_closed_to_everybody_else(
    run: Run, demonstration: Path, tmp_path: Path
):
    place, folders = tmp_path / "monday.tar", [tmp_path / name for name in ("a", "b", "c")]
    run("backup", place, "--data", demonstration)

    run("restore", place, "--data", folders[0])
    run("migrate", "--data", folders[1])
    run("demo", "--people", "10", "--data", folders[2])

    assert {folder.stat().st_mode & 0o077 for folder in folders} == {0}
    assert checks(run, folders[0])[1]["permissions"]["advice"] == ""


def test_nothing_is_thrown_away_without_a_yes(run: Run, demonstration: Path, tmp_path: Path):
    place = tmp_path / "monday.tar"
    run("backup", place, "--data", demonstration)

    asked = run("restore", place, "--replace", "--data", demonstration)

    assert asked.exit_code == 1
    assert "throws away" in asked.output
    assert "employee 14" in asked.output


def test_a_broken_copy_is_told_in_a_sentence(run: Run, demonstration: Path, tmp_path: Path):
    place = tmp_path / "monday.tar"
    run("backup", place, "--data", demonstration)
    place.write_bytes(place.read_bytes()[:5000])

    result = run("restore", place, "--data", tmp_path / "other")

    assert result.exit_code == 1
    assert "Nothing was changed" in result.stderr
    assert run("restore", place, "--keys", tmp_path / "none").exit_code != 0


def test_migrating_twice_is_harmless(run: Run, tmp_path: Path):
    results = [run("migrate", "--data", tmp_path) for _ in range(2)]

    assert [result.exit_code for result in results] == [0, 0], results[0].output


def test_the_doctor_finds_a_sound_installation_well(run: Run, demonstration: Path):
    run("timers", "run", "--data", demonstration)
    demonstration.chmod(0o700)

    code, found = checks(run, demonstration)

    assert {name for name, each in found.items() if each["advice"]} <= {"disk", "incidents"}
    assert {"database", "guards", "clock", "files", "deadlines", "jobs"} <= set(found)
    assert code == int(any(each["advice"] for each in found.values()))


def lose_a_file(data: Path) -> None:
    """A row that names a file which is not there."""
    with sqlite3.connect(data / "alur.db") as database:
        (agency,) = database.execute("SELECT id FROM agency").fetchone()
        row = (agency, "f" * 64, 3, "application/pdf", "2026-01-05T01:00:00.000000+00:00")
        database.execute("INSERT INTO stored_file VALUES (?, ?, ?, ?, ?)", row)
    database.close()


@pytest.mark.parametrize(
    ("harm", "check"), [("files", "files"), ("database", "database"), ("mode", "permissions")]
)
def test_the_doctor_names_what_is_wrong_and_what_to_do(
    run: Run, demonstration: Path, harm: str, check: str
):
    run("timers", "run", "--data", demonstration)
    if harm == "files":
        lose_a_file(demonstration)
    elif harm == "database":
        for file in demonstration.glob("alur.db*"):
            file.unlink()
    else:
        demonstration.chmod(0o755)
        (demonstration / "alur.db").chmod(0o644)

    code, found = checks(run, demonstration)

    assert code == 1
    assert found[check]["advice"]


def test_the_doctor_speaks_plainly(run: Run, demonstration: Path):
    result = run("doctor", "--data", demonstration)

    assert "guards" in result.output
