"""Fills an empty database: the first office of an agency, or the demonstration."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from api.cli_house import Opened, console, show_findings
from api.demo.demonstration import Demonstration, make_demonstration
from engine.commands.activation import CARD_VALID, IssuedCode, issue_code
from engine.commands.desk import Desk, calendar_of
from engine.commands.organisation import Known, Organisation, check_organisation
from engine.commands.people import found_agency, founder, import_people
from engine.commands.systems import deploy_system
from engine.domain.people import AgencyId, AssignmentKind, EmployeeId, PositionId, UnitId
from engine.errors import InvalidImport, NotFound, errors_of
from engine.rules.deadlines import local_date
from engine.store.ids import new_id
from engine.store.people import (
    AssignmentRow,
    DutyRow,
    EmployeeRow,
    PositionRow,
    UnitRow,
    employee_by_nip,
)

WALK, EXAMPLES = "demonstration.json", "examples.json"


def first_office(
    desk: Desk, *, name: str, zone: str, person: str, nip: str, now: datetime
) -> AgencyId:
    """An agency with one officer who holds the HR and administrator duties.

    Raises InvalidImport when the NIP cannot be; then there is no agency either.
    """
    on = local_date(now, calendar_of(zone, now.year))
    unit, post, officer = UnitId(new_id()), PositionId(new_id()), EmployeeId(new_id())
    office = Organisation(
        units=(UnitRow(unit, None, name, "agency"),),
        positions=(PositionRow(post, unit, "Pengelola Kinerja"),),
        employees=(EmployeeRow(officer, "".join(nip.split()), person, "pns"),),
        assignments=(AssignmentRow(new_id(), officer, post, unit, AssignmentKind.DEFINITIVE, on),),
        duties=tuple(
            DutyRow(new_id(), officer, function, None, on) for function in ("hr", "administrator")
        ),
    )
    findings = check_organisation(office, Known(), on)
    if errors_of(findings):
        raise InvalidImport(findings)
    agency_id = found_agency(desk, name=name, zone=zone, now=now)
    import_people(desk, founder(agency_id), people=office, now=now)
    return agency_id


def first_code(desk: Desk, agency_id: AgencyId, *, nip: str, now: datetime) -> IssuedCode:
    """The code with which the first officer sets a password; there is no default one."""
    with desk.store.reading(agency_id) as tx:
        officer = employee_by_nip(tx, "".join(nip.split()))
    if officer is None:
        raise NotFound("employee", nip)
    return issue_code(desk, founder(agency_id), employee_id=officer.id, valid=CARD_VALID, now=now)


def demonstration(
    desk: Desk, data: Path, *, employees: int, seed: int, now: datetime
) -> Demonstration:
    """Make the demonstration under a progress bar and note who to be and who is special."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks = {part: bar.add_task(f"Making {part}", total=None) for part in ("plans", "cases")}

        def progress(part: str, done: int, total: int) -> None:
            bar.update(tasks[part], completed=done, total=total)

        made = make_demonstration(desk, employees=employees, seed=seed, now=now, progress=progress)
    console.print(f"[green]✓[/] {made.employees:,} invented people, {made.cases:,} cases.")
    for name, found in ((WALK, made.personas), (EXAMPLES, made.examples)):
        kept = json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2)
        (data / name).write_text(kept, encoding="utf-8")
    return made


def deploy_everywhere(house: Opened, system: str, *, now: datetime) -> str:
    """Deploy a system in every agency; warnings are shown, errors raise InvalidDefinition."""
    deployed = ""
    for agency_id in house.agencies():
        deployed = deploy_system(
            house.desk,
            founder(agency_id),
            system=system,
            now=now,
            checked=lambda warnings: show_findings(warnings, "en"),
        )
    return deployed
