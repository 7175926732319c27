"""A worker on PostgreSQL: a process of its own, as many and on as many machines as wanted.

Procrastinate wakes one of the workers for each job and agency. A wake-up carries nothing but the
agency's id and the name of the job: what is due stands in our own rows, which are leased. A wake-up
that is lost or comes twice changes nothing; what a killed worker had leased is free again when its
lease has run out.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.jobs.outbox import Courier
from engine.jobs.registry import Job, jobs_with
from engine.jobs.rounds import Rounds
from engine.store import wakeups

# After a failure of the database, before the next try.
PAUSE_S = 5.0
# The two that listen and beat stay open; each job that runs needs one now and then.
SPARE_CONNECTIONS = 3
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

log = structlog.get_logger(__name__)


def run_worker(
    desk: Desk, courier: Courier, *, clock: Callable[[], datetime], at_once: int = 2
) -> None:
    """Work until SIGTERM or SIGINT; what runs then is brought to its end. Needs PostgreSQL."""
    asyncio.run(_work(desk, courier, clock, at_once))


async def _work(desk: Desk, courier: Courier, clock: Callable[[], datetime], at_once: int) -> None:
    stop = asyncio.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(kind, stop.set)
    rounds = Rounds(desk, clock, stop.is_set)
    while not stop.is_set():
        try:
            await _until(stop, worker_app(rounds, courier, at_once), at_once)
        except Exception:
            # The database went away: wait for it, as the application's processes do.
            log.exception("worker.failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE_S)


async def _until(stop: asyncio.Event, app: App, at_once: int) -> None:
    async with app.open_async():
        work = asyncio.create_task(
            app.run_worker_async(
                concurrency=at_once, delete_jobs="always", install_signal_handlers=False
            )
        )
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


def worker_app(rounds: Rounds, courier: Courier, at_once: int) -> App:
    """The queue's own application, with every job of the registry under its name."""
    connector = PsycopgConnector(
        conninfo=wakeups.conninfo(rounds.desk.store.url),
        kwargs={"options": f"-c search_path={wakeups.SCHEMA} -c timezone=UTC"},
        min_size=1,
        max_size=at_once + SPARE_CONNECTIONS,
    )
    app = App(connector=connector)
    for job in jobs_with(courier):
        _register(app, rounds, job)
    return app


def _register(app: App, rounds: Rounds, job: Job) -> None:
    """By the clock one wake-up a job, and from that one for each agency."""

    @app.task(name=f"alur.{job.name}")
    def work(agency_id: str) -> None:
        rounds.work_off(AgencyId(agency_id), job)

    @app.periodic(cron=cron_of(job.interval))
    @app.task(name=f"alur.wake.{job.name}", queueing_lock=f"wake/{job.name}")
    async def wake(timestamp: int) -> None:  # noqa: ARG001 (the queue gives it)
        for agency_id in await asyncio.to_thread(rounds.agencies):
            waiting = work.configure(queueing_lock=f"{job.name}/{agency_id}")
            with suppress(AlreadyEnqueued):
                await waiting.defer_async(agency_id=agency_id)


def cron_of(interval: timedelta) -> str:
    """The moments of an interval that divides a minute, an hour or a day, in the words of cron."""
    if interval < MINUTE:
        return f"* * * * * */{interval.seconds}"
    if interval < HOUR:
        return f"*/{interval // MINUTE} * * * *"
    return f"0 */{interval // HOUR} * * *"
