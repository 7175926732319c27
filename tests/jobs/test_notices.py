"""Reminders and notices of late work go out once each, whatever was missed meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.jobs.notices import escalate_overdue, send_reminders
from engine.store import tables
from tests.cases import Case, problems
from tests.office import Office
from tests.ready import Offices
from tests.workflows.promises import path_of, run_until
from tests.workflows.scenario import Scenario

# Fourteen days after the fifth of January: the twentieth begins in Jakarta.
DUE = datetime(2026, 1, 19, 17, tzinfo=UTC)


def remind(office: Office, now: datetime) -> int:
    return send_reminders(office.desk, office.agency_id, now=now)


def escalate(office: Office, now: datetime) -> int:
    return escalate_overdue(office.desk, office.agency_id, now=now)


def told(office: Office) -> list[tuple[str, str]]:
    """Who was told what, in order."""
    rows = tables.notice
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(rows.select().order_by(rows.c.created_at, rows.c.id)).all()
    return [(row.kind, row.recipient_id) for row in found]


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("national")


def test_each_reminder_goes_out_when_its_moment_has_come_and_once(office: Office):
    case = Case.start(office)

    days = [8, 7, 7, 4, 3, 1, 1]
    sent = [remind(office, DUE - timedelta(days=day)) for day in days]

    assert sent == [0, 1, 0, 0, 1, 1, 0]
    assert told(office) == [("reminder", "analyst")] * 3
    assert [
        event["values"]["stage"] for event in case.events if event["action"] == "work.reminded"
    ] == [1, 2, 3]
    assert case.actions.count("work.reminded") == 3
    assert problems(office) == []


def test_reminders_missed_while_nothing_ran_become_one(office: Office):
    case = Case.start(office)

    sent = remind(office, DUE - timedelta(hours=5))

    assert sent == 1
    assert [event["values"].get("stage") for event in case.events][-1] == 3


def test_a_moment_before_the_work_was_opened_is_no_reminder(office: Office):
    case = Case.start(office)
    items = tables.work_item
    with office.desk.store.transaction(office.agency_id) as tx:
        late = DUE - timedelta(days=2)
        tx.connection.execute(items.update().values(opened_at=late))

    sent = [remind(office, late + timedelta(minutes=1)), remind(office, DUE - timedelta(hours=1))]

    assert sent == [0, 1]
    assert case.actions.count("work.reminded") == 1


def test_a_step_drawn_twice_is_reminded_of_as_it_is_drawn_where_it_is_open(offices: Offices):
    sent = {}
    for path, element in (("appeal_while_waiting", "sp_answer"), ("appeal_kept", "sp_choice")):
        office = offices.open("national")
        scenario = Scenario(office, path_of(path))
        run_until(scenario, "file_appeal")
        (item,) = [item for item in scenario._open() if item.element_id == "file_appeal"]
        assert (item.process_id, item.due_at is None) == (element, False)
        sent[element] = remind(office, item.due_at - timedelta(hours=1))

    assert sent == {"sp_answer": 0, "sp_choice": 1}
    assert told(office) == [("reminder", "clerk")]


def test_late_work_is_told_to_its_holder_and_the_role_of_the_diagram_once(office: Office):
    case = Case.start(office)

    sent = [escalate(office, DUE - timedelta(seconds=1)), escalate(office, DUE)]
    again = [escalate(office, DUE + timedelta(days=3)), remind(office, DUE + timedelta(days=3))]

    assert (sent, again) == ([0, 1], [0, 0])
    assert sorted(told(office)) == [
        ("others_overdue", "hr_colleague"),
        ("others_overdue", "hr_officer"),
        ("overdue", "analyst"),
    ]
    assert case.actions.count("work.escalated") == 1


def test_who_serves_a_function_is_told_of_late_work_once_a_day(office: Office):
    Case.start(office)
    Case.start(office, "clerk")

    escalate(office, DUE)

    assert told(office).count(("others_overdue", "hr_officer")) == 1
    assert told(office).count(("overdue", "clerk")) == 1


def test_work_without_reminders_in_the_diagram_is_left_alone(offices: Offices):
    office = offices.open("window")
    Case.start(office)

    assert (remind(office, DUE - timedelta(days=1)), escalate(office, DUE)) == (0, 0)
