"""The embedded runner: one thread of the server that wakes up and does what is due."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.jobs.outbox import Courier, LogCourier
from engine.jobs.registry import EACH_ROUND, Job, jobs_with
from engine.store import agencies
from engine.store.database import ANY_AGENCY

log = structlog.get_logger(__name__)


@dataclass
class Runner:
    """Wakes every `interval_s` seconds; `clock` gives the instant, so that tests own the time."""

    desk: Desk
    clock: Callable[[], datetime]
    interval_s: float = EACH_ROUND.total_seconds()
    courier: Courier = field(default_factory=LogCourier)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _looked: dict[tuple[AgencyId, str], datetime] = field(default_factory=dict)

    def start(self) -> None:
        """Begin in a thread of its own; it ends with `stop` or with the process."""
        self._thread = threading.Thread(target=self._run, name="alur-runner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the present round and end."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def run_once(self) -> int:
        """One round over all agencies; how many things were done."""
        return sum(self._round(agency_id) for agency_id in self._agencies())

    def _run(self) -> None:
        while not self._stop.wait(self.interval_s):
            self.run_once()

    def _agencies(self) -> tuple[AgencyId, ...]:
        try:
            with self.desk.store.reading(ANY_AGENCY) as tx:
                return agencies.every_id(tx)
        except Exception:
            log.exception("runner.database_failed")
            return ()

    def _round(self, agency_id: AgencyId) -> int:
        now = self.clock()
        jobs = [job for job in jobs_with(self.courier) if self._is_time(agency_id, job, now)]
        return sum(_attempted(self.desk, agency_id, job, now) for job in jobs)

    def _is_time(self, agency_id: AgencyId, job: Job, now: datetime) -> bool:
        """Whether the pause of a job is over; what every round looks for has none."""
        looked = self._looked.get((agency_id, job.name))
        if job.interval > EACH_ROUND and looked and now - looked < job.interval:
            return False
        self._looked[agency_id, job.name] = now
        return True


def _attempted(desk: Desk, agency_id: AgencyId, job: Job, now: datetime) -> int:
    try:
        return job.function(desk, agency_id, now=now)
    except Exception:
        # The edge of the thread: it must live on, whatever one job of one agency met.
        log.exception("runner.job_failed", agency=agency_id, job=job.name)
        return 0
