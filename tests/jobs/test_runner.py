"""The runner does what is due for every agency and outlives whatever goes wrong."""

import threading
from datetime import timedelta

from engine.jobs.outbox import LogCourier, Parcel
from engine.jobs.registry import NOTICE_INTERVAL
from engine.jobs.runner import Runner
from tests.cases import NOW, Case
from tests.jobs.test_notices import DUE, told
from tests.jobs.test_outbox import leave
from tests.jobs.test_timers import spoil
from tests.ready import Offices

PATIENCE_S = 30


def test_one_round_reminds_and_tells_of_new_work(offices: Offices):
    office = offices.open("national")
    Case.start(office)

    done = Runner(office.desk, lambda: DUE - timedelta(days=1), courier=LogCourier()).run_once()

    assert done == 2
    assert told(office) == [("reminder", "analyst"), ("new_work", "analyst")]


def test_notices_are_looked_for_every_few_minutes_only(offices: Offices):
    office = offices.open("national")
    Case.start(office)
    at = [NOW]
    runner = Runner(office.desk, lambda: at[0])

    rounds = []
    for instant in (NOW, DUE - NOTICE_INTERVAL / 2, DUE, DUE + NOTICE_INTERVAL / 2):
        at[0] = instant
        rounds.append(runner.run_once())

    assert rounds == [1, 1, 0, 1]


def test_the_runner_goes_on_past_a_poisoned_case_and_a_broken_courier(offices: Offices):
    office = offices.open("window")
    poisoned, sound = Case.start(office), Case.start(office, "clerk")
    spoil(poisoned)

    runner = Runner(office.desk, lambda: NOW + timedelta(days=20))

    # A timer of the sound case, new work of both, and notices of what the timer brought.
    assert runner.run_once() == 5
    assert list(sound.open) == ["too_late"]


def test_the_runner_survives_a_database_that_is_not_there(offices: Offices, monkeypatch):
    office = offices.open("window")
    store = office.desk.store

    def unreachable(_agency_id: str) -> None:
        raise ConnectionError("no database")

    monkeypatch.setattr(store, "reading", unreachable)

    assert Runner(office.desk, lambda: NOW).run_once() == 0


def test_the_thread_works_until_it_is_stopped(offices: Offices):
    office = offices.open("national")
    Case.start(office)
    arrived = threading.Event()

    class Bell:
        def deliver(self, _parcel: Parcel) -> None:
            arrived.set()

    leave(office, "parcel")
    runner = Runner(office.desk, lambda: NOW, interval_s=0.01, courier=Bell())
    runner.start()
    rang = arrived.wait(PATIENCE_S)
    runner.stop()

    assert rang
    assert not any(thread.name == "alur-runner" for thread in threading.enumerate())
