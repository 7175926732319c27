"""Results leave row by row: each person once, marked while they may change, in little memory."""

import tracemalloc
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import insert, select

from engine.domain.people import AgencyId
from engine.queries.exports import PAGE, ExportColumn, ResultState, results, with_marks
from engine.store import appraisals, tables
from engine.store.database import Transaction
from tests.cases import NOW, Case
from tests.commands.launches import PEOPLE, cases, import_plans, launch
from tests.office import Office
from tests.ready import Offices
from tests.session import count

NIP, PREDICATE, STATE = ExportColumn.NIP, ExportColumn.PREDICATE, ExportColumn.RESULT_STATE
LARGEST = 4


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cycle was launched."""
    made = offices.open("national")
    import_plans(made)
    launch(made)
    return made


def set_result(office: Office, person: str, **changes: object) -> None:
    with office.desk.store.transaction(office.agency_id) as tx:
        row = appraisals.get(tx, cases(office)[person])
        appraisals.save(tx, replace(row, predicate="good", result_version=1, **changes))


def exported(office: Office, *columns: ExportColumn) -> list[tuple[object, ...]]:
    with office.desk.store.reading(office.agency_id) as tx:
        return list(results(tx, office.cycle_id, columns))


def test_everybody_with_a_case_is_there_once(office: Office) -> None:
    rows = exported(office, ExportColumn.NAME, ExportColumn.RATER)

    expected = {f"Nama {person}" for person in PEOPLE if person != "sekda"}
    assert len(rows) == len(expected)
    assert {row[0] for row in rows} == expected
    assert dict(rows)["Nama clerk"] == "Nama division_head"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, ResultState.NOT_DELIVERED),
        ({"delivered_at": NOW}, ResultState.DELIVERED),
        ({"delivered_at": NOW, "appeal_open": True}, ResultState.UNDER_APPEAL),
        ({"delivered_at": NOW, "final_at": NOW}, ResultState.FINAL),
    ],
)
def test_a_predicate_that_may_change_is_marked(
    office: Office, changes: dict[str, datetime | bool], state: ResultState
) -> None:
    set_result(office, "clerk", **changes)

    rows = dict(row for row in zip(*[iter(flat(office))] * 2, strict=True))

    assert rows.pop("Nama clerk") == state
    assert set(rows.values()) == {None}


def flat(office: Office) -> list[object]:
    return [value for row in exported(office, ExportColumn.NAME, STATE) for value in row]


def test_no_file_holds_predicates_without_their_marks() -> None:
    assert with_marks([NIP, PREDICATE]) == (NIP, PREDICATE, STATE)
    assert with_marks([STATE, PREDICATE, STATE]) == (STATE, PREDICATE)
    assert with_marks([NIP]) == (NIP,)


def test_a_cancelled_case_is_left_out(office: Office) -> None:
    run = tables.instance
    with office.desk.store.transaction(office.agency_id) as tx:
        tx.connection.execute(
            run.update().where(run.c.subject_id == "clerk").values(status="cancelled")
        )

    assert "Nama clerk" not in {row[0] for row in exported(office, ExportColumn.NAME)}


def test_another_agency_gets_no_row(office: Office) -> None:
    with office.desk.store.reading(AgencyId("other")) as tx:
        assert list(results(tx, office.cycle_id, (NIP,))) == []


def test_a_whole_province_needs_no_more_memory_than_a_few_pages(offices: Offices) -> None:
    office = offices.open("laps")
    first = Case.start(office, "analyst")
    people = count(5_000, 60_000)
    with office.desk.store.transaction(office.agency_id) as tx:
        for start in range(0, people, PAGE):
            copy(tx, first.id, range(start, min(start + PAGE, people)))

    columns = tuple(ExportColumn)
    with office.desk.store.reading(office.agency_id) as tx:
        rows = results(tx, office.cycle_id, columns)
        tracemalloc.start()
        for _, _row in zip(range(PAGE), rows, strict=False):
            continue
        one_page = tracemalloc.get_traced_memory()[1]
        seen = PAGE + sum(1 for _ in rows)
        whole = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert seen == people + 1
    assert whole < LARGEST * one_page


def copy(tx: Transaction, case_id: str, numbers: range) -> None:
    """More people with a case like this one."""
    made = {
        "employee": ("analyst", ("id", "nip")),
        "instance": (case_id, ("id", "subject_id")),
        "appraisal": (case_id, ("instance_id", "employee_id")),
    }
    for name, (key, fields) in made.items():
        table = tables.metadata.tables[name]
        like = tx.connection.execute(select(table).where(table.c[fields[0]] == key)).one()
        rows = [{**like._mapping, **dict.fromkeys(fields, f"n{number:07}")} for number in numbers]
        tx.connection.execute(insert(table), rows)
