"""Commands about sheets of people and plans, transfers and own secrets, ready to be carried out."""

from collections.abc import Callable
from functools import partial

from engine.commands.activation import NewSecrets
from engine.commands.checked_sheets import SheetKind
from engine.commands.credentials import change_password, confirm_app, remove_app, start_app
from engine.commands.imports import choose_columns, discard_sheet, read_sheet, receive_sheet
from engine.commands.measured_figures import record_figures
from engine.commands.new_employees import add_employee
from engine.commands.people import import_people
from engine.commands.people_sheet import import_people_sheet
from engine.commands.plans import import_plan_sheet
from engine.commands.sheet_confirmation import confirm_sheet
from engine.commands.transfers import (
    carry_out,
    confirm_transfers,
    discard_transfers,
    plan_transfers,
    preview_transfers,
)
from engine.domain.measured import FigureKind
from engine.domain.totp import code_at, step_at
from engine.domain.transfers import TransferKind
from tests.cases import NOW
from tests.commands.account_deeds import CLERK, _use
from tests.commands.accounts import PASSWORD, door
from tests.commands.moves import leaving, rows
from tests.commands.organisations import office as small_organisation
from tests.commands.test_imports import HEADER, NEW, PLAN, PLANNED
from tests.commands.test_measured_figures import COMPLAINTS, ROW, SLOW
from tests.commands.test_new_employees import NEW as NEWCOMER
from tests.office import Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]
SHEETS = {
    SheetKind.PEOPLE: (HEADER, NEW),
    SheetKind.PLANS: (PLAN, PLANNED),
    SheetKind.COMPLAINTS: (COMPLAINTS, SLOW),
}
OTHER = "teh manis di beranda"


def _by(office: Office, command: Callable[..., object], **values: object) -> Deed:
    return office, partial(command, office.desk, office.actor("hr_officer", NOW), **values, now=NOW)


def _content(kind: SheetKind) -> bytes:
    return "\n".join(SHEETS[kind]).encode()


def _receive(offices: Offices, kind: SheetKind) -> Deed:
    office = offices.open("window")
    cycle = office.cycle_id if kind is SheetKind.PLANS else None
    return _by(
        office, receive_sheet, kind=kind, content=_content(kind), name="a.csv", cycle_id=cycle
    )


def _received(offices: Offices, kind: SheetKind) -> tuple[Office, str]:
    office, receive = _receive(offices, kind)
    return office, str(receive())


def _choose(offices: Offices) -> Deed:
    office, upload = _received(offices, SheetKind.PEOPLE)
    hr = office.actor("hr_officer", NOW)
    matching = read_sheet(office.desk, hr, upload_id=upload, now=NOW).matching
    return _by(office, choose_columns, upload_id=upload, matching=matching, name="e-Kinerja")


def _discard(offices: Offices) -> Deed:
    office, upload = _received(offices, SheetKind.PEOPLE)
    return _by(office, discard_sheet, upload_id=upload)


def _confirm(offices: Offices, kind: SheetKind) -> Deed:
    office, upload = _received(offices, kind)
    hr = office.actor("hr_officer", NOW)
    checked = read_sheet(office.desk, hr, upload_id=upload, now=NOW).checked
    assert checked is not None
    return _by(office, confirm_sheet, upload_id=upload, seal=checked.seal)


def _figures(offices: Offices) -> Deed:
    return _by(offices.open("window"), record_figures, kind=FigureKind.COMPLAINTS, rows=[ROW])


def _import(offices: Offices) -> Deed:
    return _by(offices.open("window"), import_people, people=small_organisation())


def _add_employee(offices: Offices) -> Deed:
    return _by(offices.open("window"), add_employee, new=NEWCOMER)


def _people_sheet(offices: Offices) -> Deed:
    office = offices.open("window")
    content = _content(SheetKind.PEOPLE)
    return _by(office, import_people_sheet, content=content, name="a.csv")


def _plan_sheet(offices: Offices) -> Deed:
    office = offices.open("window")
    content = _content(SheetKind.PLANS)
    return _by(office, import_plan_sheet, cycle_id=office.cycle_id, content=content, name="a.csv")


def _plan(offices: Offices) -> Deed:
    planned = (leaving("clerk", TransferKind.RETIREMENT),)
    return _by(offices.open("window"), plan_transfers, planned=planned)


def _confirm_transfers(offices: Offices) -> Deed:
    office, plan = _plan(offices)
    batch, hr = str(plan()), office.actor("hr_officer", NOW)
    seal = preview_transfers(office.desk, hr, batch_id=batch, now=NOW).seal
    return _by(office, confirm_transfers, batch_id=batch, seal=seal)


def _discard_transfers(offices: Offices) -> Deed:
    office, plan = _plan(offices)
    return _by(office, discard_transfers, batch_id=str(plan()))


def _carry_out(offices: Offices) -> Deed:
    office, confirm = _confirm_transfers(offices)
    confirm()
    batch = confirm.keywords["batch_id"]  # type: ignore[attr-defined]
    (row,) = rows(office, batch)
    return office, partial(carry_out, office.desk, office.agency_id, transfer_id=row.id, now=NOW)


def _with_account(offices: Offices) -> Office:
    office, activate = _use(offices)
    activate()
    return office


def _own(office: Office, command: Callable[..., object], **values: object) -> Deed:
    return office, partial(command, office.desk, office.actor(CLERK, NOW), **values, now=NOW)


def _start_app(offices: Offices) -> Deed:
    return _own(_with_account(offices), start_app, password=PASSWORD)


def _confirm_app(offices: Offices) -> Deed:
    office, start = _start_app(offices)
    secret = start()
    assert isinstance(secret, bytes)
    return _own(office, confirm_app, code=code_at(secret, step_at(NOW)))


def _remove_app(offices: Offices) -> Deed:
    office, confirm = _confirm_app(offices)
    confirm()
    return _own(office, remove_app, password=PASSWORD)


def _password(offices: Offices) -> Deed:
    office = _with_account(offices)
    secrets = NewSecrets(OTHER, OTHER)
    return _own(office, change_password, current=PASSWORD, secrets=secrets, door=door())


WHOLE = {
    "receive a sheet": partial(_receive, kind=SheetKind.PEOPLE),
    "match columns": _choose,
    "discard a sheet": _discard,
    "confirm a sheet of people": partial(_confirm, kind=SheetKind.PEOPLE),
    "confirm a sheet of plans": partial(_confirm, kind=SheetKind.PLANS),
    "confirm a sheet of complaints": partial(_confirm, kind=SheetKind.COMPLAINTS),
    "record figures of another system": _figures,
    "import people": _import,
    "add an employee": _add_employee,
    "import a sheet of people": _people_sheet,
    "import a sheet of plans": _plan_sheet,
    "plan transfers": _plan,
    "confirm transfers": _confirm_transfers,
    "drop transfers": _discard_transfers,
    "carry out a transfer": _carry_out,
}
# These count every try of the password, so that nobody can repeat them at will.
GUARDED = {
    "start an app": _start_app,
    "confirm an app": _confirm_app,
    "remove an app": _remove_app,
    "change a password": _password,
}
NO_ROWS = {"receive a sheet", "discard a sheet"}
