"""A worker for the command line: the background work of PostgreSQL in a process of its own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli_house import console, fail, opened, settings_for

Data = Annotated[Path, typer.Option("--data", help="Folder of the database and the files.")]
DATA = Path("var")
ON_SQLITE = (
    "SQLite needs no worker: `alur serve` does the background work itself. "
    "Workers are for PostgreSQL (ALUR_DATABASE_URL)."
)


def worker(
    data: Data = DATA,
    at_once: Annotated[int, typer.Option(min=1, max=32, help="Jobs side by side.")] = 2,
) -> None:
    """Do background work until stopped: deadlines, reminders, notices. For PostgreSQL."""
    if settings_for(data).database_url.startswith("sqlite"):
        fail(ON_SQLITE)
    from api.couriers import courier_for
    from api.logs import configure_logs
    from engine.jobs.worker import run_worker

    configure_logs()
    with opened(data) as house:
        courier = courier_for(house.desk, house.settings, _now)
        console.print("[green]✓[/] The worker waits for work. Stop: Ctrl+C or SIGTERM.")
        run_worker(house.desk, courier, clock=_now, at_once=at_once)
    console.print("[green]✓[/] The worker has ended; nothing is left half done.")


def _now() -> datetime:
    return datetime.now(UTC)
