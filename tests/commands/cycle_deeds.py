"""Commands about a cycle, from its people to its end, ready to be carried out."""

from collections.abc import Callable
from datetime import date
from functools import partial

from engine.commands.achievements import UnitLevel, set_achievements
from engine.commands.closing import cancel_next, close_cycle, reopen_cycle
from engine.commands.exports import ExportedFile, record_export, record_fairness_export
from engine.commands.extensions import carry_out_extension, request_extension
from engine.commands.launch import (
    continue_launch,
    finish_launch,
    launch_chunk,
    request_launch,
    start_waiting,
    stop_launch,
)
from engine.commands.population import (
    choose_population,
    declare_conflict,
    exclude_person,
    include_person,
    name_rater,
)
from engine.commands.reconciliation import reconcile
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import EmployeeId
from engine.domain.population import Filters, RelationKind
from engine.queries.exports import USUAL
from engine.queries.extensions import Scope
from engine.store.closings import Handling
from tests.cases import NOW, SECRET, Case
from tests.commands.launches import PEOPLE, ask, import_plans
from tests.office import DIVISION, Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]
CLERK, ANALYST = EmployeeId("clerk"), EmployeeId("analyst")
DIGEST = "a" * 64
RECAP = b"NIP;Predikat\n198001012010011005;Baik\n"


def _of_hr(command: Callable[..., object], **values: object) -> Callable[[Offices], Deed]:
    """A command of HR about the open cycle."""

    def prepared(offices: Offices) -> Deed:
        office = offices.open("window")
        return office, _by(office, command, cycle_id=office.cycle_id, **values)

    return prepared


def _by(
    office: Office, command: Callable[..., object], *, who: str = "hr_officer", **values: object
) -> Callable[[], object]:
    return partial(command, office.desk, office.actor(who, NOW), **values, now=NOW)


def _name_rater(offices: Offices) -> Deed:
    office = offices.open("window")
    dates = (date(2026, 1, 5), None)
    return office, _by(
        office, name_rater, employee_id=CLERK, rater_id=EmployeeId("department_head"), dates=dates
    )


def _declare(offices: Offices) -> Deed:
    office = offices.open("window")
    return office, _by(
        office, declare_conflict, people_ids=(CLERK, ANALYST), kind=RelationKind.MARRIED
    )


def _include(offices: Offices) -> Deed:
    office, exclude = _EXCLUDE(offices)
    exclude()
    return office, _by(office, include_person, cycle_id=office.cycle_id, employee_id=CLERK)


def _launched(offices: Offices) -> tuple[Office, str]:
    office = offices.open("window")
    import_plans(office)
    return office, ask(office)


def _stop(offices: Offices) -> Deed:
    office, launch_id = _launched(offices)
    return office, _by(office, stop_launch, launch_id=launch_id)


def _continue(offices: Offices) -> Deed:
    office, launch_id = _launched(offices)
    _by(office, stop_launch, launch_id=launch_id)()
    return office, _by(office, continue_launch, launch_id=launch_id)


def _chunk(offices: Offices) -> Deed:
    office, launch_id = _launched(offices)
    return office, partial(launch_chunk, office.desk, office.agency_id, launch_id, now=NOW)


def _finish(offices: Offices) -> Deed:
    office, chunk = _chunk(offices)
    launch_id = chunk.args[2]  # type: ignore[attr-defined]
    chunk()
    start_waiting(office.desk, office.agency_id, launch_id, now=NOW)
    return office, partial(finish_launch, office.desk, office.agency_id, launch_id, now=NOW)


def _waiting(offices: Offices) -> tuple[Office, Scope]:
    office = offices.open("counter")
    Case.start(office).complete("analyst", "report", {"text": SECRET})
    return office, Scope(office.cycle_id, "check")


def _extend(offices: Offices) -> Deed:
    office, scope = _waiting(offices)
    return office, _by(
        office, request_extension, scope=scope, due_on=date(2026, 3, 31), reason=SECRET
    )


def _carry_out_extension(offices: Offices) -> Deed:
    office, extend = _extend(offices)
    extension_id = extend()
    return office, partial(
        carry_out_extension, office.desk, office.agency_id, str(extension_id), now=NOW, limit=9
    )


def _reopen(offices: Offices) -> Deed:
    office, close = _CLOSE(offices)
    close()
    return office, _by(
        office, reopen_cycle, who="hr_colleague", cycle_id=office.cycle_id, reason=SECRET
    )


def _cancel(offices: Offices) -> Deed:
    office, _ = _waiting(offices)
    closing = _by(
        office, close_cycle, cycle_id=office.cycle_id, handling=Handling.CANCEL, reason=SECRET
    )()
    return office, partial(
        cancel_next, office.desk, office.agency_id, str(closing), now=NOW, limit=9
    )


def _achievements(offices: Offices) -> Deed:
    office = offices.open("contest")
    levels = [UnitLevel(DIVISION, OrganisationAchievement.GOOD, 0)]
    return office, _by(
        office, set_achievements, cycle_id=office.cycle_id, levels=levels, reason=SECRET
    )


_EXCLUDE = _of_hr(exclude_person, employee_id=CLERK, reason=SECRET)
_CLOSE = _of_hr(close_cycle, handling=Handling.GO_ON, reason=SECRET)
WHOLE = {
    "choose the population": _of_hr(choose_population, filters=Filters()),
    "exclude a person": _EXCLUDE,
    "include a person": _include,
    "name a rater": _name_rater,
    "declare a conflict": _declare,
    "ask for a launch": _of_hr(request_launch, expected=len(PEOPLE)),
    "stop a launch": _stop,
    "continue a launch": _continue,
    "launch a chunk": _chunk,
    "finish a launch": _finish,
    "ask for more time": _extend,
    "close a cycle": _CLOSE,
    "reopen a cycle": _reopen,
    "record an export": _of_hr(record_export, file=ExportedFile(tuple(USUAL), "xlsx", 3, DIGEST)),
    "record an export of patterns": _of_hr(record_fairness_export, rows=3, sha256=DIGEST),
    "compare a recap": _of_hr(reconcile, content=RECAP, name="rekap.csv"),
}
STEPWISE = {
    "carry out more time": _carry_out_extension,
    "cancel what is unfinished": _cancel,
    "set all achievements": _achievements,
}
# What they change is no fact of a case or a person; the event stands by itself.
NO_ROWS = {"record an export", "record an export of patterns", "compare a recap"}
