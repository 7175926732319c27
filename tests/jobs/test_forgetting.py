"""What served its time is let go of; what still counts stays."""

from datetime import timedelta

from engine.domain.people import EmployeeId
from engine.jobs.forgetting import forget_expired
from engine.store import command_keys, sessions
from engine.store.command_keys import CommandKeyRow
from engine.store.sessions import KEPT, SessionRow
from tests.cases import NOW
from tests.office import Office
from tests.ready import Offices

CLERK = EmployeeId("clerk")
HOUR = timedelta(hours=1)


def add_session(office: Office, token: str, *, lives: timedelta) -> None:
    ends = NOW + lives
    row = SessionRow(token, office.agency_id, CLERK, NOW - 2 * HOUR, NOW, ends, ends)
    with office.desk.store.transaction(office.agency_id) as tx:
        sessions.add(tx, row)


def test_ended_sessions_and_answers_of_last_year_go_and_the_rest_stays(offices: Offices) -> None:
    office = offices.open("relay")
    add_session(office, "a" * 64, lives=-KEPT - HOUR)
    add_session(office, "b" * 64, lives=HOUR)
    with office.desk.store.transaction(office.agency_id) as tx:
        for key, age in (("old", 500), ("new", 5)):
            answered = NOW - timedelta(days=age)
            command_keys.keep_answer(tx, CommandKeyRow(CLERK, key, "0" * 64, "{}", answered))

    first = forget_expired(office.desk, office.agency_id, now=NOW)
    second = forget_expired(office.desk, office.agency_id, now=NOW)

    with office.desk.store.reading(office.agency_id) as tx:
        assert sessions.find(tx, "b" * 64, now=NOW)
        assert command_keys.find_answer(tx, CLERK, "new", request_sha256="0" * 64) == "{}"
        assert command_keys.find_answer(tx, CLERK, "old", request_sha256="0" * 64) is None
    assert (first, second) == (2, 0)
