"""How a process beside an appraisal begins: with the people of the appraisal and what it knows."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import orjson

from engine.commands.case_data import beginnings
from engine.commands.definitions import LoadedDefinition
from engine.commands.desk import Desk
from engine.commands.first_steps import NewCase, start_new
from engine.domain.beside import Beside, Opening
from engine.domain.cascade import results_in
from engine.domain.people import EmployeeId
from engine.domain.process import InstanceId
from engine.errors import Conflict, NotFound
from engine.queries.unit_systems import systems_of_units
from engine.rules.deadlines import local_date
from engine.rules.numbers import from_jsonable
from engine.store import appraisals, instances, plans
from engine.store.appraisals import AppraisalRow
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.plans import PlanRow

# What a person knows of complaints who opens by hand what complaints open by themselves.
NOT_FOUND = {"category": None, "complaints": None}


@dataclass(frozen=True)
class ChosenOpening:
    """What is opened, beside which appraisal; `more` is what the case knows besides."""

    definition: LoadedDefinition
    cycle: CycleRow
    main: AppraisalRow
    beside: Beside
    turn: str
    more: Mapping[str, object] = field(default_factory=dict)


def running_appraisal(
    tx: Transaction, definition: LoadedDefinition, cycle: CycleRow, subject_id: EmployeeId
) -> AppraisalRow | None:
    """The running appraisal, None before it is started. Raises Conflict when it has ended."""
    process = definition.settings.main_process
    case = instances.find_case(tx, cycle_id=cycle.id, subject_id=subject_id, process_id=process)
    if case is None:
        return None
    if case.ended_at is not None:
        raise Conflict(f"the appraisal of {subject_id} has ended")
    return appraisals.get(tx, case.id)


def appraisal_to_come(
    tx: Transaction,
    definition: LoadedDefinition,
    cycle: CycleRow,
    subject_id: EmployeeId,
    *,
    on: date,
) -> AppraisalRow:
    """The people and the unit of the appraisal as it would be started on the day.

    Raises NotFound for who holds no post, has nobody to rate him, or is in a unit that is
    appraised by another system.
    """
    known = beginnings(tx, definition, cycle=cycle, employee_ids=[subject_id], on=on)
    unit_id = known.unit_of(subject_id)
    if not systems_of_units(tx).takes(cycle.system, unit_id):
        raise NotFound("appraisal", subject_id)
    return AppraisalRow("", cycle.id, subject_id, unit_id, *known.raters(subject_id))


def start_beside(
    desk: Desk, tx: Transaction, by: EmployeeId, opening: ChosenOpening, *, now: datetime
) -> InstanceId:
    """Start it with the people of the appraisal."""
    main, cycle, beside = opening.main, opening.cycle, opening.beside
    today = local_date(now, desk.calendar(tx, now))
    new = NewCase(
        process_id=beside.process_id,
        cycle=cycle,
        subject_id=main.employee_id,
        data={**_data(tx, opening, today), "opened_by": by, **opening.more},
        raters=(main.rater_id, main.rater_superior_id),
        by=by,
        role=None,
        turn=opening.turn,
        confidential=beside.confidential,
        readers=beside.readers,
    )
    return start_new(desk, tx, new, now=now)


def _lines(plan: PlanRow | None) -> list[Mapping[str, object]]:
    found = from_jsonable(orjson.loads(plan.content)) if plan else []
    return found if isinstance(found, list) else []


def _data(tx: Transaction, opening: ChosenOpening, today: date) -> dict[str, object]:
    """What the case knows at its start; `period` is the month in which it is opened.

    `leader_results` are the results in the rater's own plan, which that of the person serves.
    """
    main, cycle = opening.main, opening.cycle
    days_of_month = monthrange(today.year, today.month)[1]
    plan = plans.find(tx, cycle.id, main.employee_id)
    above = plans.find(tx, cycle.id, main.rater_id) if main.rater_id else None
    return {
        "subject_id": main.employee_id,
        "cycle_id": cycle.id,
        "cycle_ends": cycle.ends.isoformat(),
        "unit_id": main.unit_id,
        "correlation": f"{main.unit_id}/{cycle.id}",
        "plan": _lines(plan),
        "leader_results": [{"result_plan": result} for result in results_in(_lines(above))],
        "period": f"{today:%Y-%m}",
        "period_ends": today.replace(day=days_of_month).isoformat(),
        **(NOT_FOUND if opening.beside.start is Opening.COMPLAINTS else {}),
    }
