"""Imported figures about a case: of its person, or of its unit."""

from datetime import date

from engine.domain.measured import FigureKind
from engine.operations.registry import Measured
from engine.store import measured_facts
from engine.store.database import Transaction
from engine.store.instances import InstanceRow


def figures_about(
    tx: Transaction,
    kind: FigureKind,
    run: InstanceRow,
    days: tuple[date, date],
    *,
    of_unit: bool,
) -> tuple[Measured, ...]:
    """What was imported about the person of a case or its unit, between two days."""
    since, until = days
    rows = (
        measured_facts.of_units(tx, kind.value, [run.unit_id], since=since, until=until)
        if of_unit
        else measured_facts.of_employees(tx, kind.value, [run.subject_id], since=since, until=until)
    )
    return tuple(Measured(row.on_day, row.employee_id, row.figures) for row in rows)
