"""Incidents: failed automatic steps that hold an instance until a retry works."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class IncidentRow:
    """One incident; `params` is JSON text of codes, `submission_id` the answers still to apply."""

    id: str
    instance_id: str
    element_id: str | None
    code: str
    params: str
    opened_at: datetime
    submission_id: str | None = None
    attempts: int = 1
    resolved_at: datetime | None = None


_incident = tables.incident
_ALL = rows.selected(_incident, IncidentRow).order_by(_incident.c.opened_at, _incident.c.id)
_OPEN = _ALL.where(_incident.c.resolved_at.is_(None))
_OF_INSTANCE = _ALL.where(_incident.c.instance_id == bindparam("instance_id"))
_OPEN_OF_INSTANCE = _OPEN.where(_incident.c.instance_id == bindparam("instance_id"))
_INSERT = rows.inserted(_incident)
_CHANGE = update(_incident).where(rows.own(_incident), _incident.c.id == bindparam("incident_id"))
_FAILED_AGAIN = _CHANGE.values(attempts=_incident.c.attempts + 1)
_RESOLVE = _CHANGE.values(attempts=_incident.c.attempts + 1, resolved_at=bindparam("now"))


def add(tx: Transaction, incident: IncidentRow) -> None:
    """Record a new incident."""
    rows.add(tx, _INSERT, [incident])


def every_open(tx: Transaction) -> tuple[IncidentRow, ...]:
    """All incidents that wait for a retry, the oldest first."""
    return rows.fetch(tx, _OPEN, IncidentRow)


def open_of_instance(tx: Transaction, instance_id: str) -> tuple[IncidentRow, ...]:
    """The incidents that hold an instance, the oldest first."""
    return rows.fetch(tx, _OPEN_OF_INSTANCE, IncidentRow, {"instance_id": instance_id})


def of_instance(tx: Transaction, instance_id: str) -> tuple[IncidentRow, ...]:
    """All incidents of an instance, the oldest first."""
    return rows.fetch(tx, _OF_INSTANCE, IncidentRow, {"instance_id": instance_id})


def count_failure(tx: Transaction, incident_id: str) -> None:
    """Note that a retry failed again."""
    rows.run(tx, _FAILED_AGAIN, {"incident_id": incident_id})


def resolve(tx: Transaction, incident_id: str, *, now: datetime) -> None:
    """Note that a retry worked."""
    rows.run(tx, _RESOLVE, {"incident_id": incident_id, "now": now})
