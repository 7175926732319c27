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
    settings = house.settings.model_copy(update={"allowed_hosts": hosts})
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


def _say_where(data: Path, host: str, port: int, *, demo: bool) -> None:
    walk = data / WALK
    lines = Table.grid(padding=(0, 2))
    lines.add_row("[bold]Open[/]", f"[bold]http://{host}:{port}[/]")
    if demo and walk.is_file():
        for persona in json.loads(walk.read_text(encoding="utf-8")):
            lines.add_row(persona["name"], WORDS.get(persona["role"], ""))
    lines.add_row("[dim]Stop[/]", "[dim]Ctrl+C[/]")
    console.print(Panel(lines, title="Alur Kinerja", expand=False))
