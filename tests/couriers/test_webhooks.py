"""Other programs hear of events by ids, signed, once or again under the same number."""

import hmac
import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from api.outgoing import Outgoing
from api.settings import Settings
from api.webhooks import SignedPoster, Target, read_targets
from engine.domain.people import AgencyId
from engine.domain.webhooks import EventKind, Listener
from engine.jobs.letters import GIVE_UP
from engine.jobs.outbox import ByTopic, deliver_outbox, pause_after
from engine.jobs.webhooks import WEBHOOK, WebhookCourier, derive_webhooks
from engine.store import tables
from tests.cases import NOW, RELAY, Case
from tests.couriers.receivers import receiving
from tests.faults.test_lost_definition import anew
from tests.office import Office
from tests.ready import Offices
from tests.store.test_verification import tamper

SOON = NOW + timedelta(minutes=5)


def listening(office: Office, *events: EventKind, agency: AgencyId | None = None) -> Office:
    """The office with one listener."""
    listener = Listener("simpeg", frozenset(events), agency)
    office = replace(office, desk=replace(office.desk, listeners=(listener,)))
    derive_webhooks(office.desk, office.agency_id, now=NOW)
    return office


def derive(office: Office, now: datetime = NOW) -> int:
    return derive_webhooks(office.desk, office.agency_id, now=now)


def deliver(office: Office, address: str, secret: Path, now: datetime = NOW) -> int:
    targets = [Target(listener, address, secret) for listener in office.desk.listeners]
    poster = SignedPoster(targets, Outgoing(loopback=True), lambda: now)
    courier = ByTopic({WEBHOOK: WebhookCourier(office.desk, poster, lambda: now)})
    return deliver_outbox(office.desk, office.agency_id, courier, now=now)


def log(office: Office) -> list[tuple[str, str, str | None]]:
    """Event, status and error of each delivery, in order."""
    rows = tables.webhook_delivery
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(rows.select().order_by(rows.c.id)).all()
    return [(row.event, row.status, row.last_error) for row in found]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text("new\n")
    return file


def test_nobody_is_told_anything_unless_a_target_is_named(offices: Offices):
    office = offices.open("relay")
    Case.start(office)

    assert (derive(office), log(office)) == (0, [])
    assert read_targets(Settings().webhooks_file) == ()


def test_a_receiver_hears_of_the_events_it_asked_for_once(offices: Offices, secret: Path):
    office = listening(offices.open("relay"), EventKind.WORK_COMPLETED, EventKind.CASE_COMPLETED)
    case = Case.start(office)
    for element, person, answers in RELAY:
        case.complete(person, element, answers)

    counts = [derive(office), derive(office, SOON)]
    with receiving() as receiver:
        for minutes in (0, 20):
            deliver(office, receiver.address, secret, NOW + timedelta(minutes=minutes))

    events = [json.loads(found.body)["event"] for found in receiver.received]
    assert counts == [len(RELAY) + 1, 0]
    assert sorted(set(events)) == ["case.completed", "work_item.completed"]
    assert len(events) == len(RELAY) + 1


def test_a_damaged_definition_stops_no_news_and_names_no_task_of_its_own(offices: Offices):
    office = listening(offices.open("relay"), *EventKind)
    Case.start(office)
    tamper(offices.opened[-1][1], "DELETE FROM definition_file")

    derive(anew(office))

    rows = tables.webhook_delivery
    with office.desk.store.reading(office.agency_id) as tx:
        bodies = [json.loads(row.body) for row in tx.connection.execute(rows.select())]
    assert {body["event"] for body in bodies} == {"case.started", "work_item.opened"}
    assert not any("work_item" in body for body in bodies)


def test_what_is_told_are_ids_only(offices: Offices, secret: Path):
    office = listening(offices.open("relay"), *EventKind)
    case = Case.start(office)
    for element, person, answers in RELAY:
        case.complete(person, element, answers)
    derive(office)

    with receiving() as receiver:
        deliver(office, receiver.address, secret)

    bodies = [json.loads(found.body) for found in receiver.received]
    keys = {key for body in bodies for key in body}
    assert keys <= {"event", "at", "agency", "case", "work_item", "element", "cycle"}
    assert all(body["case"] == case.id for body in bodies)
    assert all("work_item" in body for body in bodies if body["event"] == "work_item.opened")


