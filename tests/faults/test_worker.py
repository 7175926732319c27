"""Workers on PostgreSQL: several at once do what is due once, a killed one is replaced.

R17 of the fault catalogue: the scheduler runs twice or dies in the middle.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.jobs.outbox import LogCourier
from engine.jobs.registry import JOBS, jobs_with
from engine.jobs.worker import cron_of
from engine.store import job_runs
from tests.cases import Case, problems
from tests.machines import Machines, ago, machines, wait_for
from tests.office import Office
from tests.ready import Offices

PEOPLE = ("analyst", "clerk", "division_head")


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


@pytest.fixture
def fleet(office: Office, offices: Offices, tmp_path: Path) -> Iterator[Machines]:
    with machines(offices.url, tmp_path) as made:
        yield made


@pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
def test_two_workers_fire_each_deadline_once(office: Office, fleet: Machines):
    cases = [Case.start(office, person, now=ago(20)) for person in PEOPLE]

    workers = [fleet.work() for _ in range(2)]
    wait_for(lambda: all(list(case.open) == ["too_late"] for case in cases))
    ends = [worker.stop() for worker in workers]

    assert [case.actions.count("timer.fired") for case in cases] == [1, 1, 1]
    assert problems(office) == []
    assert ends == [0, 0]
    with office.desk.store.reading(office.agency_id) as tx:
        noted = {run.job: run.failed_at for run in job_runs.every(tx)}
    assert noted["fire_due_timers"] is None


@pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
def test_after_a_kill_another_worker_goes_on(office: Office, fleet: Machines):
    first = fleet.work()
    first.kill()
    case = Case.start(office, now=ago(20))

    fleet.work()
    wait_for(lambda: list(case.open) == ["too_late"])

    assert case.actions.count("timer.fired") == 1


@pytest.mark.parametrize("offices", ["sqlite"], indirect=True)
def test_on_sqlite_a_worker_says_who_does_its_work(fleet: Machines):
    result = fleet.alur("worker", "--data", str(fleet.folder))

    assert result.returncode == 1
    assert "SQLite needs no worker" in result.stderr


def test_every_interval_of_the_registry_is_told_to_the_clock():
    intervals = {job.interval for job in jobs_with(LogCourier())}

    assert len({job.name for job in JOBS}) == len(JOBS)
    assert {cron_of(interval) for interval in intervals} >= {"* * * * * */5", "*/5 * * * *"}
    assert cron_of(timedelta(hours=2)) == "0 */2 * * *"
