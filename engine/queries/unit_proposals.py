"""How far the process is in which the achievement of each unit is proposed and decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.domain.people import EmployeeId, UnitId
from engine.domain.process import InstanceId
from engine.queries.people import agency_day
from engine.store import staffing
from engine.store import tables as t
from engine.store.database import Transaction


@dataclass(frozen=True)
class Proposals:
    """By unit: who heads it, and the run about it; a unit without a head can have none."""

    heads: Mapping[UnitId, EmployeeId]
    runs: Mapping[UnitId, InstanceId]


def proposals(tx: Transaction, cycle_id: str, process_id: str, now: datetime) -> Proposals:
    """All of a cycle; the run opened last where a unit has had several."""
    run = t.instance.c
    found = tx.connection.execute(
        select(run.unit_id, run.id)
        .where(
            run.agency_id == tx.agency_id, run.cycle_id == cycle_id, run.process_id == process_id
        )
        .order_by(run.started_at, run.id)
    )
    runs = {UnitId(row.unit_id): InstanceId(row.id) for row in found}
    return Proposals(staffing.heads_of_units(tx, agency_day(tx, now)), runs)
