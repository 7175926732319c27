"""Processes that do background work at a given instant, over and over, until they are killed."""

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from engine.jobs.outbox import LogCourier
from engine.jobs.registry import jobs_with
from engine.jobs.timers import fire_due_timers
from tests.office import Office
from tests.ready import reopen


def work_at(office: Office, now: datetime) -> None:
    """One round of every job."""
    for job in jobs_with(LogCourier()):
        job.function(office.desk, office.agency_id, now=now)


def work_forever(
    url: str, folder: Path, system: str, instants: tuple[datetime, ...], begun: Connection
) -> None:
    """Round after round, at the last of the instants after the others; told when it begins."""
    office = reopen(url, folder, system=system)
    begun.send(True)
    while True:
        for now in instants:
            work_at(office, now)


def fire_forever(url: str, folder: Path, system: str, now: datetime, begun: Connection) -> None:
    """Fire what is due, batch after batch; told how many after each."""
    office = reopen(url, folder, system=system)
    while True:
        begun.send(fire_due_timers(office.desk, office.agency_id, now=now))
