"""What hangs on no case and can still be asked for: one of each kind, with whom it belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.checked_sheets import SheetKind
from engine.commands.citizen_surveys import NewSurvey, close_survey, make_links, open_survey
from engine.commands.duties import propose_duty
from engine.commands.extensions import request_extension
from engine.commands.imports import receive_sheet
from engine.commands.organisation_substitutes import record_substitute
from engine.commands.saved_filters import save_filter
from engine.commands.survey_answers import Answer, answer_survey
from engine.commands.transfers import plan_transfers
from engine.domain.citizen_survey import ELEMENTS, FLOOR
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.domain.transfers import PlannedTransfer, TransferKind
from engine.queries.extensions import Scope
from engine.store import extensions, preparers
from engine.store.ids import new_id
from engine.store.preparers import PreparerRow
from tests.office import DEPARTMENT, DIVISION, SECRETARIAT, Office

SHEET = b"NIP;Nama;Jenis;Unit;Jabatan\n199002022015022001;Siti;PNS;Bidang Perizinan;Analis"
ANALYST, CLERK = EmployeeId("analyst"), EmployeeId("clerk")


@dataclass(frozen=True)
class Keepers:
    """To whom of an office the planted things belong, and how many days ahead they begin."""

    filters: str
    rater: str
    sheets: str
    ahead: int
    surveyed: UnitId
    shared_with: UnitFunction | None = None


KEEPERS = {
    "own": Keepers("division_head", "division_head", "hr_officer", 100, DIVISION),
    # Nobody of the roles, but a filter that all of HR may forget.
    "other_unit": Keepers(
        "hr_colleague", "sekda", "hr_colleague", 200, SECRETARIAT, UnitFunction.HR
    ),
    "closed": Keepers("clerk", "department_head", "administrator", 300, DEPARTMENT),
    "foreign": Keepers("hr_officer", "division_head", "hr_officer", 100, DIVISION),
}


def plant(office: Office, keepers: Keepers, now: datetime) -> dict[str, str]:
    """One of each kind; their ids by the names that addresses give them."""
    return {
        "filter_id": _filter(office, keepers, now),
        "preparer_id": _preparer(office, keepers, now),
        "upload_sheet_id": _sheet(office, keepers, now),
        "substitution_id": _substitution(office, keepers, now),
        "proposal_id": _proposal(office, now),
        "batch_id": _batch(office, now),
        "extension_id": _extension(office, now),
        "survey_id": _survey(office, keepers.surveyed, now),
    }


def _filter(office: Office, keepers: Keepers, now: datetime) -> str:
    actor, shared = office.actor(keepers.filters, now), keepers.shared_with
    return save_filter(
        office.desk, actor, name="Terlambat", query="due=late", for_function=shared, now=now
    )


def _preparer(office: Office, keepers: Keepers, now: datetime) -> str:
    """Stored as it is: who prepares for whom opens no other door of the city."""
    day, rater = now.date(), EmployeeId(keepers.rater)
    row = PreparerRow(new_id(), rater, CLERK, DIVISION, day, day + timedelta(days=30), now)
    with office.desk.store.transaction(office.agency_id) as tx:
        preparers.add(tx, row)
    return row.id


def _sheet(office: Office, keepers: Keepers, now: datetime) -> str:
    actor, kind = office.actor(keepers.sheets, now), SheetKind.PEOPLE
    return receive_sheet(office.desk, actor, kind=kind, content=SHEET, name="a.csv", now=now)


def _substitution(office: Office, keepers: Keepers, now: datetime) -> str:
    """Not begun yet, so that nobody acts for anybody in the city."""
    starts = now.date() + timedelta(days=keepers.ahead)
    return record_substitute(
        office.desk, office.actor("hr_colleague", now), absent_id=CLERK, substitute_id=ANALYST,
        starts=starts, ends=starts + timedelta(days=9), now=now,
    )  # fmt: skip


def _proposal(office: Office, now: datetime) -> str:
    """From somebody who is none of the roles: each granter may be the second person."""
    return propose_duty(
        office.desk, office.actor("hr_colleague", now), employee_id=CLERK,
        function=UnitFunction.TEAM, unit_id=None, starts=now.date(), now=now,
    )  # fmt: skip


def _batch(office: Office, now: datetime) -> str:
    leaving = PlannedTransfer(CLERK, TransferKind.RETIREMENT, now.date())
    return plan_transfers(
        office.desk, office.actor("hr_colleague", now), planned=[leaving], now=now
    )


def _extension(office: Office, now: datetime) -> str:
    """Ended already, so that nothing runs in the background."""
    hr, scope = office.actor("hr_colleague", now), Scope(office.cycle_id, "self_assessment")
    due_on = now.date() + timedelta(days=30)
    made = request_extension(office.desk, hr, scope=scope, due_on=due_on, reason="x", now=now)
    with office.desk.store.transaction(office.agency_id) as tx:
        extensions.finish(tx, made, now=now)
    return made


def _survey(office: Office, unit: UnitId, now: datetime) -> str:
    """Open, but that of the department: closed, with as many answers as it takes to be told."""
    desk, hr, today = office.desk, office.actor("hr_colleague", now), now.date()
    until = today + timedelta(days=90)
    new = NewSurvey(office.cycle_id, unit, today, until, ("Izin usaha",))
    made = open_survey(desk, hr, new=new, now=now)
    if unit == DEPARTMENT:
        said = Answer(dict.fromkeys(ELEMENTS, 3), 1, today)
        for link in make_links(desk, hr, survey_id=made, count=FLOOR, now=now):
            answer_survey(desk, link, answer=said, address="192.0.2.1", now=now)
        close_survey(desk, hr, survey_id=made, now=now)
    return made
