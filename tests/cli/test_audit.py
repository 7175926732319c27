"""`alur audit verify` says what it looked at, and names the first event that was touched."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.cli_house import opened
from engine.commands.measured_figures import record_figures
from engine.domain.measured import FigureKind
from engine.domain.people import Actor, Duty, UnitFunction
from engine.store import people
from tests.cli.conftest import Run

BODY = """
    UPDATE audit_event SET body = replace(body, '"at":"20', '"at":"19')
    WHERE chain_id = :chain AND n = 3
"""


def tamper(data: Path, statement: str) -> str:
    """Change one event behind the product's back; the chain it lies in.

    The guards are taken off for it and put back, as somebody with the file would do.
    """
    with sqlite3.connect(data / "alur.db") as database:
        triggers = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        (chain,) = database.execute(
            "SELECT id FROM instance WHERE audit_count > 9 ORDER BY id LIMIT 1"
        ).fetchone()
        database.execute(statement, {"chain": chain})
        for _, sql in triggers:
            database.execute(sql)
    database.close()
    return str(chain)


def attended(data: Path) -> None:
    """Another system brings in that somebody was there on 20 days."""
    now = datetime.now(UTC)
    with opened(data) as house:
        (agency_id,) = house.agencies()
        with house.desk.store.reading(agency_id) as tx:
            person = people.active_employees(tx)[0]
        hr = Actor(agency_id, person.id, frozenset({Duty(UnitFunction.HR, None)}))
        row = {"nip": person.nip, "month": f"{now - timedelta(days=31):%Y-%m}", "duty": 22}
        record_figures(
            house.desk, hr, kind=FigureKind.ATTENDANCE, rows=[row | {"present": 20}], now=now
        )  # fmt: skip


def test_an_untouched_trail_is_proved_with_figures(run: Run, demonstration: Path):
    result = run("audit", "verify", "--data", demonstration)

    assert result.exit_code == 0, result.output
    assert "nothing was changed" in result.output
    assert "Kabupaten Tirta Wening" in result.output


@pytest.mark.parametrize(
    ("statement", "n", "kind"),
    [
        (
            BODY,
            3,
            "hash",
        ),
        ("UPDATE audit_event SET actor_id = 'x' WHERE chain_id = :chain AND n = 3", 3, "copy"),
        ("DELETE FROM audit_event WHERE chain_id = :chain AND n = 2", 3, "number"),
        ("UPDATE instance SET audit_count = 2 WHERE id = :chain", None, "count"),
        ("UPDATE instance SET audit_head = '00' WHERE id = :chain", None, "head"),
    ],
)
def test_a_touched_trail_is_refused_and_the_first_bad_event_named(
    run: Run, demonstration: Path, statement: str, n: int | None, kind: str
):
    chain = tamper(demonstration, statement)

    result = run("audit", "verify", "--data", demonstration)

    assert result.exit_code == 1
    assert chain in result.output
    assert f"({kind})" in result.output
    assert n is None or f"number {n} of chain" in result.output


def test_a_figure_touched_in_the_database_is_named(run: Run, demonstration: Path):
    attended(demonstration)
    untouched = run("audit", "verify", "--data", demonstration)
    tamper(demonstration, "UPDATE measured_fact SET body = replace(body, '20', '21')")

    result = run("audit", "verify", "--data", demonstration)

    assert untouched.exit_code == 0
    assert result.exit_code == 1
    assert "number 1 of chain figures/attendance (figures)" in " ".join(result.output.split())


def test_without_its_guards_the_product_does_nothing(run: Run, demonstration: Path):
    with sqlite3.connect(demonstration / "alur.db") as database:
        (name,) = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
        ).fetchone()
        database.execute(f"DROP TRIGGER {name}")
    database.close()

    result = run("timers", "run", "--data", demonstration)

    assert result.exit_code == 1
    assert "guard" in result.output


def test_a_folder_without_a_database_is_said_to_be_empty(run: Run, tmp_path: Path):
    result = run("audit", "verify", "--data", tmp_path / "nothing")

    assert result.exit_code == 1
    assert "alur init" in result.output
    assert not (tmp_path / "nothing").exists()
