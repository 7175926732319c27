"""What the outbox holds is delivered at least once, with longer and longer pauses on failure."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from engine.jobs.outbox import LEASE, Parcel, deliver_outbox, pause_after
from engine.store import outbox
from engine.store.ids import new_id
from engine.store.outbox import OutboxRow
from tests.cases import NOW
from tests.office import Office
from tests.ready import Offices


@dataclass
class Courier:
    """Fails for the keys in `broken`, notes everything else."""

    broken: set[str] = field(default_factory=set)
    delivered: list[str] = field(default_factory=list)

    def deliver(self, parcel: Parcel) -> None:
        if parcel.key in self.broken:
            raise ConnectionError("gateway closed")
        self.delivered.append(parcel.key)


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


def leave(office: Office, *keys: str) -> None:
    with office.desk.store.transaction(office.agency_id) as tx:
        outbox.put(tx, [OutboxRow(new_id(), "notify", "{}", key, NOW) for key in keys])


def deliver(office: Office, courier: Courier, now=NOW) -> int:
    return deliver_outbox(office.desk, office.agency_id, courier, now=now)


def test_what_is_due_arrives_once(office: Office):
    courier = Courier()
    leave(office, "a", "b")
    leave(office, "a")

    counts = [deliver(office, courier), deliver(office, courier, NOW + LEASE * 2)]

    assert counts == [2, 0]
    assert sorted(courier.delivered) == ["a", "b"]


def test_a_failure_keeps_the_parcel_for_later_and_stops_no_other(office: Office):
    courier = Courier(broken={"a"})
    leave(office, "a", "b")

    first = deliver(office, courier)
    courier.broken.clear()
    too_early = deliver(office, courier, NOW + pause_after(0) - timedelta(seconds=1))
    in_time = deliver(office, courier, NOW + pause_after(0))

    assert (first, too_early, in_time) == (1, 0, 1)
    assert courier.delivered == ["b", "a"]


def test_a_parcel_leased_by_another_runner_waits_for_the_end_of_the_lease(office: Office):
    courier = Courier()
    leave(office, "a")
    with office.desk.store.transaction(office.agency_id) as tx:
        outbox.lease_due(tx, until=NOW + LEASE, limit=10, now=NOW)

    assert deliver(office, courier) == 0
    assert deliver(office, courier, NOW + LEASE) == 1


def test_pauses_double_up_to_six_hours():
    pauses = [pause_after(attempts) for attempts in (0, 1, 2, 9, 500)]

    assert pauses == [
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(hours=6),
        timedelta(hours=6),
    ]
