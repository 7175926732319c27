"""The command line `alur`: start, set up, check and verify; everything through commands."""

import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from api.cli_accounts import accounts_app
from api.cli_agency import cycles_app, people_app, plans_app
from api.cli_backup import backup, migrate, restore
from api.cli_doctor import doctor
from api.cli_house import (
    LIBRARY,
    REFUSED,
    USAGE,
    Opened,
    console,
    fail,
    opened,
    show_findings,
    stderr,
)
from api.cli_worker import worker

app = typer.Typer(
    name="alur",
    help="Performance appraisal of Indonesian civil servants as executable diagrams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
timers_app = typer.Typer(help="Deadlines, reminders and notices.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit trail.", no_args_is_help=True)
app.add_typer(people_app, name="people")
app.add_typer(accounts_app, name="accounts")
app.add_typer(plans_app, name="plans")
app.add_typer(cycles_app, name="cycles")
app.add_typer(timers_app, name="timers")
app.add_typer(audit_app, name="audit")
for command in (worker, migrate, backup, restore, doctor):
    app.command()(command)

Data = Annotated[Path, typer.Option("--data", help="Folder of the database and the files.")]
People = Annotated[int, typer.Option(min=10, help="How many invented people.")]
DATA = Path("var")
PEOPLE = 200
NATIONAL = "national"
NEXT_COMMANDS = ("deploy national", "serve")
# What the first officer does on pages, each also a command (`alur --help`).
NEXT_PAGES = (
    ("/imports", "people from a sheet"),
    ("/cards", "activation cards for them, unit by unit"),
    ("/cycles", "open a period"),
    ("/imports?kind=plans", "their plans, which /cycles then launches"),
)


def _now() -> datetime:
    return datetime.now(UTC)


def _show_version(wanted: bool) -> None:
    if wanted:
        console.print(version("alur-kinerja"))
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version.")
    ] = False,
) -> None: ...


@app.command()
def serve(
    data: Data = DATA,
    demo: Annotated[bool, typer.Option(help="With demonstration data and people to be.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    runner: Annotated[bool, typer.Option(help="Background work too; workers can do it.")] = True,
    people: People = PEOPLE,
) -> None:
    """Start the product: tables brought up to date, guards proved, deadlines running."""
    from api.cli_serve import run_server

    with opened(data, migrate=True, demo=demo) as house:
        if not house.agencies():
            if not demo:
                fail("There is no agency yet. Run `alur init` first, or `alur serve --demo`.")
            _make_demonstration(house, data, employees=people, seed=1)
        run_server(house, data, host=host, port=port, runner=runner)


@app.command()
def init(
    name: Annotated[str, typer.Option(prompt="Name of the agency")],
    person: Annotated[str, typer.Option(prompt="Name of the first HR officer")],
    nip: Annotated[str, typer.Option(prompt="NIP of that officer")],
    zone: Annotated[str, typer.Option(help="Asia/Jakarta, Asia/Makassar or Asia/Jayapura.")] = (
        "Asia/Jakarta"
    ),
    data: Data = DATA,
) -> None:
    """Create the database, the agency and its first HR officer."""
    from api.cli_setup import first_code, first_office

    with opened(data, migrate=True) as house:
        if house.agencies():
            fail("There is an agency already.")
        agency_id = first_office(
            house.desk, name=name, zone=zone, person=person, nip=nip, now=_now()
        )
        code = first_code(house.desk, agency_id, nip=nip, now=_now())
        site = house.settings.public_address.rstrip("/")
    console.print(f"[green]✓[/] {name} is set up; {person} holds the HR duty.")
    console.print("Next, one after the other:")
    for step in NEXT_COMMANDS:
        console.print(f"  [bold]alur {step}[/]")
    console.print(f"To come in the first time: [bold]{site}/activate[/] with NIP and this code:")
    console.print(f"  [bold]{code.code}[/]  (good for 14 days, shown this once)")
    console.print("Then, on the pages:")
    for page, what in NEXT_PAGES:
        console.print(f"  [bold]{site}{page}[/]  {what}")


@app.command()
def demo(
    people: People = PEOPLE,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    data: Data = DATA,
) -> None:
    """Make demonstration data: an invented regency with cases at every stage."""
    with opened(data, migrate=True) as house:
        if house.agencies():
            fail("There is an agency already; demonstration data needs an empty database.")
        _make_demonstration(house, data, employees=people, seed=seed)
    console.print("Next: [bold]alur serve --demo[/]")


def _make_demonstration(house: Opened, data: Path, *, employees: int, seed: int) -> None:
    from api.cli_setup import demonstration

    demonstration(house.desk, data, employees=employees, seed=seed, now=_now())


@app.command()
def deploy(
    system: Annotated[str, typer.Argument(help="Key of a system, a folder of `workflows`.")],
    data: Data = DATA,
) -> None:
    """Check and play a system, and make it the version that new cycles use."""
    from api.cli_setup import deploy_everywhere

    with opened(data) as house:
        if not house.agencies():
            fail("There is no agency yet. Run `alur init` first.")
        with console.status(f"Checking and playing {system} …"):
            definition_id = deploy_everywhere(house, system, now=_now())
    console.print(f"[green]✓[/] {system} is deployed as {definition_id[:12]}.")


@app.command()
def lint(
    paths: Annotated[list[Path], typer.Argument(help="A system's folder, a .zip or one file.")],
    system: Annotated[str, typer.Option(help="The system a lone file is checked in.")] = NATIONAL,
    language: Annotated[str, typer.Option(help="en or id.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Check diagrams, tables and forms. Exit 0 clean, 1 refused, 2 wrong usage."""
    from api.cli_lint import NotReadable, check_path
    from engine.domain.wording import LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(f"language is one of {', '.join(LANGUAGES)}")
    try:
        checked = [
            found for path in paths for found in check_path(path, library=LIBRARY, system=system)
        ]
    except NotReadable as error:
        stderr.print(f"[bold red]✗[/] {error}")
        raise typer.Exit(USAGE) from error
    if as_json:
        typer.echo(json.dumps([found.as_json() for found in checked], ensure_ascii=False, indent=2))
    else:
        for found in checked:
            show_findings(found.findings, language)
            mark = "[bold red]refused[/]" if found.refused else "[green]clean[/]"
            console.print(f"{found.path} ({found.system}): {mark}")
    if any(found.refused for found in checked):
        raise typer.Exit(REFUSED)


@app.command()
def trace(library: Annotated[Path, typer.Option(help="Where workflows/ is.")] = LIBRARY) -> None:
    """Show what carries each sentence of the sources. Exit 1 while one is missing."""
    from api.cli_trace import show_trace

    if not show_trace(library):
        raise typer.Exit(REFUSED)


@timers_app.command("run")
def run_timers(data: Data = DATA) -> None:
    """Do once what the server does all the time: deadlines, reminders, late work, notices."""
    from engine.jobs.runner import Runner

    with opened(data) as house:
        done = Runner(house.desk, _now).run_once()
    console.print(f"[green]✓[/] {done} done.")


@audit_app.command("verify")
def verify_audit(data: Data = DATA) -> None:
    """Prove that nobody changed the trail. Exit 1 names the first bad event."""
    from api.cli_audit import verify_everything

    with opened(data) as house:
        intact = verify_everything(house)
    if not intact:
        raise typer.Exit(REFUSED)
