"""Runs the server, in one process or several, with its background thread; says where to click."""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from rich.panel import Panel
from rich.table import Table

from api.app import create_app, utc_now
from api.cli_house import Opened, console, desk_over, fail
from api.cli_setup import EXAMPLES, WALK
from api.couriers import courier_for
from api.logs import configure_logs
from api.metrics import StandingCollector
from api.settings import DemoExample, Settings
from engine.commands.desk import Desk
from engine.jobs.runner import Runner
from engine.store.database import Store

WORDS = {
    "employee": "the employee, who begins with the self-assessment",
    "rater": "his rater",
    "rater_superior": "the rater's superior, who decides an appeal",
    "result_in_hand": "somebody with the result in hand, who may appeal",
    "hr": "the HR officer",
    "auditor": "the auditor, who reads every trail",
}


# What this process worked out for itself; all other settings the others read as it did.
HANDED_ON = ("database_url", "files_folder", "demo", "demo_walk", "demo_examples", "allowed_hosts")
FINISHING_S = 30


def run_server(house: Opened, data: Path, *, host: str, port: int, runner: bool = True) -> None:
    """Serve until interrupted; the runner ends with the server."""
    configure_logs()
    # What ends a process politely ends the contexts below, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    hosts = (*house.settings.allowed_hosts, host)
    walk = tuple(persona["employee_id"] for persona in _noted(data, WALK))
    examples = tuple(DemoExample(**example) for example in _noted(data, EXAMPLES))
    known = {"allowed_hosts": hosts, "demo_walk": walk, "demo_examples": examples}
    settings = house.settings.model_copy(update=known)
    _say_where(data, host, port, demo=settings.demo)
    run: Callable[..., None] = partial(
        uvicorn.run, host=host, port=port, log_config=None, timeout_graceful_shutdown=FINISHING_S
    )
    with _background(house.desk, settings, runner):
        if settings.processes > 1:
            _serve_several(house.desk, settings, run)
        else:
            _serve_here(house.desk, settings, run)


def _serve_here(desk: Desk, settings: Settings, run: Callable[..., None]) -> None:
    app = create_app(desk, settings)
    # All that is loaded by now stays: a full collection that looks at it stops a request for long.
    gc.freeze()
    with _figures(desk, settings, app.state.metrics.registry):
        run(app)


def _serve_several(desk: Desk, settings: Settings, run: Callable[..., None]) -> None:
    """Several processes behind one port; one that dies is started again."""
    if desk.store.is_sqlite:
        fail("Several processes need PostgreSQL: SQLite has one writer.")
    given = settings.model_dump(mode="json", include=set(HANDED_ON))
    for name, value in given.items():
        text = value if isinstance(value, str) else json.dumps(value)
        os.environ[f"ALUR_{name.upper()}"] = text
    with TemporaryDirectory(prefix="alur-metrics-") as folder:
        # The others count into files of this folder, since each look must find the sum.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=folder)
        with _figures(desk, settings, registry):
            run("api.cli_serve:process_app", factory=True, workers=settings.processes)


def process_app() -> FastAPI:
    """The application of one of several processes, from the environment alone."""
    configure_logs()
    settings = Settings()
    store = Store(settings.database_url, answer_s=settings.database_answer_s)
    store.check_ready()
    app = create_app(desk_over(store, settings), settings)
    gc.freeze()
    return app


@contextmanager
def _background(desk: Desk, settings: Settings, wanted: bool) -> Iterator[None]:
    """The embedded runner beside the server, unless workers do its work."""
    if not wanted:
        yield
        return
    runner = Runner(desk, utc_now, courier=courier_for(desk, settings, utc_now))
    runner.start()
    try:
        yield
    finally:
        runner.stop()


@contextmanager
def _figures(desk: Desk, settings: Settings, registry: CollectorRegistry) -> Iterator[None]:
    """Figures for Prometheus on a port of this machine only, when one is set."""
    if settings.metrics_port is None:
        yield
        return
    registry.register(StandingCollector(desk, utc_now))
    server, _ = start_http_server(settings.metrics_port, addr="127.0.0.1", registry=registry)
    try:
        yield
    finally:
        server.shutdown()


def _noted(data: Path, name: str) -> list[dict[str, str]]:
    """Persons of the demonstration as they were noted; nobody where there is none."""
    file = data / name
    found: list[dict[str, str]] = (
        json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    )
    return found


def _say_where(data: Path, host: str, port: int, *, demo: bool) -> None:
    lines = Table.grid(padding=(0, 2))
    lines.add_row("[bold]Open[/]", f"[bold]http://{host}:{port}[/]")
    if demo:
        for persona in _noted(data, WALK):
            lines.add_row(persona["name"], WORDS.get(persona["role"], ""))
    lines.add_row("[dim]Stop[/]", "[dim]Ctrl+C[/]")
    console.print(Panel(lines, title="Alur Kinerja", expand=False))
