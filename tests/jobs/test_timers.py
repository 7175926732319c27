"""Due timers fire once, and a case that cannot be loaded does not stop the others."""

from datetime import timedelta

from sqlalchemy import update

from engine.jobs.timers import LEASE, fire_due_timers
from engine.store import tables
from tests.cases import NOW, Case, problems
from tests.office import Office
from tests.ready import Offices

DUE = NOW + timedelta(days=20)


def fire(office: Office, now=DUE) -> int:
    return fire_due_timers(office.desk, office.agency_id, now=now)


def spoil(case: Case) -> None:
    """Make the stored state of a case unreadable."""
    state = tables.instance_state
    with case.office.desk.store.transaction(case.office.agency_id) as tx:
        tx.connection.execute(
            update(state).where(state.c.instance_id == case.id).values(blob=b"spoilt")
        )


def test_a_timer_fires_when_it_is_due_and_only_once(offices: Offices):
    office = offices.open("window")
    case = Case.start(office)

    early, first, second = fire(office, NOW + timedelta(days=13)), fire(office), fire(office)

    assert (early, first, second) == (0, 1, 0)
    assert list(case.open) == ["too_late"]
    assert case.actions.count("timer.fired") == 1
    assert problems(office) == []


def test_one_unreadable_case_does_not_stop_the_others(offices: Offices):
    office = offices.open("window")
    poisoned, sound = Case.start(office), Case.start(office, "clerk")
    spoil(poisoned)

    fired = fire(office)

    assert fired == 1
    assert list(sound.open) == ["too_late"]
    assert list(poisoned.open) == ["answer"]


def test_a_failing_case_is_tried_again_after_its_lease(offices: Offices):
    office = offices.open("window")
    case = Case.start(office)
    blob = tables.instance_state
    with office.desk.store.reading(office.agency_id) as tx:
        sound = tx.connection.execute(blob.select()).one().blob
    spoil(case)
    fire(office)
    with office.desk.store.transaction(office.agency_id) as tx:
        tx.connection.execute(update(blob).values(blob=sound))

    within, after = fire(office), fire(office, DUE + LEASE)

    assert (within, after) == (0, 1)
