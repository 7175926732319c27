"""The work of HR from the command line: people, plans and cycles of the only agency."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from api.cli_house import Opened, console, fail, opened
from engine.commands.cycles import open_cycle, start_appraisal
from engine.commands.people import founder
from engine.commands.people_sheet import import_people_sheet
from engine.commands.plans import import_plan_sheet
from engine.domain.people import Actor, EmployeeId
from engine.errors import Conflict, NotFound
from engine.store import cycles, plans
from engine.store.cycles import CycleRow

people_app = typer.Typer(help="The people of an agency.", no_args_is_help=True)
plans_app = typer.Typer(help="Performance plans (SKP).", no_args_is_help=True)
cycles_app = typer.Typer(help="Appraisal cycles.", no_args_is_help=True)

Data = Annotated[Path, typer.Option("--data", help="Folder of the database and the files.")]
Sheet = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An .xlsx or .csv file.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
DATA = Path("var")


def _hr(house: Opened) -> Actor:
    """The system as HR of the only agency; several agencies are served by their own people."""
    found = house.agencies()
    if len(found) != 1:
        fail("This command needs a database with exactly one agency; run `alur init` first.")
    return founder(found[0])


def _newest(house: Opened, actor: Actor) -> CycleRow:
    with house.desk.store.reading(actor.agency_id) as tx:
        found = cycles.every(tx)
    if not found:
        fail("There is no cycle yet. Run `alur cycles open` first.")
    return found[0]


@people_app.command("import")
def import_people_file(sheet: Sheet, data: Data = DATA) -> None:
    """Import people, units and posts; one wrong row refuses the whole sheet.

    Columns: NIP, Nama, Jenis, Unit, Jabatan; optional Golongan, Unit Induk, NIP Atasan, Pimpinan
    Unit (ya), Jenjang, Kode Jabatan, TMT.
    """
    with opened(data) as house:
        actor, content = _hr(house), sheet.read_bytes()
        made = import_people_sheet(
            house.desk, actor, content=content, name=sheet.name, now=datetime.now(UTC)
        )
    counts = made.counts
    console.print(f"[green]✓[/] {counts['employees']:,} people in {counts['units']:,} new units.")


@plans_app.command("import")
def import_plans_file(sheet: Sheet, data: Data = DATA) -> None:
    """Import plans into the newest cycle; one wrong row refuses the whole sheet.

    Columns: NIP, RHK, Jenis (utama, tambahan), Indikator, Target, Satuan; optional Arah (naik,
    turun).
    """
    with opened(data) as house:
        actor = _hr(house)
        cycle, content = _newest(house, actor), sheet.read_bytes()
        count = import_plan_sheet(
            house.desk, actor, cycle_id=cycle.id, content=content, name=sheet.name,
            now=datetime.now(UTC),
        )  # fmt: skip
    console.print(f"[green]✓[/] Plans of {count:,} people in {cycle.name}.")


@cycles_app.command("open")
def open_new_cycle(
    name: Annotated[str, typer.Option(prompt="Name, such as Penilaian kinerja 2026")],
    starts: Day,
    ends: Day,
    system: Annotated[str, typer.Option(help="Key of a deployed system.")] = "national",
    data: Data = DATA,
) -> None:
    """Open a cycle on the deployed version of a system."""
    if ends <= starts:
        raise typer.BadParameter("a cycle ends after it starts")
    with opened(data) as house:
        open_cycle(
            house.desk, _hr(house), system=system, name=name, starts=starts.date(),
            ends=ends.date(), now=datetime.now(UTC),
        )  # fmt: skip
    console.print(f"[green]✓[/] {name} is open. Next: [bold]alur plans import[/].")


@cycles_app.command("start")
def start_cases(data: Data = DATA) -> None:
    """Start the appraisal of everybody who has a plan in the newest cycle; run it again freely."""
    with opened(data) as house:
        actor = _hr(house)
        cycle = _newest(house, actor)
        with house.desk.store.reading(actor.agency_id) as tx:
            waiting = [plan.employee_id for plan in plans.of_cycle(tx, cycle.id)]
        ends = Counter(
            _started(house, actor, cycle.id, employee_id)
            for employee_id in track(waiting, "Starting", console=console, transient=True)
        )
    console.print("[green]✓[/] " + ", ".join(f"{count:,} {end}" for end, count in ends.items()))


def _started(house: Opened, actor: Actor, cycle_id: str, employee_id: EmployeeId) -> str:
    try:
        start_appraisal(
            house.desk, actor, cycle_id=cycle_id, employee_id=employee_id, now=datetime.now(UTC)
        )
    except Conflict:
        return "run already"
    except NotFound as missing:
        return f"without a {missing.noun}"
    return "started"
