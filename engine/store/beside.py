"""Which processes ran beside the appraisals of a cycle."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from engine.domain.people import EmployeeId, UnitId
from engine.domain.process import InstanceId
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import InstanceStatus

_instance = tables.instance
_RUN = select(_instance.c.id).where(
    rows.own(_instance),
    _instance.c.cycle_id == bindparam("cycle_id"),
    _instance.c.subject_id == bindparam("subject_id"),
    _instance.c.process_id == bindparam("process_id"),
    _instance.c.turn == bindparam("turn"),
)
_beside = _instance.alias("beside")
_WITHOUT_RUN = (
    select(_instance.c.id)
    .where(
        rows.own(_instance),
        tables.IS_MAIN,
        _instance.c.cycle_id == bindparam("cycle_id"),
        _instance.c.status == InstanceStatus.RUNNING.value,
        ~exists().where(
            _beside.c.agency_id == _instance.c.agency_id,
            _beside.c.cycle_id == _instance.c.cycle_id,
            _beside.c.subject_id == _instance.c.subject_id,
            _beside.c.process_id == bindparam("process_id"),
            _beside.c.turn == bindparam("turn"),
        ),
    )
    .order_by(_instance.c.id)
    .limit(bindparam("at_most"))
)

_OF_UNIT = (
    select(_instance.c.turn, _instance.c.ended_at)
    .where(
        rows.own(_instance),
        _instance.c.process_id == bindparam("process_id"),
        _instance.c.unit_id == bindparam("unit_id"),
    )
    .order_by(_instance.c.id)
)


@dataclass(frozen=True)
class UnitRun:
    """A run of a process beside the appraisals of a unit."""

    turn: str
    ended_at: datetime | None

    @property
    def ended(self) -> bool:
        """Whether nothing can happen in it any more."""
        return self.ended_at is not None


def find(
    tx: Transaction, cycle_id: str, subject_id: EmployeeId, process_id: str, turn: str
) -> InstanceId | None:
    """One run of a process beside an appraisal."""
    values = {
        "cycle_id": cycle_id, "subject_id": subject_id, "process_id": process_id, "turn": turn,
    }  # fmt: skip
    found = rows.fetch_scalars(tx, _RUN, values)
    return found[0] if found else None


def of_unit(tx: Transaction, process_id: str, unit_id: UnitId) -> tuple[UnitRun, ...]:
    """The runs of a process about a unit in all cycles, the earliest first."""
    return rows.fetch(tx, _OF_UNIT, UnitRun, {"process_id": process_id, "unit_id": unit_id})


def without(
    tx: Transaction, cycle_id: str, process_id: str, turn: str, *, limit: int
) -> tuple[InstanceId, ...]:
    """The running appraisals of a cycle beside which this run was not opened yet, by id."""
    values = {"cycle_id": cycle_id, "process_id": process_id, "turn": turn, "at_most": limit}
    return rows.fetch_scalars(tx, _WITHOUT_RUN, values)
