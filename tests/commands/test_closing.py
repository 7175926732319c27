"""A closed period takes nobody new; what is unfinished goes on or ends, as somebody said."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pytest

from engine.commands.closing import cancel_next, close_cycle, reopen_cycle
from engine.commands.cycles import start_appraisal
from engine.commands.launch import request_launch
from engine.domain.people import AgencyId, EmployeeId
from engine.errors import Conflict, Forbidden
from engine.jobs.extending import cancel_unfinished
from engine.store import closings
from engine.store.closings import Handling
from engine.store.database import Store
from tests.cases import NOW, Case, problems, trail
from tests.commands.launches import cases, import_plans, launch
from tests.office import Office
from tests.ready import Offices


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cycle was launched."""
    made = offices.open("national")
    import_plans(made)
    launch(made)
    return made


def close(office: Office, handling: Handling, *, person: str = "hr_officer") -> str:
    return close_cycle(
        office.desk, office.actor(person, NOW), cycle_id=office.cycle_id, handling=handling,
        reason="RAHASIA selesai", now=NOW,
    )  # fmt: skip


def test_cases_go_on_in_a_closed_period(office: Office):
    close(office, Handling.GO_ON)
    cancelled = cancel_unfinished(office.desk, office.agency_id, now=NOW)

    case = Case(office, cases(office)["clerk"])
    event = trail(office, f"cycle/{office.cycle_id}")[-1]
    assert (cancelled, case.row.status, list(case.open)) == (0, "running", ["self_assessment"])
    assert event["action"] == "cycle.closed"
    assert (event["values"]["handling"], event["values"]["unfinished"]) == ("go_on", 8)


def test_cases_without_result_end_when_it_was_said_so(office: Office):
    close(office, Handling.CANCEL)
    while cancel_unfinished(office.desk, office.agency_id, now=NOW, limit=3):
        pass

    case = Case(office, cases(office)["clerk"])
    assert (case.row.status, case.open) == ("cancelled", {})
    assert case.actions == [
        "instance.started", "work.opened", "instance.cancelled", "work.withdrawn",
    ]  # fmt: skip
    assert problems(office) == []


@dataclass
class Interrupted:
    """A store in which something happens before the transaction of this number begins."""

    store: Store
    number: int
    what: Callable[[], None]

    def transaction(self, agency_id: AgencyId):
        self.number -= 1
        if self.number == 0:
            self.what()
        return self.store.transaction(agency_id)


def test_no_case_ends_any_more_once_the_period_is_open_again(office: Office):
    close(office, Handling.CANCEL)
    reopen = partial(
        reopen_cycle, office.desk, office.actor("hr_colleague", NOW), cycle_id=office.cycle_id,
        reason="RAHASIA", now=NOW,
    )  # fmt: skip
    store = Interrupted(office.desk.store, number=3, what=reopen)

    with office.desk.store.reading(office.agency_id) as tx:
        (closing_id,) = closings.running(tx)
    desk = replace(office.desk, store=store)
    cancelled = cancel_next(desk, office.agency_id, closing_id, now=NOW, limit=5)

    ended = [case for case in cases(office).values() if Case(office, case).row.ended_at]
    assert (cancelled, len(ended)) == (1, 1)


def test_nothing_new_starts_in_a_closed_period(office: Office):
    close(office, Handling.GO_ON)
    hr = office.actor("hr_officer", NOW)

    with pytest.raises(Conflict):
        request_launch(office.desk, hr, cycle_id=office.cycle_id, expected=1, now=NOW)
    with pytest.raises(Conflict):
        start_appraisal(
            office.desk, hr, cycle_id=office.cycle_id, employee_id=EmployeeId("sekda"), now=NOW
        )


def test_a_period_is_closed_once(office: Office):
    close(office, Handling.GO_ON)

    with pytest.raises(Conflict):
        close(office, Handling.CANCEL)


def test_who_closed_a_period_does_not_open_it_again_alone(office: Office):
    close(office, Handling.GO_ON)

    with pytest.raises(Forbidden):
        reopen_cycle(
            office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
            reason="x", now=NOW,
        )  # fmt: skip
    reopen_cycle(
        office.desk, office.actor("hr_colleague", NOW), cycle_id=office.cycle_id,
        reason="RAHASIA", now=NOW,
    )  # fmt: skip

    assert trail(office, f"cycle/{office.cycle_id}")[-1]["action"] == "cycle.reopened"
    close(office, Handling.GO_ON)


@pytest.mark.parametrize("person", ["analyst", "auditor"])
def test_only_hr_closes(office: Office, person: str):
    with pytest.raises(Forbidden):
        close(office, Handling.GO_ON, person=person)
