"""Appraisal cycles and the achievement of organisations in them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, update

from engine.domain.people import EmployeeId, UnitId
from engine.domain.process import DefinitionId
from engine.errors import NotFound
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import CycleStatus


@dataclass(frozen=True)
class CycleRow:
    """A cycle of one system from `starts` to `ends`, both included."""

    id: str
    system: str
    name: str
    starts: date
    ends: date
    status: str
    definition_id: DefinitionId
    created_at: datetime


@dataclass(frozen=True)
class AchievementRow:
    """What HR set for a unit; `version` counts the changes from 1."""

    cycle_id: str
    unit_id: UnitId
    level: str
    decided_by: EmployeeId
    decided_at: datetime
    version: int = 1


_cycle, _achievement = tables.cycle, tables.organisation_achievement
_ALL = rows.selected(_cycle, CycleRow)
_ONE = _ALL.where(_cycle.c.id == bindparam("id"))
_BY_START = _ALL.order_by(_cycle.c.starts.desc(), _cycle.c.id)
_INSERT = rows.inserted(_cycle)
_STATUS = (
    update(_cycle)
    .where(rows.own(_cycle), _cycle.c.id == bindparam("cycle_id"))
    .values(status=bindparam("new_status"))
)
_ACHIEVEMENTS = rows.selected(_achievement, AchievementRow).where(
    _achievement.c.cycle_id == bindparam("cycle_id")
)
_ACHIEVEMENT = _ACHIEVEMENTS.where(_achievement.c.unit_id == bindparam("unit_id"))
_INSERT_ACHIEVEMENT = rows.inserted(_achievement)
_CHANGE_ACHIEVEMENT = (
    update(_achievement)
    .where(
        rows.own(_achievement),
        _achievement.c.cycle_id == bindparam("of_cycle"),
        _achievement.c.unit_id == bindparam("of_unit"),
    )
    .values(
        level=bindparam("new_level"),
        decided_by=bindparam("new_decider"),
        decided_at=bindparam("new_instant"),
        version=_achievement.c.version + 1,
    )
)


def add(tx: Transaction, cycle: CycleRow) -> None:
    """Record a new cycle."""
    rows.add(tx, _INSERT, [cycle])


def get(tx: Transaction, cycle_id: str) -> CycleRow:
    """One cycle. Raises NotFound."""
    found = rows.fetch_one(tx, _ONE, CycleRow, {"id": cycle_id})
    if found is None:
        raise NotFound("cycle", cycle_id)
    return found


def every(tx: Transaction) -> tuple[CycleRow, ...]:
    """All cycles, the latest first."""
    return rows.fetch(tx, _BY_START, CycleRow)


def set_status(tx: Transaction, cycle_id: str, status: CycleStatus) -> None:
    """Open or close a cycle. Raises NotFound."""
    if rows.run(tx, _STATUS, {"cycle_id": cycle_id, "new_status": status.value}) != 1:
        raise NotFound("cycle", cycle_id)


def achievement(tx: Transaction, cycle_id: str, unit_id: UnitId) -> AchievementRow | None:
    """What was set for the unit, if anything."""
    values = {"cycle_id": cycle_id, "unit_id": unit_id}
    return rows.fetch_one(tx, _ACHIEVEMENT, AchievementRow, values)


def achievements(tx: Transaction, cycle_id: str) -> dict[UnitId, AchievementRow]:
    """What was set in a cycle, by unit."""
    found = rows.fetch(tx, _ACHIEVEMENTS, AchievementRow, {"cycle_id": cycle_id})
    return {row.unit_id: row for row in found}


def set_achievement(tx: Transaction, achievement: AchievementRow) -> int:
    """Set or change it; the new version."""
    changed = {
        "of_cycle": achievement.cycle_id,
        "of_unit": achievement.unit_id,
        "new_level": achievement.level,
        "new_decider": achievement.decided_by,
        "new_instant": achievement.decided_at,
    }
    if rows.run(tx, _CHANGE_ACHIEVEMENT, changed) == 0:
        rows.add(tx, _INSERT_ACHIEVEMENT, [achievement])
    values = {"cycle_id": achievement.cycle_id, "unit_id": achievement.unit_id}
    found = rows.fetch_one(tx, _ACHIEVEMENT, AchievementRow, values)
    return found.version if found else 0
