"""`alur doctor`: looks at an installation and says what to do."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli_house import REFUSED, console, desk_over, settings_for
from engine.store.database import Store

Data = Annotated[Path, typer.Option("--data", help="Folder of the database and the files.")]
DATA = Path("var")


def doctor(
    data: Data = DATA,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Look at everything the product stands on. Exit 1 when something has to be done."""
    from api.checkup import Patient, every_result

    settings = settings_for(data)
    store = Store(settings.database_url)
    try:
        patient = Patient(desk_over(store, settings), settings, data, datetime.now(UTC))
        results = list(every_result(patient))
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps([{**asdict(r), "is_well": r.is_well} for r in results], indent=2))
    else:
        for result in results:
            mark = "[green]✓[/]" if result.is_well else "[bold red]✗[/]"
            console.print(f"{mark} [bold]{result.check}[/] {result.sentence}")
            if result.advice:
                console.print(f"  → {result.advice}", markup=False)
    if not all(result.is_well for result in results):
        raise typer.Exit(REFUSED)
