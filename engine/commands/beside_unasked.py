"""What the system opens beside appraisals unasked: each month, or when complaints are too many."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.commands.beside_starts import (
    ChosenOpening,
    appraisal_to_come,
    running_appraisal,
    start_beside,
)
from engine.commands.desk import Desk
from engine.domain.beside import Opening
from engine.domain.people import SYSTEM, AgencyId, EmployeeId, UnitId
from engine.errors import Conflict, NotFound
from engine.rules.deadlines import local_date
from engine.store import appraisals, cycles
from engine.store import beside as beside_runs
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.states import CycleStatus


def open_month(desk: Desk, agency_id: AgencyId, cycle_id: str, *, now: datetime, limit: int) -> int:
    """Open what each month opens for the next people who have it not yet; how many got it.

    Only while the cycle is open, the day lies in it, and its definition is whole.
    """
    with desk.store.transaction(agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
        today = local_date(now, desk.calendar(tx, now))
        if cycle.status != CycleStatus.OPEN or not cycle.starts <= today <= cycle.ends:
            return 0
        definition = desk.definitions.find(tx, cycle.definition_id)
        if definition is None:
            return 0
        monthly = [b for b in definition.settings.beside.values() if b.start is Opening.MONTH]
        openings = [
            ChosenOpening(definition, cycle, appraisals.get(tx, instance_id), beside, turn)
            for beside in monthly
            for turn in (beside.turn(today, ""),)
            for instance_id in beside_runs.without(
                tx, cycle_id, beside.process_id, turn, limit=limit
            )
        ]
        for opening in openings:
            start_beside(desk, tx, SYSTEM, opening, now=now)
        return len(openings)


@dataclass(frozen=True)
class UnitFinding:
    """Something about a unit that opens a process: which run it is, what the case knows of it."""

    unit_id: UnitId
    turn: str
    known: Mapping[str, object]


def open_for_finding(
    desk: Desk,
    tx: Transaction,
    cycle: CycleRow,
    subject_id: EmployeeId,
    process_id: str,
    finding: UnitFinding,
    *,
    now: datetime,
) -> bool:
    """Let the system open a process beside a person's appraisal; false where he has none."""
    definition = desk.definitions.get(tx, cycle.definition_id)
    beside = definition.settings.beside[process_id]
    today = local_date(now, desk.calendar(tx, now))
    try:
        main = running_appraisal(tx, definition, cycle, subject_id)
        if main is None and beside.before_appraisal:
            main = appraisal_to_come(tx, definition, cycle, subject_id, on=today)
    except (NotFound, Conflict):
        return False
    if main is None:
        return False
    about = replace(main, unit_id=finding.unit_id)
    chosen = ChosenOpening(definition, cycle, about, beside, finding.turn, finding.known)
    start_beside(desk, tx, SYSTEM, chosen, now=now)
    return True
