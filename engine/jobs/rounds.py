"""One round of one job for one agency: carried out, outlived when it fails, and noted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.errors import Conflict
from engine.jobs.registry import Job
from engine.store import agencies, job_runs
from engine.store.database import ANY_AGENCY
from engine.store.job_runs import JobRunRow

# A round in which nothing was due is noted this often, so that it costs the database nothing.
NOTED_EVERY = timedelta(minutes=1)
# So many batches one after the other; then somebody else has a turn.
LONGEST = 500

log = structlog.get_logger(__name__)


@dataclass
class Rounds:
    """Carries out rounds; `clock` gives the instant of each, `stopping` ends a long one early."""

    desk: Desk
    clock: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    _noted: dict[tuple[AgencyId, str], datetime] = field(default_factory=dict)

    def agencies(self) -> tuple[AgencyId, ...]:
        """All agencies; none while the database cannot be reached."""
        try:
            with self.desk.store.reading(ANY_AGENCY) as tx:
                return agencies.every_id(tx)
        except Exception:
            log.exception("jobs.database_failed")
            return ()

    def work_off(self, agency_id: AgencyId, job: Job) -> int:
        """Do what is due, batch after batch; how many things were done."""
        total = 0
        for _ in range(LONGEST):
            done = self._attempt(agency_id, job)
            total += done
            if not (done and job.in_batches) or self.stopping():
                break
        return total

    def _attempt(self, agency_id: AgencyId, job: Job) -> int:
        now = self.clock()
        try:
            done = job.function(self.desk, agency_id, now=now)
        except Exception:
            # The outermost edge: others must be reached, whatever one job of one agency met.
            log.exception("jobs.failed", agency=agency_id, job=job.name)
            self._note(agency_id, JobRunRow(job.name, now, self._since(now), 0, now))
            return 0
        noted = self._noted.get((agency_id, job.name))
        if done or noted is None or now - noted >= NOTED_EVERY:
            self._note(agency_id, JobRunRow(job.name, now, self._since(now), done))
        return done

    def _since(self, began: datetime) -> int:
        return int((self.clock() - began) / timedelta(milliseconds=1))

    def _note(self, agency_id: AgencyId, run: JobRunRow) -> None:
        self._noted[agency_id, run.job] = run.ran_at
        try:
            with self.desk.store.transaction(agency_id) as tx:
                job_runs.note(tx, run)
        except Conflict:
            # Another machine notes the same job at this moment.
            return
        except Exception:
            log.exception("jobs.note_failed", agency=agency_id, job=run.job)
