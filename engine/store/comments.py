"""Notes on a case between those who may read it: sealed, numbered in order, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from engine.domain.comments import Audience
from engine.domain.people import EmployeeId
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.sealing import Sealed


@dataclass(frozen=True)
class CommentRow:
    """One note; `payload` is sealed, `commitment` stands in its audit event."""

    id: str
    instance_id: str
    author_id: EmployeeId
    audience: str
    payload: bytes
    commitment: str
    at: datetime

    @property
    def sealed(self) -> Sealed:
        """The payload with its commitment, as `sealing.open_committed` takes it."""
        return Sealed(self.payload, self.commitment)


_comment = tables.case_comment
_NEWEST = (
    rows.selected(_comment, CommentRow)
    .where(
        _comment.c.instance_id == bindparam("instance_id"),
        _comment.c.id < bindparam("before_id"),
        or_(
            _comment.c.audience == Audience.EVERYBODY.value,
            _comment.c.at <= bindparam("shown_until"),
            _comment.c.author_id == bindparam("reader_id"),
        ),
    )
    .order_by(_comment.c.id.desc())
    .limit(bindparam("row_limit"))
)
_COUNT = (
    select(func.count())
    .select_from(_comment)
    .where(rows.own(_comment), _comment.c.instance_id == bindparam("instance_id"))
)
_INSERT = rows.inserted(_comment)
# Ids are UUIDs: no other text of theirs comes after this.
_END = "~"


def add(tx: Transaction, comment: CommentRow) -> None:
    """Keep a note for good."""
    rows.add(tx, _INSERT, [comment])


def of_instance(
    tx: Transaction,
    instance_id: str,
    *,
    reader_id: EmployeeId,
    shown_until: datetime,
    before_id: str | None = None,
    limit: int,
) -> tuple[CommentRow, ...]:
    """The notes that a reader may see, the newest first; those among officials until an instant.

    `before_id` is the last one of the page before.
    """
    values = {
        "instance_id": instance_id,
        "before_id": before_id or _END,
        "row_limit": limit,
        "reader_id": reader_id,
        "shown_until": shown_until,
    }
    return rows.fetch(tx, _NEWEST, CommentRow, values)


def count(tx: Transaction, instance_id: str) -> int:
    """How many notes a case has."""
    (found,) = rows.fetch_scalars(tx, _COUNT, {"instance_id": instance_id})
    return int(found)
