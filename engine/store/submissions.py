"""Submissions: what people answered; immutable, sealed, one at most a work item."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from engine.domain.confidence import UNNAMED
from engine.domain.people import EmployeeId
from engine.errors import WorkItemClosed
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.sealing import Sealed
from engine.store.states import WorkItemState


@dataclass(frozen=True)
class SubmissionRow:
    """One submission; `payload` is sealed, `commitment` stands in its audit event."""

    id: str
    work_item_id: str
    instance_id: str
    element_id: str
    actor_id: EmployeeId
    payload: bytes
    commitment: str
    receipt: str
    at: datetime
    on_behalf_of: EmployeeId | None = None
    participation: str | None = None
    signature_kind: str | None = None

    @property
    def in_confidence(self) -> bool:
        """Whether it hides its author."""
        return self.actor_id == UNNAMED

    @property
    def sealed(self) -> Sealed:
        """The payload with its commitment, as `sealing.open_committed` takes it."""
        return Sealed(self.payload, self.commitment)

    @property
    def audit_values(self) -> dict[str, str]:
        """What the item's event `work.completed` must hold for the trail to vouch for it."""
        return {"submission": self.id, "commitment": self.commitment, "receipt": self.receipt}


@dataclass(frozen=True)
class Participation:
    """Who took part in a case and how; nobody who did decides its appeal."""

    employee_id: EmployeeId
    kind: str
    on_behalf_of: EmployeeId | None = None


_submission = tables.submission
_ALL = rows.selected(_submission, SubmissionRow)
_ONE = _ALL.where(_submission.c.id == bindparam("id"))
_OF_ITEM = _ALL.where(_submission.c.work_item_id == bindparam("work_item_id"))
_item = tables.work_item
# What was taken back stays as it was handed in, but counts no more.
_COUNTS = exists().where(
    _item.c.agency_id == _submission.c.agency_id,
    _item.c.id == _submission.c.work_item_id,
    _item.c.state == WorkItemState.COMPLETED.value,
)
_EVERY = _ALL.where(_submission.c.instance_id == bindparam("instance_id"), _COUNTS)
_OF_INSTANCE = _EVERY.where(_submission.c.actor_id != UNNAMED).order_by(
    _submission.c.at, _submission.c.id
)
_IN_CONFIDENCE = _EVERY.where(_submission.c.actor_id == UNNAMED).order_by(_submission.c.commitment)
_PARTICIPATION = _OF_INSTANCE.with_only_columns(
    _submission.c.actor_id, _submission.c.participation, _submission.c.on_behalf_of
).where(_submission.c.participation.is_not(None))
_own, _beside = tables.instance.alias("own"), tables.instance.alias("beside")
# The case itself, and everything that ran about the same person in the same cycle.
_AROUND = select(_beside.c.id).where(
    _own.c.agency_id == bindparam("own_agency"),
    _own.c.id == bindparam("instance_id"),
    _beside.c.agency_id == _own.c.agency_id,
    _beside.c.cycle_id == _own.c.cycle_id,
    _beside.c.subject_id == _own.c.subject_id,
)
_PARTICIPATION_AROUND = (
    _ALL.with_only_columns(
        _submission.c.actor_id, _submission.c.participation, _submission.c.on_behalf_of
    )
    .where(_submission.c.instance_id.in_(_AROUND), _COUNTS)
    .where(_submission.c.participation.is_not(None), _submission.c.actor_id != UNNAMED)
    .order_by(_submission.c.at, _submission.c.id)
)
_INSERT = rows.inserted(_submission)


def add(tx: Transaction, submission: SubmissionRow) -> None:
    """Keep a submission for good. Raises WorkItemClosed when its item has one already."""
    completed = WorkItemState.COMPLETED.value
    known = WorkItemClosed(submission.work_item_id, completed, None)
    rows.add_new(tx, _INSERT, [submission], known=known)


def find(tx: Transaction, submission_id: str) -> SubmissionRow | None:
    """One submission."""
    return rows.fetch_one(tx, _ONE, SubmissionRow, {"id": submission_id})


def of_item(tx: Transaction, work_item_id: str) -> SubmissionRow | None:
    """The submission of a work item."""
    return rows.fetch_one(tx, _OF_ITEM, SubmissionRow, {"work_item_id": work_item_id})


def of_instance(
    tx: Transaction, instance_id: str, *, in_confidence: bool = False
) -> tuple[SubmissionRow, ...]:
    """The submissions of an instance that were not taken back, the oldest first.

    What was said in confidence is never among them: it is asked for alone, and its order tells
    nothing.
    """
    statement = _IN_CONFIDENCE if in_confidence else _OF_INSTANCE
    return rows.fetch(tx, statement, SubmissionRow, {"instance_id": instance_id})


def participations(tx: Transaction, instance_id: str) -> tuple[Participation, ...]:
    """Who took part in the case, the oldest first."""
    return rows.fetch(tx, _PARTICIPATION, Participation, {"instance_id": instance_id})


def participations_around(tx: Transaction, instance_id: str) -> tuple[Participation, ...]:
    """Who took part in the case or in what ran beside it, the oldest first.

    Source: who mediated the plan of a year cannot decide the appeal of that year.
    """
    return rows.fetch(tx, _PARTICIPATION_AROUND, Participation, {"instance_id": instance_id})
