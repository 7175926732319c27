"""Commands about the organisation, ready to be carried out."""

from collections.abc import Callable
from datetime import date
from functools import partial

from engine.commands.organisation_agency import change_agency
from engine.commands.organisation_positions import (
    PositionDetails,
    add_position,
    change_position,
)
from engine.commands.organisation_posts import NewPost, end_post, give_post
from engine.commands.organisation_substitutes import end_substitute, record_substitute
from engine.commands.organisation_units import add_unit, assign_system, change_unit, close_unit
from engine.domain.people import AssignmentKind, EmployeeId, PositionId
from tests.cases import NOW
from tests.office import DEPARTMENT, DIVISION, SECRETARIAT, Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]
CLERK, GIVEN = PositionId("clerk"), EmployeeId("assistant")
FROM, UNTIL = date(2026, 1, 5), date(2026, 1, 31)


def _deed(command: Callable[..., object], **values: object) -> Callable[[Offices], Deed]:
    def prepared(offices: Offices) -> Deed:
        office = offices.open("window")
        hr = office.actor("hr_officer", NOW)
        return office, partial(command, office.desk, hr, **values, now=NOW)

    return prepared


def _empty_unit(offices: Offices) -> Deed:
    office, add = _deed(add_unit, name="Tim Kecil", parent_id=DIVISION)(offices)
    hr = office.actor("hr_officer", NOW)
    return office, partial(close_unit, office.desk, hr, unit_id=add(), last_day=UNTIL, now=NOW)


def _ended_substitution(offices: Offices) -> Deed:
    office, record = _SUBSTITUTE(offices)
    hr = office.actor("hr_officer", NOW)
    return office, partial(end_substitute, office.desk, hr, substitution_id=record(), now=NOW)


_SUBSTITUTE = _deed(
    record_substitute, absent_id=EmployeeId("clerk"), substitute_id=GIVEN, starts=FROM, ends=UNTIL
)
WHOLE = {
    "rename the agency": _deed(change_agency, name="Kabupaten Baru", zone="Asia/Jakarta"),
    "add a unit": _deed(add_unit, name="Seksi Baru", parent_id=DEPARTMENT),
    "move a unit": _deed(
        change_unit, unit_id=DIVISION, name="Bidang Perizinan", parent_id=SECRETARIAT
    ),
    "assign a system to a unit": _deed(assign_system, unit_id=DIVISION, system="window"),
    "close a unit": _empty_unit,
    "add a position": _deed(
        add_position, unit_id=DIVISION, details=PositionDetails("Pelaksana Baru")
    ),
    "change a position": _deed(
        change_position, position_id=CLERK,
        details=PositionDetails("Pengelola Arsip", PositionId("department_head")),
    ),
    "give a post": _deed(
        give_post, employee_id=GIVEN,
        post=NewPost(CLERK, AssignmentKind.ACTING_DAILY, FROM, UNTIL),
    ),
    "end a post": _deed(end_post, assignment_id="a-clerk", last_day=UNTIL),
    "record a substitute": _SUBSTITUTE,
    "end a substitution": _ended_substitution,
}  # fmt: skip
