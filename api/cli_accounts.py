"""Accounts from the command line: a code for somebody, and the second word on a proposed duty."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli_house import Opened, console, fail, opened
from engine.commands.activation import issue_code
from engine.commands.duties import decide_duty
from engine.commands.people import founder
from engine.domain.passwords import digits
from engine.domain.people import AgencyId
from engine.errors import NotFound
from engine.store import duties
from engine.store.people import employee, employee_by_nip

accounts_app = typer.Typer(help="Codes for passwords, duties to confirm.", no_args_is_help=True)
Data = Annotated[Path, typer.Option("--data", help="Folder of the database and the files.")]
DATA = Path("var")


@accounts_app.command("code")
def code(
    nip: Annotated[str, typer.Argument(help="Whose password is to be set.")],
    lost_phone: Annotated[bool, typer.Option(help="Take PIN and app away as well.")] = False,
    data: Data = DATA,
) -> None:
    """Print a one-time code for a password; the person sees that it was issued."""
    now = datetime.now(UTC)
    with opened(data) as house:
        for agency_id in house.agencies():
            with house.desk.store.reading(agency_id) as tx:
                found = employee_by_nip(tx, digits(nip))
            if found:
                issued = issue_code(
                    house.desk,
                    founder(agency_id),
                    employee_id=found.id,
                    factors_too=lost_phone,
                    now=now,
                )
                console.print(f"{found.name}: [bold]{issued.code}[/] (good for 24 hours)")
                return
        fail("Nobody has this NIP.")


@accounts_app.command("duties")
def waiting_duties(data: Data = DATA) -> None:
    """List proposed duties that wait for a second person."""
    with opened(data) as house:
        for agency_id in house.agencies():
            with house.desk.store.reading(agency_id) as tx:
                for row in duties.waiting(tx):
                    name = employee(tx, row.employee_id).name
                    console.print(f"{row.id}  {row.function}  {name}")


@accounts_app.command("confirm")
def confirm(
    proposal: Annotated[str, typer.Argument(help="Id of the proposal.")], data: Data = DATA
) -> None:
    """Confirm a proposed duty, where an agency has no second officer yet."""
    with opened(data) as house:
        agency_id = _agency_of(house, proposal)
        actor, now = founder(agency_id), datetime.now(UTC)
        decide_duty(house.desk, actor, proposal_id=proposal, confirmed=True, now=now)
    console.print("[green]✓[/] confirmed.")


def _agency_of(house: Opened, proposal: str) -> AgencyId:
    for agency_id in house.agencies():
        with house.desk.store.reading(agency_id) as tx:
            if proposal in {row.id for row in duties.waiting(tx)}:
                return agency_id
    raise NotFound("proposal", proposal)
