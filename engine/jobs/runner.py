"""The embedded runner: one thread of the server that wakes up and does what is due."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.jobs.forgetting import forget_expired
from engine.jobs.kept_messages import deliver_kept_messages
from engine.jobs.notices import escalate_overdue, send_reminders
from engine.jobs.outbox import Courier, LogCourier, deliver_outbox
from engine.jobs.timers import fire_due_timers
from engine.store import agencies
from engine.store.database import ANY_AGENCY

NOTICE_INTERVAL = timedelta(minutes=5)

log = structlog.get_logger(__name__)


@dataclass
class Runner:
    """Wakes every `interval_s` seconds; `clock` gives the instant, so that tests own the time."""

    desk: Desk
    clock: Callable[[], datetime]
    interval_s: float = 5.0
    courier: Courier = field(default_factory=LogCourier)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _noticed: dict[AgencyId, datetime] = field(default_factory=dict)

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
        jobs: list[Callable[[], int]] = [lambda: fire_due_timers(self.desk, agency_id, now=now)]
        if now - self._noticed.get(agency_id, now - NOTICE_INTERVAL) >= NOTICE_INTERVAL:
            self._noticed[agency_id] = now
            jobs.append(lambda: deliver_kept_messages(self.desk, agency_id, now=now))
            jobs.append(lambda: send_reminders(self.desk, agency_id, now=now))
            jobs.append(lambda: escalate_overdue(self.desk, agency_id, now=now))
            jobs.append(lambda: forget_expired(self.desk, agency_id, now=now))
        jobs.append(lambda: deliver_outbox(self.desk, agency_id, self.courier, now=now))
        return sum(_attempted(job, agency_id) for job in jobs)


def _attempted(job: Callable[[], int], agency_id: AgencyId) -> int:
    try:
        return job()
    except Exception:
        # The edge of the thread: it must live on, whatever one job of one agency met.
        log.exception("runner.job_failed", agency=agency_id)
        return 0
