"""Gayungan's repair of a service: what opens it, for whom, and that it is in nobody's score."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.beside import open_beside
from engine.commands.complete import complete_work_item
from engine.commands.measured_figures import Recorded, record_figures
from engine.domain.measured import FigureKind
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Forbidden
from engine.jobs.timers import fire_due_timers
from engine.store import case_records, instances, tables, work_items
from engine.store.instances import InstanceRow
from tests.office import Office
from tests.ready import Offices
from tests.web.conftest import seated
from tests.web.test_figures import confirm, sent
from tests.workflows.regions import refused

NOW = datetime(2025, 6, 30, 3, tzinfo=UTC)
TODAY = date(2025, 6, 30)
PROCESS = "gay_service_improvement"


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("gayungan")


def complaint(day: date, category: str = "Lambat", days: int | None = 4) -> Mapping[str, object]:
    closed = None if days is None else (day + timedelta(days=days)).isoformat()
    row = {"received": day.isoformat(), "unit": "Bidang Perizinan", "category": category}
    return row | ({"closed": closed, "right_first": "ya"} if closed else {})


def import_rows(office: Office, *rows: Mapping[str, object], now: datetime = NOW) -> Recorded:
    hr = office.actor("hr_officer", now)
    return record_figures(office.desk, hr, kind=FigureKind.COMPLAINTS, rows=rows, now=now)


def since(count: int, day: date = date(2025, 6, 5), **more: Any) -> list[Mapping[str, object]]:
    return [complaint(day + timedelta(days=n), **more) for n in range(count)]


def repairs(office: Office) -> list[InstanceRow]:
    with office.desk.store.reading(office.agency_id) as tx:
        run = tables.instance.c
        found = select(run.id).where(run.process_id == PROCESS).order_by(run.id)
        return [instances.get(tx, row.id) for row in tx.connection.execute(found)]


def work_of(office: Office, instance_id: str) -> list[tuple[str, str | None]]:
    with office.desk.store.reading(office.agency_id) as tx:
        items = work_items.of_instance(tx, instance_id)
    return [(item.element_id, item.assignee_id) for item in items if item.state == "open"]


def do(office: Office, run: InstanceRow, element: str, now: datetime = NOW, **answers: Any) -> None:
    with office.desk.store.reading(office.agency_id) as tx:
        (item,) = [
            item for item in work_items.of_instance(tx, run.id)
            if item.element_id == element and item.state == "open"
        ]  # fmt: skip
    head = office.actor("division_head", now)
    complete_work_item(office.desk, head, item_id=item.id, answers=answers, now=now)


def repair(office: Office, run: InstanceRow, now: datetime = NOW) -> None:
    """The head of the unit finds the cause and plans a step."""
    do(office, run, "analyse_service", now, causes="Berkas menunggu satu tanda tangan saja.")
    step = {"action": "Buka loket kedua", "owner": "Kepala Seksi",
            "due_on": (now + timedelta(days=20)).date().isoformat()}  # fmt: skip
    do(office, run, "plan_repair", now, actions=[step])


def test_ten_complaints_about_one_thing_in_thirty_days_open_a_repair_for_the_head(office: Office):
    nine = import_rows(office, *since(9))
    ten = import_rows(office, *since(10))

    (run,) = repairs(office)
    assert (nine.opened, ten.opened) == (0, 1)
    assert (run.subject_id, run.unit_id) == ("division_head", "bidang")
    assert work_of(office, run.id) == [("analyse_service", "division_head")]


def test_a_sheet_with_ten_complaints_about_one_thing_opens_a_repair(office: Office):
    row = "{received};{unit};{category};{closed};{right_first};"

    with seated(office.desk, NOW) as seat:
        path = sent(seat.take("hr_officer"), *(row.format(**one) for one in since(10)))
        told = confirm(seat, path)

    (run,) = repairs(office)
    assert "Tersimpan: 10 baris." in told
    assert work_of(office, run.id) == [("analyse_service", "division_head")]


def test_ten_complaints_over_a_longer_time_or_about_many_things_open_nothing(office: Office):
    spread = [complaint(date(2025, 5, 1) + timedelta(days=6 * n)) for n in range(10)]
    mixed = [complaint(date(2025, 6, 5), category=f"Hal {n}") for n in range(10)]

    assert import_rows(office, *spread, *mixed).opened == 0


def test_a_third_of_many_complaints_opens_a_repair_before_there_are_ten(office: Office):
    others = [complaint(date(2025, 6, 5), category=f"Hal {n}") for n in range(13)]

    assert import_rows(office, *others, *since(7)).opened == 1


def test_one_repair_runs_a_unit_and_category_however_often_figures_come(office: Office):
    first = import_rows(office, *since(10))
    same = import_rows(office, *since(10))
    more = import_rows(office, *since(12))
    other = import_rows(office, *since(12), *since(10, category="Biaya"))

    assert [one.opened for one in (first, same, more, other)] == [1, 0, 0, 1]
    assert len(repairs(office)) == 2


def test_after_a_repair_the_same_complaints_later_open_the_next_one(office: Office):
    import_rows(office, *since(10))
    (run,) = repairs(office)
    repair(office, run)
    later = NOW + timedelta(days=40)
    fire_due_timers(office.desk, office.agency_id, now=later)
    do(office, run, "verify_effect", later, verdict="improved", median_after=2)

    again = import_rows(office, *since(10, date(2025, 7, 20)), now=later)

    assert again.opened == 1
    assert [run.turn.rpartition("-")[2] for run in repairs(office)] == ["1", "2"]


def test_complaints_of_long_ago_are_history(office: Office):
    assert import_rows(office, *since(10, date(2025, 1, 5))).opened == 0


def test_days_before_and_after_are_compared_and_kept_without_a_score(office: Office):
    import_rows(office, *since(10))
    (run,) = repairs(office)
    repair(office, run)
    later = NOW + timedelta(days=31)
    import_rows(office, *since(3, date(2025, 7, 10), days=2), now=later)
    fire_due_timers(office.desk, office.agency_id, now=later)

    do(office, run, "verify_effect", later, verdict="improved", median_after=2)

    with office.desk.store.reading(office.agency_id) as tx:
        (kept,) = case_records.of_person(
            tx, cycle_id=office.cycle_id, subject_id=EmployeeId("division_head"),
            kind="service_improvement",
        )  # fmt: skip
        ended = instances.get(tx, run.id).status
    assert {name: str(value) for name, value in kept.figures.items()} == {
        "verdict": "improved", "before": "4.00", "after": "2",
    }  # fmt: skip
    assert ended == "completed"


def test_the_rater_opens_a_repair_and_nobody_else_may(office: Office):
    def opened(person: str) -> str:
        return open_beside(
            office.desk, office.actor(person, NOW), cycle_id=office.cycle_id,
            subject_id=EmployeeId("clerk"), process_id=PROCESS, now=NOW,
        )  # fmt: skip

    run = opened("division_head")

    assert work_of(office, run) == [("describe_finding", "division_head")]
    for other in ("clerk", "analyst", "hr_officer"):
        with pytest.raises((Forbidden, Conflict)):
            opened(other)


@pytest.mark.parametrize(("days", "ok"), [(0, False), (1, True), (90, True), (91, False)])
def test_a_step_of_the_repair_is_done_within_ninety_days(days: int, ok: bool):
    due = date(2026, 1, 20) + timedelta(days=days)
    row = {"action": "Buka loket kedua", "owner": "Kepala Seksi", "due_on": due.isoformat()}

    found = refused("gayungan", "plan_repair", {"actions": [row]})

    assert (found == {}) == ok


def test_only_an_effect_that_is_not_shown_needs_words():
    said = [refused("gayungan", "verify_effect", {"verdict": verdict})
            for verdict in ("improved", "again", "not_improved")]  # fmt: skip

    assert [set(found) for found in said] == [set(), {"note"}, {"note"}]
