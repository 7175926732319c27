"""The embedded runner: one thread of the server that wakes up and does what is due."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.jobs.outbox import Courier, LogCourier
from engine.jobs.registry import EACH_ROUND, Job, jobs_with
from engine.jobs.rounds import Rounds


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
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        """What the runner does it does in rounds."""
        self._rounds = Rounds(self.desk, self.clock, self._stop.is_set)

    def start(self) -> None:
        """Begin in a thread of its own; it ends with `stop` or with the process."""
        self._thread = threading.Thread(target=self._run, name="alur-runner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the present batch and end."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def run_once(self) -> int:
        """One round over all agencies; how many things were done."""
        return sum(self._round(agency_id) for agency_id in self._rounds.agencies())

    def _run(self) -> None:
        while not self._stop.wait(self.interval_s):
            self.run_once()

    def _round(self, agency_id: AgencyId) -> int:
        now = self.clock()
        jobs = [job for job in jobs_with(self.courier) if self._is_time(agency_id, job, now)]
        return sum(self._rounds.work_off(agency_id, job) for job in jobs)

    def _is_time(self, agency_id: AgencyId, job: Job, now: datetime) -> bool:
        """Whether the pause of a job is over; what every round looks for has none."""
        looked = self._looked.get((agency_id, job.name))
        if job.interval > EACH_ROUND and looked and now - looked < job.interval:
            return False
        self._looked[agency_id, job.name] = now
        return True
