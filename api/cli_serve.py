"""Runs the server with its background thread and says where to click."""

import gc
import json
from pathlib import Path

import uvicorn
from rich.panel import Panel
from rich.table import Table

from api.app import create_app, utc_now
from api.cli_house import Opened, console
from api.cli_setup import WALK
from api.logs import configure_logs
from engine.jobs.runner import Runner

WORDS = {
    "employee": "the employee, who begins with the self-assessment",
    "rater": "his rater",
    "rater_superior": "the rater's superior, who decides an appeal",
    "result_in_hand": "somebody with the result in hand, who may appeal",
    "hr": "the HR officer",
    "auditor": "the auditor, who reads every trail",
}


def run_server(house: Opened, data: Path, *, host: str, port: int) -> None:
    """Serve until interrupted; the runner ends with the server."""
    configure_logs()
    hosts = (*house.settings.allowed_hosts, host)
    walk = tuple(persona["employee_id"] for persona in _walk(data))
    settings = house.settings.model_copy(update={"allowed_hosts": hosts, "demo_walk": walk})
    runner = Runner(house.desk, utc_now)
    runner.start()
    _say_where(data, host, port, demo=settings.demo)
    app = create_app(house.desk, settings)
    # All that is loaded by now stays: a full collection that looks at it stops a request for long.
    gc.freeze()
    try:
        uvicorn.run(app, host=host, port=port, log_level="warning")
    finally:
        runner.stop()


def _walk(data: Path) -> list[dict[str, str]]:
    """The persons of the walk through the demonstration; nobody where there is none."""
    file = data / WALK
    found: list[dict[str, str]] = (
        json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    )
    return found


def _say_where(data: Path, host: str, port: int, *, demo: bool) -> None:
    lines = Table.grid(padding=(0, 2))
    lines.add_row("[bold]Open[/]", f"[bold]http://{host}:{port}[/]")
    if demo:
        for persona in _walk(data):
            lines.add_row(persona["name"], WORDS.get(persona["role"], ""))
    lines.add_row("[dim]Stop[/]", "[dim]Ctrl+C[/]")
    console.print(Panel(lines, title="Alur Kinerja", expand=False))
