"""Messages that are kept as facts, so that a case which asks later gets them at once."""

from collections.abc import Callable, Mapping

from engine.queries.citizen_surveys import nearest_survey
from engine.store import cycles
from engine.store.database import Transaction
from engine.store.instances import InstanceRow

ORGANISATION_ACHIEVEMENT = "organisation_achievement_set"
SURVEY_CLOSED = "survey_closed"
Payload = Mapping[str, object]


def _organisation_achievement(tx: Transaction, row: InstanceRow) -> Payload | None:
    found = cycles.achievement(tx, row.cycle_id, row.unit_id)
    return None if found is None else {"level": found.level}


def _survey_closed(tx: Transaction, row: InstanceRow) -> Payload | None:
    """The survey of the unit, or of the nearest above it that was asked."""
    found = nearest_survey(tx, row.cycle_id, row.unit_id)
    return {} if found and found.closed_at else None


RETAINED: Mapping[str, Callable[[Transaction, InstanceRow], Payload | None]] = {
    ORGANISATION_ACHIEVEMENT: _organisation_achievement,
    SURVEY_CLOSED: _survey_closed,
}


def retained_message(tx: Transaction, row: InstanceRow, name: str) -> Payload | None:
    """The payload of a kept message; None when nothing is kept under that name."""
    keeper = RETAINED.get(name)
    return keeper(tx, row) if keeper else None
