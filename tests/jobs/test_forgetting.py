"""What served its time is let go of; what still counts stays."""

from datetime import datetime, timedelta

from engine.commands.attempts import clear_tries, count_try
from engine.domain.attempts import ADDRESS, TRUST
from engine.domain.people import EmployeeId
from engine.jobs.forgetting import DELIVERIES_KEPT, NOTICES_KEPT, forget_expired
from engine.store import (
    command_keys,
    letters,
    notices,
    outbox,
    sessions,
    tables,
    webhook_deliveries,
)
from engine.store.command_keys import CommandKeyRow
from engine.store.database import ANY_AGENCY
from engine.store.ids import id_at
from engine.store.letters import LetterRow
from engine.store.notices import NoticeRow
from engine.store.outbox import OutboxRow
from engine.store.sessions import KEPT, SessionRow
from engine.store.webhook_deliveries import WebhookRow
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


def test_old_notices_and_deliveries_go_and_what_is_on_its_way_stays(offices: Offices) -> None:
    office = offices.open("relay")
    told_before, brought_before = NOW - NOTICES_KEPT, NOW - DELIVERIES_KEPT
    with office.desk.store.transaction(office.agency_id) as tx:
        for name, age in (("old", HOUR), ("new", -HOUR)):
            told, brought = told_before - age, brought_before - age
            notices.add(tx, [NoticeRow(id_at(told) + name, CLERK, "reminder", told, name)])
            number = id_at(brought) + name
            for status in ("sent", "queued"):
                key = f"{name}-{status}"
                letters.plan(tx, [letter(f"{number}-{status}", key, brought, status)])
                webhook_deliveries.plan(tx, [webhook(f"{number}-{status}", key, brought, status)])
                done = brought if status == "sent" else None
                outbox.put(tx, [OutboxRow(f"{number}-{status}", "x", "{}", key, NOW, done_at=done)])

    gone = [forget_expired(office.desk, office.agency_id, now=NOW, limit=2) for _ in range(2)]

    assert gone == [4, 0]
    with office.desk.store.reading(office.agency_id) as tx:
        left = {
            name: len(tx.connection.execute(tables.metadata.tables[name].select()).all())
            for name in ("notice", "notice_delivery", "webhook_delivery", "outbox")
        }
    assert left == {"notice": 1, "notice_delivery": 3, "webhook_delivery": 3, "outbox": 3}


def letter(number: str, slot: str, at: datetime, status: str) -> LetterRow:
    return LetterRow(number, CLERK, "email", slot, at, at, status)


def webhook(number: str, source: str, at: datetime, status: str) -> WebhookRow:
    return WebhookRow(number, "target", "case.started", source, "{}", at, at, status)


def test_a_year_of_notices_goes_by_batches(offices: Offices) -> None:
    office, made = offices.open("relay"), NOW - NOTICES_KEPT - HOUR
    rows = [NoticeRow(f"{id_at(made)}-{n}", CLERK, "reminder", made, f"{n}") for n in range(7)]
    with office.desk.store.transaction(office.agency_id) as tx:
        notices.add(tx, rows)

    gone = [forget_expired(office.desk, office.agency_id, now=NOW, limit=3) for _ in range(4)]

    assert gone == [3, 3, 1, 0]


def test_tries_go_after_a_day_and_whom_an_address_is_trusted_for_stays(offices: Offices) -> None:
    office = offices.open("relay")
    for agency in (office.agency_id, ANY_AGENCY):
        with office.desk.store.transaction(agency) as tx:
            count_try(tx, {"stranger": ADDRESS, "friend": ADDRESS}, now=NOW)
            clear_tries(tx, ("friend",), now=NOW)

    early = forget_expired(office.desk, office.agency_id, now=NOW + 23 * HOUR)
    gone = forget_expired(office.desk, office.agency_id, now=NOW + 24 * HOUR)
    late = forget_expired(office.desk, office.agency_id, now=NOW + TRUST)

    assert (early, gone, late) == (0, 2, 2)
