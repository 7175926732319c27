"""More time is given aloud: with a reason, to a later day, never against the law or to oneself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.commands.extensions import request_extension
from engine.domain.people import UnitId
from engine.errors import Conflict, Forbidden, InvalidForm
from engine.jobs.extending import extend_deadlines
from engine.jobs.timers import fire_due_timers
from engine.queries.extensions import Scope
from engine.store import extensions, timers
from engine.store.extensions import Outcome
from tests.cases import NOW, Case
from tests.commands.launches import cases, import_plans, launch
from tests.office import Office
from tests.ready import Offices

STEP = "self_assessment"
# 24.00 of 19 January and of 16 February in Jakarta; 31 January is asked for.
DUE, LIMIT = datetime(2026, 1, 19, 17, tzinfo=UTC), datetime(2026, 2, 16, 17, tzinfo=UTC)
LATER, LATER_DUE = date(2026, 1, 31), datetime(2026, 1, 31, 17, tzinfo=UTC)


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cycle was launched."""
    made = offices.open("national")
    import_plans(made)
    launch(made)
    return made


def extend(
    office: Office, *, person: str = "hr_officer", now: datetime = NOW, until: date = LATER, **scope
) -> dict[Outcome, int]:
    """Ask for an extension and carry it out; how many came to what."""
    extension_id = request_extension(
        office.desk, office.actor(person, now), scope=Scope(office.cycle_id, STEP, **scope),
        due_on=until, reason="RAHASIA banjir", now=now,
    )  # fmt: skip
    while extend_deadlines(office.desk, office.agency_id, now=now, limit=3):
        pass
    with office.desk.store.reading(office.agency_id) as tx:
        return extensions.outcomes(tx, extension_id)


def dues(office: Office, person: str) -> tuple[datetime | None, list[datetime]]:
    """The due date of the person's open step, and his timers."""
    case = Case(office, cases(office)[person])
    with office.desk.store.reading(office.agency_id) as tx:
        waiting = [timer.due_at for timer in timers.of_instance(tx, case.id)]
    return case.open[STEP].due_at, waiting


def test_due_date_and_timers_of_a_step_move_by_the_same_days(office: Office):
    before = dues(office, "clerk")

    found = extend(office, instance_id=cases(office)["clerk"])

    assert before == (DUE, [LIMIT])
    assert found == {Outcome.EXTENDED: 1}
    assert dues(office, "clerk") == (LATER_DUE, [LIMIT + (LATER_DUE - DUE)])
    assert dues(office, "analyst") == (DUE, [LIMIT])


def test_the_step_really_stays_open_until_the_later_limit(office: Office):
    extend(office, instance_id=cases(office)["clerk"])

    fire_due_timers(office.desk, office.agency_id, now=LIMIT + timedelta(minutes=1))

    assert STEP in Case(office, cases(office)["clerk"]).open
    assert STEP not in Case(office, cases(office)["analyst"]).open


def test_an_extension_is_an_event_of_the_case_with_both_dates_and_a_sealed_reason(office: Office):
    extend(office, instance_id=cases(office)["clerk"])

    event = Case(office, cases(office)["clerk"]).events[-1]

    assert (event["action"], event["actor"]) == ("deadline.extended", "hr_officer")
    assert event["values"]["due_at"] == [
        "2026-01-19T17:00:00.000000+00:00", "2026-01-31T17:00:00.000000+00:00",
    ]  # fmt: skip
    assert "reason_sealed" in event["values"]


def test_a_unit_counts_with_all_below_it(office: Office):
    found = extend(office, unit_id=UnitId("dinas"))

    assert found == {Outcome.EXTENDED: 4}
    assert dues(office, "analyst")[0] == LATER_DUE
    assert dues(office, "auditor")[0] == DUE


def test_everybody_is_extended_except_who_asked_for_it(office: Office):
    found = extend(office)

    assert found == {Outcome.EXTENDED: 7, Outcome.OWN_CASE: 1}
    assert dues(office, "hr_officer")[0] == DUE
    assert dues(office, "hr_colleague")[0] == LATER_DUE


def test_nothing_is_moved_to_an_earlier_day(office: Office):
    extend(office)

    again = extend(office, until=LATER - timedelta(days=3))

    # The one who asked was left where he was the first time as well.
    assert again == {Outcome.ALREADY_LATER: 7, Outcome.OWN_CASE: 1}
    assert dues(office, "clerk")[0] == LATER_DUE


def test_a_step_that_a_timer_has_ended_is_not_opened_again(office: Office):
    late = LIMIT + timedelta(minutes=1)

    found = extend(office, now=late, until=date(2026, 3, 31), instance_id=cases(office)["clerk"])

    assert found == {Outcome.CLOSED: 1}
    assert STEP not in Case(office, cases(office)["clerk"]).open


@pytest.mark.parametrize("until", [date(2026, 1, 4), date(2025, 12, 31)])
def test_a_day_that_is_over_is_refused(office: Office, until: date):
    with pytest.raises(InvalidForm, match="past_day"):
        extend(office, until=until)


# One of them is drawn twice, once inside the time in which the law lets people object.
@pytest.mark.parametrize("step", ["notify_ack", "file_appeal", "explanation_request"])
def test_a_deadline_of_the_law_is_not_extended(office: Office, step: str):
    with pytest.raises(Conflict, match="law"):
        request_extension(
            office.desk, office.actor("hr_officer", NOW),
            scope=Scope(office.cycle_id, step), due_on=LATER, reason="x", now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("person", ["analyst", "division_head", "auditor"])
def test_only_hr_extends(office: Office, person: str):
    with pytest.raises(Forbidden):
        extend(office, person=person)


def test_an_extension_that_is_carried_out_twice_changes_nothing_more(office: Office):
    extend(office)
    before = dues(office, "clerk"), Case(office, cases(office)["clerk"]).actions

    extend_deadlines(office.desk, office.agency_id, now=NOW + timedelta(hours=1))

    assert (dues(office, "clerk"), Case(office, cases(office)["clerk"]).actions) == before