def test_the_signature_proves_body_and_hour_under_both_secrets_of_a_rotation(
    offices: Offices, secret: Path
):
    office = listening(offices.open("window"), EventKind.CASE_STARTED)
    Case.start(office)
    derive(office)
    secret.write_text("new\nold\nolder\n")

    with receiving() as receiver:
        deliver(office, receiver.address, secret)

    (found,) = receiver.received
    seconds, *marks = found.headers["alur-signature"].split(",")
    signed = f"{int(NOW.timestamp())}.".encode() + found.body
    right = [hmac.new(key, signed, sha256).hexdigest() for key in (b"new", b"old")]
    assert seconds == f"t={int(NOW.timestamp())}"
    assert marks == [f"v1={mark}" for mark in right]


def test_what_was_not_taken_comes_again_under_the_same_number(offices: Offices, secret: Path):
    office = listening(offices.open("window"), EventKind.CASE_STARTED)
    Case.start(office)
    derive(office)

    with receiving(500) as receiver:
        deliver(office, receiver.address, secret)
        assert log(office) == [("case.started", "queued", "http_500")]
        deliver(office, receiver.address, secret, NOW + pause_after(0))

    numbers = {found.headers["alur-delivery"] for found in receiver.received}
    assert (len(receiver.received), len(numbers)) == (2, 1)
    assert log(office) == [("case.started", "sent", None)]


@pytest.mark.parametrize(("answer", "days", "code"), [(410, 0, "http_410"), (500, 3, "gave_up")])
def test_a_target_that_is_gone_is_left(
    offices: Offices, secret: Path, answer: int, days: int, code: str
):
    assert timedelta(days=3) == GIVE_UP
    office = listening(offices.open("window"), EventKind.CASE_STARTED)
    Case.start(office)
    derive(office)

    with receiving(answer) as receiver:
        deliver(office, receiver.address, secret, NOW + timedelta(days=days))

    assert log(office) == [("case.started", "failed", code)]


def test_another_agency_is_not_spoken_of(offices: Offices):
    office = listening(offices.open("window"), EventKind.CASE_STARTED, agency=AgencyId("other"))
    Case.start(office)

    assert derive(office) == 0


def test_a_target_that_was_taken_out_is_told_nothing_more(offices: Offices, secret: Path):
    office = listening(offices.open("window"), EventKind.CASE_STARTED)
    Case.start(office)
    derive(office)
    office = replace(office, desk=replace(office.desk, listeners=()))

    with receiving() as receiver:
        deliver(office, receiver.address, secret)

    assert receiver.received == []
    assert log(office) == [("case.started", "suppressed", "no_target")]


def test_after_a_long_rest_nothing_is_left_out(offices: Offices):
    office = listening(offices.open("window"), EventKind.CASE_STARTED)
    for hours, person in enumerate(("analyst", "clerk", "division_head")):
        Case.start(office, person, now=NOW + timedelta(hours=2 * hours))

    assert derive(office, NOW + timedelta(days=1)) == 3


def test_targets_stand_in_a_file_of_the_installation(tmp_path: Path):
    file = tmp_path / "webhooks.toml"
    file.write_text(
        '[[target]]\nname = "simpeg"\naddress = "https://simpeg.contoh.go.id/hook"\n'
        'events = ["case.completed"]\nsecret_file = "secret"\n'
    )

    (target,) = read_targets(file)

    assert target.listener == Listener("simpeg", frozenset({EventKind.CASE_COMPLETED}))
    for wrong in (file.read_text() * 2, file.read_text().replace("completed", "guessed")):
        file.write_text(wrong)
        with pytest.raises(ValueError, match=r"same name|guessed"):
            read_targets(file)
