"""What becomes of a follow-up, ready to be carried out."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from engine.commands.complete import complete_work_item
from engine.commands.follow_ups import (
    assign_follow_up,
    cancel_follow_up,
    complete_follow_up,
    note_follow_up,
)
from engine.commands.monthly_recap import freeze_month
from engine.domain.monthly_recap import Month
from engine.domain.people import EmployeeId
from tests.aftermath import ABOVE, GOALS, PROOF, following, rated
from tests.cases import NOW, SECRET
from tests.office import Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]


def _of(kind: str, command: Callable[..., object], **values: object) -> Callable[[Offices], Deed]:
    def prepared(offices: Offices) -> Deed:
        case = rated(offices.open("aftermath"))
        office, which = case.office, following(case)[kind].id
        hr = office.actor("hr_officer", NOW)
        return office, partial(command, office.desk, hr, follow_up_id=which, now=NOW, **values)

    return prepared


def _corrected(offices: Offices) -> Deed:
    """The result is changed by the hearing: what no longer follows is cancelled."""
    case = rated(offices.open("aftermath"))
    case.complete("department_head", "hear", {"changed": True})
    office, item = case.office, case.open["rate"].id
    return office, partial(
        complete_work_item, office.desk, office.actor("division_head", NOW),
        item_id=item, answers=ABOVE, now=NOW,
    )  # fmt: skip


def _frozen(offices: Offices) -> Deed:
    """What payroll is told of the month of the result."""
    office, later = rated(offices.open("aftermath")).office, NOW + timedelta(days=31)
    hr, month = office.actor("hr_officer", later), Month.of("2026-01")
    return office, partial(freeze_month, office.desk, hr, month=month, now=later)


WHOLE = {
    "give a follow-up to somebody": _of("training", assign_follow_up, to=EmployeeId("clerk")),
    "note the plan of a follow-up": _of("improvement_plan", note_follow_up, answers=GOALS),
    "complete a follow-up": _of(
        "training", complete_follow_up, answers={"course": SECRET, "hours": 3}, proof=PROOF
    ),
    "cancel a follow-up": _of("training", cancel_follow_up, reason=f"{SECRET} pindah"),
    "correct a result that was followed": _corrected,
    "freeze the recap of a month": _frozen,
}
