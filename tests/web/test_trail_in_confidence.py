"""What programs are told of who was asked in confidence: never which of them has answered."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.webhooks import EventKind, Listener
from engine.jobs.timers import fire_due_timers
from engine.jobs.webhooks import derive_webhooks
from engine.store import tables
from tests.cases import NOW, Case, trail
from tests.commands.test_confidence import LATER, PEERS, asked, items, speak
from tests.office import DIVISION, Office
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

READERS = ("hr_officer", "analyst", "division_head", "sekda")
OF_CASE = ("", "/answers", "/diagram", "/comments", "/beside")
AFTERWARDS = NOW + timedelta(days=12)


@pytest.fixture
def case(offices: Offices) -> Case:
    return asked(offices.open("chorus"))


@pytest.fixture
def seat(case: Case) -> Iterator[Seat]:
    with seated(case.office.desk, LATER) as seat:
        yield seat


def told(seat: Seat, case: Case) -> dict[str, list[dict[str, object]]]:
    """The whole trail by pages of 3, as each reader's program gets it."""
    found = {}
    for reader in READERS:
        seat.take(reader)
        rows, cursor = [], ""
        while cursor is not None:
            page = seat.client.get(
                f"/api/v1/cases/{case.id}/trail", params={"limit": 3, "cursor": cursor}
            )
            if page.status_code == 404:
                break
            rows += page.json()["events"]
            cursor = page.json()["next"]
        found[reader] = rows
    return {reader: rows for reader, rows in found.items() if rows}


def views(rows: Sequence[dict[str, object]]) -> list[object]:
    """What is told, without the looks of the readers themselves and without seals."""
    own = [row for row in rows if row["action"] != "access.viewed"]
    return [{**row, "seal": ""} for row in own]


def test_while_colleagues_are_asked_the_trail_is_the_same_whoever_has_answered(
    seat: Seat, case: Case
) -> None:
    before = told(seat, case)
    assert "hr_officer" in before

    speak(case, "clerk")
    one = told(seat, case)
    for peer in PEERS[1:3]:
        speak(case, peer)
    most = told(seat, case)

    for reader, rows in before.items():
        assert views(one[reader]) == views(rows)
        assert views(most[reader]) == views(rows)
        numbers = [row["number"] for row in most[reader]]
        assert numbers == list(range(1, len(numbers) + 1))


def shown(seat: Seat, case: Case) -> dict[tuple[str, str], object]:
    """Everything else that readers' programs get of the case."""
    found = {}
    for reader in READERS:
        seat.take(reader)
        for part in OF_CASE:
            answer = seat.client.get(f"/api/v1/cases/{case.id}{part}")
            if answer.status_code == 200:
                found[reader, part] = answer.json()
    return found


def test_while_colleagues_are_asked_no_page_of_the_case_counts_who_has_answered(
    seat: Seat, case: Case
) -> None:
    before = shown(seat, case)
    assert {("hr_officer", part) for part in OF_CASE} <= before.keys()

    for peer in PEERS[:3]:
        speak(case, peer)

    assert shown(seat, case) == before


def overseen(seat: Seat, case: Case) -> list[str]:
    """What programs and pages tell HR of who has what to do."""
    seat.take("hr_officer")
    pages = [f"/notices/unit-list?unit={DIVISION}", *(f"/employees/{peer}" for peer in PEERS)]
    counts = [re.findall(r"<td class=\"n\".*?</td>|\d+ tugas terbuka", seat.client.get(page).text)
              for page in pages]  # fmt: skip
    holdups = f"/api/v1/cycles/{case.office.cycle_id}/holdups"
    lists = ("/api/v1/inbox?list=all", holdups, f"{holdups}/{case.row.unit_id}")
    return [*(seat.client.get(path).text for path in lists), *map(str, counts)]


def test_while_colleagues_are_asked_no_list_of_open_tasks_names_who_has_not_answered(
    seat: Seat, case: Case
) -> None:
    Case.start(case.office, "clerk")
    before = overseen(seat, case)
    assert "name_peers" in before[0]

    for peer in PEERS[:3]:
        speak(case, peer)

    assert overseen(seat, case) == before


def test_afterwards_it_says_that_somebody_has_answered_and_leads_to_nobody(
    seat: Seat, case: Case
) -> None:
    work = [item.id for item in items(case).values()]
    for peer in PEERS[:3]:
        speak(case, peer)
    fire_due_timers(case.office.desk, case.office.agency_id, now=AFTERWARDS)
    seat.clock.now = AFTERWARDS

    for rows in told(seat, case).values():
        voices = [row for row in rows if row["element"] == "voice"]
        assert [row["action"] for row in voices].count("work.completed") == 3
        assert not any(item in json.dumps(rows) for item in work)
        opened = [row for row in voices if row["action"] == "work.opened"]
        assert {row["values"]["assignee"] for row in opened} == set(PEERS)
        others = [row for row in voices if row["action"] != "work.opened"]
        assert not any(peer in json.dumps(row["values"]) for row in others for peer in PEERS)
    # The sealed events stand as they were written, for the verification.
    assert any(item in str(trail(case.office, case.id)) for item in work)


def test_no_page_of_the_trail_names_a_task_in_confidence(seat: Seat, case: Case) -> None:
    speak(case, "clerk")
    work = [item.id for item in items(case).values()]
    seat.take("hr_officer")

    page = seat.client.get(f"/cases/{case.id}/trail").text

    assert "Riwayat" in page or "trail" in page
    assert not any(item in page for item in work)


def test_webhooks_tell_that_colleagues_were_asked_and_not_that_one_has_answered(
    offices: Offices,
) -> None:
    office = listening(offices.open("chorus"))
    case = asked(office)
    work = [item.id for item in items(case).values()]
    derive_webhooks(office.desk, office.agency_id, now=NOW + timedelta(minutes=1))
    before = bodies(office)

    for peer in PEERS:
        speak(case, peer)
    derive_webhooks(office.desk, office.agency_id, now=LATER + timedelta(minutes=1))

    new = [body for body in bodies(office) if body not in before]
    opened = [body for body in before if body.get("element") == "voice"]
    assert len(opened) == len(PEERS)
    assert not any("work_item" in body for body in opened)
    assert [body for body in new if body.get("element") == "voice"] == []
    assert not any(item in json.dumps(bodies(office)) for item in work)


def listening(office: Office) -> Office:
    """The office with a program that hears of everything."""
    listener = Listener("simpeg", frozenset(EventKind), None)
    office = replace(office, desk=replace(office.desk, listeners=(listener,)))
    derive_webhooks(office.desk, office.agency_id, now=NOW - timedelta(minutes=1))
    return office


def bodies(office: Office) -> list[dict[str, object]]:
    rows = tables.webhook_delivery
    with office.desk.store.reading(office.agency_id) as tx:
        found = tx.connection.execute(rows.select().order_by(rows.c.id)).all()
    return [json.loads(row.body) for row in found]
