"""Whose daily log there is: who keeps one in a cycle, with which raters, locked up to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, exists, or_, select, update

from engine.domain.access_objects import CaseAccess
from engine.domain.people import AgencyId, EmployeeId, UnitId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.audit import object_chain
from engine.store.database import Transaction
from engine.store.states import CycleStatus, InstanceStatus


@dataclass(frozen=True)
class LogRow:
    """The log of a person in a cycle, with the raters of the day; `active` while he keeps it."""

    cycle_id: str
    employee_id: EmployeeId
    unit_id: UnitId
    rater_id: EmployeeId | None = None
    rater_superior_id: EmployeeId | None = None
    active: bool = True
    locked_through: date | None = None

    @property
    def chain(self) -> str:
        """The chain of everything that happens in this log."""
        return object_chain("log", f"{self.cycle_id}/{self.employee_id}")

    def access(self, agency_id: AgencyId) -> CaseAccess:
        """The log as the object of a verb: who reads the appraisal reads it, who rates verifies."""
        return CaseAccess(
            agency_id,
            self.employee_id,
            unit_id=self.unit_id,
            rater_id=self.rater_id,
            rater_superior_id=self.rater_superior_id,
        )


_log, _cycle = tables.daily_log, tables.cycle
_LOGS = rows.selected(_log, LogRow).order_by(_log.c.cycle_id.desc(), _log.c.employee_id)
_OF_CYCLE = _LOGS.where(_log.c.cycle_id == bindparam("cycle_id"))
_OF_PERSON = _LOGS.where(_log.c.employee_id == bindparam("employee_id"))
_ONE = _OF_PERSON.where(_log.c.cycle_id == bindparam("cycle_id"))
_LOCKED = _ONE.with_for_update()
_OF_RATERS = _LOGS.where(
    _log.c.active,
    or_(
        _log.c.rater_id.in_(bindparam("raters", expanding=True)),
        _log.c.rater_superior_id.in_(bindparam("raters", expanding=True)),
    ),
    exists().where(
        _cycle.c.agency_id == _log.c.agency_id,
        _cycle.c.id == _log.c.cycle_id,
        _cycle.c.status == CycleStatus.OPEN.value,
    ),
)
_PUT = rows.put(_log, keeping=("locked_through",))
_UNLOCKED = (
    _OF_CYCLE.where(
        or_(_log.c.locked_through.is_(None), _log.c.locked_through < bindparam("through"))
    )
    .order_by(None)
    .order_by(_log.c.employee_id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_LOCK_MONTHS = (
    update(_log)
    .where(
        rows.own(_log),
        _log.c.cycle_id == bindparam("of_cycle"),
        _log.c.employee_id == bindparam("of_person"),
    )
    .values(locked_through=bindparam("through"))
)
_case, _instance = tables.appraisal, tables.instance
_APPRAISED = (
    select(
        _case.c.cycle_id, _case.c.employee_id, _case.c.unit_id, _case.c.rater_id,
        _case.c.rater_superior_id,
    )
    .join(
        _instance,
        and_(_instance.c.agency_id == _case.c.agency_id, _instance.c.id == _case.c.instance_id),
    )
    .where(
        rows.own(_case),
        tables.IS_MAIN,
        _case.c.cycle_id == bindparam("cycle_id"),
        _case.c.subject_left.is_(False),
        _instance.c.status == InstanceStatus.RUNNING.value,
    )
)  # fmt: skip


def logs_of(tx: Transaction, employee_id: EmployeeId) -> tuple[LogRow, ...]:
    """The logs of a person, that of the newest cycle first."""
    return rows.fetch(tx, _OF_PERSON, LogRow, {"employee_id": employee_id})


def logs_of_cycle(tx: Transaction, cycle_id: str) -> tuple[LogRow, ...]:
    """Everybody's log in a cycle, also of those who no longer keep it."""
    return rows.fetch(tx, _OF_CYCLE, LogRow, {"cycle_id": cycle_id})


def logs_under(tx: Transaction, raters: Sequence[EmployeeId]) -> tuple[LogRow, ...]:
    """The logs kept in open cycles under any of these raters, or under their subordinate raters."""
    values = {"own_agency": tx.agency_id, "raters": list(raters)}
    return tuple(LogRow(*row) for row in tx.connection.execute(_OF_RATERS, values))


def get(tx: Transaction, cycle_id: str, employee_id: EmployeeId) -> LogRow:
    """One log. Raises NotFound."""
    return _found(tx, _ONE, cycle_id, employee_id)


def lock(tx: Transaction, cycle_id: str, employee_id: EmployeeId) -> LogRow:
    """One log for this transaction alone to change. Raises NotFound."""
    return _found(tx, _LOCKED, cycle_id, employee_id)


def _found(tx: Transaction, statement: object, cycle_id: str, employee_id: EmployeeId) -> LogRow:
    values = {"cycle_id": cycle_id, "employee_id": employee_id}
    found = rows.fetch_one(tx, statement, LogRow, values)  # type: ignore[arg-type]
    if found is None:
        raise NotFound("daily log", employee_id)
    return found


def put(tx: Transaction, logs: Sequence[LogRow]) -> int:
    """Write logs in the place of those of the same people, whose months stay locked; how many."""
    return rows.add_either(tx, _PUT, logs)


def appraised(tx: Transaction, cycle_id: str) -> tuple[LogRow, ...]:
    """The logs that those are to keep whose appraisal runs in a cycle, with its raters."""
    return rows.fetch(tx, _APPRAISED, LogRow, {"cycle_id": cycle_id})


def unlocked(tx: Transaction, cycle_id: str, through: date, *, limit: int) -> tuple[LogRow, ...]:
    """The next logs of a cycle that are not locked through this day, for this transaction alone.

    Those that another one holds are left to it.
    """
    values = {"cycle_id": cycle_id, "through": through, "at_most": limit}
    return rows.fetch(tx, _UNLOCKED, LogRow, values)


def lock_months(tx: Transaction, log: LogRow, through: date) -> None:
    """Note that the months of a log are locked through this day."""
    values = {"of_cycle": log.cycle_id, "of_person": log.employee_id, "through": through}
    rows.run(tx, _LOCK_MONTHS, values)
