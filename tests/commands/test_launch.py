"""A launch starts everybody at once, each as if alone; nobody twice, nobody left behind."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.commands.cycles import start_appraisal
from engine.commands.launch import continue_launch, launch_chunk, stop_launch
from engine.domain.people import EmployeeId
from engine.errors import Conflict, Forbidden, NotFound
from engine.jobs.launching import continue_launches
from engine.store import cycles, launches, tables
from engine.store.launches import LaunchStatus
from engine.store.states import CycleStatus
from tests.cases import NOW, Case, problems, refusals, trail
from tests.commands.launches import (
    PEOPLE,
    ask,
    cases,
    import_plans,
    known,
    launch,
    left_by,
    refused,
)
from tests.office import Office
from tests.ready import Offices
from tests.snapshots import TRAIL, changed, snapshot

SYSTEMS = ("national", "contest", "relay", "laps", "window", "stumble")


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office of the national system where everybody has a plan."""
    made = offices.open("national")
    import_plans(made)
    return made


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_launched_case_is_the_case_that_starts_alone(offices: Offices, system: str):
    alone, together = offices.open(system), offices.open(system)
    import_plans(alone)
    import_plans(together)
    started = start_each(alone)

    launch_id = ask(together)
    launch_chunk(together.desk, together.agency_id, launch_id, now=NOW)
    # All by the common start: nobody needed one of his own.
    done, launched = known(together, launch_id), cases(together)
    assert done.started == len(launched) == len(started) > 0
    assert set(launched) == set(started)
    for person, instance_id in started.items():
        assert left_by(together, launched[person]) == left_by(alone, instance_id)


def test_who_starts_like_nobody_else_has_a_start_of_his_own_and_the_same_case(offices: Offices):
    alone, together = offices.open("decree"), offices.open("decree")
    started = start_each(alone)

    launch_id = ask(together)
    launch_chunk(together.desk, together.agency_id, launch_id, now=NOW)
    with together.desk.store.reading(together.agency_id) as tx:
        waiting = set(launches.waiting(tx, launch_id, limit=100))
    before = cases(together)
    continue_launches(together.desk, together.agency_id, now=NOW)

    done, launched = known(together, launch_id), cases(together)
    assert (waiting, before) == (set(PEOPLE), {})
    assert (done.started, done.status) == (len(PEOPLE), LaunchStatus.DONE)
    assert set(launched) == set(started) == set(PEOPLE)
    for person, instance_id in started.items():
        assert left_by(together, launched[person]) == left_by(alone, instance_id)


def start_each(office: Office) -> dict[str, str]:
    """Everybody started alone who can be; the cases by person."""
    started = {}
    for person in PEOPLE:
        try:
            started[person] = start_appraisal(
                office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
                employee_id=person, now=NOW,
            )  # fmt: skip
        except NotFound:
            continue
    return started


def test_a_launched_case_goes_on_like_any_other(office: Office):
    launch(office)

    case = Case(office, cases(office)["analyst"])

    assert list(case.open) == ["self_assessment"]
    assert case.item(case.open["self_assessment"].id).assignee_id == "analyst"
    assert case.actions == ["instance.started", "work.opened"]
    assert problems(office) == []


def test_everybody_who_has_work_now_is_told_once(office: Office):
    launch(office)

    with office.desk.store.reading(office.agency_id) as tx:
        told = tx.connection.execute(
            select(tables.notice.c.recipient_id, func.count())
            .where(tables.notice.c.kind == "new_work")
            .group_by(tables.notice.c.recipient_id)
        )
        assert dict(told.all()) == dict.fromkeys(cases(office), 1)


def test_who_has_nobody_to_rate_him_is_listed_and_the_others_start(office: Office):
    done = launch(office)

    assert refused(office, done.id) == {"sekda": "no_rater"}
    assert done.started == len(PEOPLE) - 1


def test_who_has_no_plan_is_listed(offices: Offices):
    office = offices.open("national")

    done = launch(office)

    assert set(refused(office, done.id).values()) == {"no_plan"}
    assert (done.started, cases(office)) == (0, {})


def test_a_launch_goes_on_where_it_was_left(office: Office):
    launch_id = ask(office)

    for size in (1, 2, 3):
        launch_chunk(office.desk, office.agency_id, launch_id, now=NOW, size=size)
    first = known(office, launch_id)
    continue_launches(office.desk, office.agency_id, now=NOW + timedelta(hours=1))

    assert (first.looked, first.status) == (6, LaunchStatus.RUNNING)
    assert known(office, launch_id).looked == len(PEOPLE)
    assert set(cases(office)) == set(PEOPLE) - {"sekda"}


def test_a_second_launch_takes_only_those_who_joined_later(office: Office):
    launch(office)
    before = cases(office)

    again = launch(office, now=NOW + timedelta(days=1))

    assert (again.started, again.looked) == (0, 1)
    assert cases(office) == before


def test_who_was_started_alone_before_is_not_started_again(office: Office):
    alone = start_appraisal(
        office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
        employee_id=EmployeeId("analyst"), now=NOW,
    )  # fmt: skip

    launch(office)

    assert cases(office)["analyst"] == alone


def test_a_stopped_launch_starts_nobody_until_it_goes_on(office: Office):
    launch_id, hr = ask(office), office.actor("hr_officer", NOW)

    stop_launch(office.desk, hr, launch_id=launch_id, now=NOW)
    looked = continue_launches(office.desk, office.agency_id, now=NOW)
    stopped = cases(office)
    continue_launch(office.desk, hr, launch_id=launch_id, now=NOW)
    continue_launches(office.desk, office.agency_id, now=NOW)

    assert (looked, stopped) == (0, {})
    assert len(cases(office)) == len(PEOPLE) - 1
    assert [event["action"] for event in trail(office, f"cycle/{office.cycle_id}")][-4:] == [
        "launch.requested", "launch.stopped", "launch.continued", "launch.finished",
    ]  # fmt: skip


def test_two_launches_of_a_cycle_do_not_run_at_once(office: Office):
    ask(office)

    with pytest.raises(Conflict):
        ask(office)


def test_a_cycle_that_closes_ends_its_launch(office: Office):
    launch_id = ask(office)
    with office.desk.store.transaction(office.agency_id) as tx:
        cycles.set_status(tx, office.cycle_id, CycleStatus.CLOSED)

    continue_launches(office.desk, office.agency_id, now=NOW)

    assert (cases(office), known(office, launch_id).status) == ({}, LaunchStatus.STOPPED)
    with pytest.raises(Conflict):
        ask(office)


@pytest.mark.parametrize("person", ["analyst", "division_head", "auditor"])
def test_only_hr_launches(office: Office, person: str):
    before = snapshot(office)

    with pytest.raises(Forbidden):
        ask(office, person=person)

    assert refusals(office, person) == ["missing_duty"]
    assert {table for table, _ in changed(before, snapshot(office))} == set(TRAIL)


def test_who_asked_is_told_when_the_launch_is_done(office: Office):
    done = launch(office)

    with office.desk.store.reading(office.agency_id) as tx:
        kinds = tx.connection.execute(
            select(tables.notice.c.kind).where(tables.notice.c.recipient_id == "hr_officer")
        ).scalars()
        assert "cycle_launched" in set(kinds)
        assert launches.of_cycle(tx, office.cycle_id) == (done,)
