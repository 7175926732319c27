"""Performance plans (SKP) of a cycle, as they were imported."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import bindparam, delete

from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class PlanRow:
    """One plan; `content` is JSON text, `sha256` its hash in hex."""

    cycle_id: str
    employee_id: EmployeeId
    content: str
    sha256: str
    imported_at: datetime

    @property
    def results(self) -> tuple[str, ...]:
        """The results that the plan names, each once."""
        rows = orjson.loads(self.content)
        return tuple(dict.fromkeys(str(row["result_plan"]) for row in rows))


_plan = tables.performance_plan
_ONE = rows.selected(_plan, PlanRow).where(
    _plan.c.cycle_id == bindparam("cycle_id"), _plan.c.employee_id == bindparam("employee_id")
)
_OF_CYCLE = (
    rows.selected(_plan, PlanRow)
    .where(_plan.c.cycle_id == bindparam("cycle_id"))
    .order_by(_plan.c.employee_id)
)
_INSERT = rows.inserted(_plan)
_DELETE = delete(_plan).where(
    rows.own(_plan),
    _plan.c.cycle_id == bindparam("cycle_id"),
    _plan.c.employee_id == bindparam("employee_id"),
)


def put(tx: Transaction, plans: tuple[PlanRow, ...]) -> None:
    """Record plans; one that is there already is replaced."""
    keys = [
        {"own_agency": tx.agency_id, "cycle_id": plan.cycle_id, "employee_id": plan.employee_id}
        for plan in plans
    ]
    if keys:
        tx.connection.execute(_DELETE, keys)
        rows.add(tx, _INSERT, plans)


def find(tx: Transaction, cycle_id: str, employee_id: EmployeeId) -> PlanRow | None:
    """The plan of an employee in a cycle."""
    return rows.fetch_one(tx, _ONE, PlanRow, {"cycle_id": cycle_id, "employee_id": employee_id})


def of_cycle(tx: Transaction, cycle_id: str) -> tuple[PlanRow, ...]:
    """All plans of a cycle, by employee."""
    return rows.fetch(tx, _OF_CYCLE, PlanRow, {"cycle_id": cycle_id})
