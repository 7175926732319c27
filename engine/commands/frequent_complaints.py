"""Complaints that come too often open the repair of a service, for the head of the unit."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from engine.commands.beside_unasked import UnitFinding, open_for_finding
from engine.commands.desk import Desk
from engine.domain.beside import Opening
from engine.domain.measured import FigureKind, Threshold, frequent
from engine.domain.people import UnitId
from engine.operations.figures import complaint_of
from engine.operations.registry import Measured
from engine.rules.deadlines import local_date
from engine.store import beside as beside_runs
from engine.store import cycles, measured_facts, staffing
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.states import CycleStatus

# What is older than so many spans of the threshold is history and opens nothing.
SPANS = 3
CODE_DIGITS = 12


@dataclass(frozen=True)
class _Repair:
    """A process that complaints open, in an open cycle, and when they do."""

    cycle: CycleRow
    process_id: str
    threshold: Threshold


def open_repairs(desk: Desk, tx: Transaction, units: Collection[UnitId], *, now: datetime) -> int:
    """Open what is due after new complaints; how many. One a unit and category while it runs."""
    if not units:
        return 0
    today = local_date(now, desk.calendar(tx, now))
    known = list(_repairs(desk, tx, today))
    return sum(_open(desk, tx, unit, known, now=now) for unit in sorted(units))


def _repairs(desk: Desk, tx: Transaction, today: date) -> Iterator[_Repair]:
    """Those of the cycles that the day lies in first, then of the latest."""
    running = [cycle for cycle in cycles.every(tx) if cycle.status == CycleStatus.OPEN]
    for cycle in sorted(running, key=lambda c: not c.starts <= today <= c.ends):
        settings = desk.definitions.get(tx, cycle.definition_id).settings
        for beside in settings.beside.values():
            if beside.start is Opening.COMPLAINTS and settings.complaints:
                yield _Repair(cycle, beside.process_id, settings.complaints)


def _open(
    desk: Desk, tx: Transaction, unit_id: UnitId, repairs: list[_Repair], *, now: datetime
) -> int:
    """Open each category once, in the first cycle in which the head of the unit is appraised."""
    today = local_date(now, desk.calendar(tx, now))
    head = staffing.head_of_unit(tx, unit_id, today)
    done: set[str] = set()
    for repair in repairs if head else ():
        for category, count in _too_often(tx, unit_id, repair.threshold, today).items():
            turn = _turn(tx, repair.process_id, unit_id, category)
            if head is None or turn is None or category in done:
                continue
            found = UnitFinding(unit_id, turn, {"category": category, "complaints": count})
            if open_for_finding(desk, tx, repair.cycle, head, repair.process_id, found, now=now):
                done.add(category)
    return len(done)


def _too_often(
    tx: Transaction, unit_id: UnitId, threshold: Threshold, today: date
) -> dict[str, int]:
    since = today - timedelta(days=SPANS * threshold.days)
    kind = FigureKind.COMPLAINTS.value
    rows = measured_facts.of_units(tx, kind, [unit_id], since=since, until=today)
    complaints = [complaint_of(Measured(r.on_day, r.employee_id, r.figures)) for r in rows]
    return dict(frequent(complaints, threshold))


def _turn(tx: Transaction, process_id: str, unit_id: UnitId, category: str) -> str | None:
    """Which repair of this category the next one is; None while one runs.

    The trail keeps it, therefore the category is a code in it.
    """
    code = sha256(category.encode()).hexdigest()[:CODE_DIGITS]
    runs = [
        run
        for run in beside_runs.of_unit(tx, process_id, unit_id)
        if run.turn.partition("-")[0] == code
    ]
    return None if any(not run.ended for run in runs) else f"{code}-{len(runs) + 1}"
