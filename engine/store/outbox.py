"""Effects to be carried out after the commit, at least once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, update

from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class OutboxRow:
    """One effect; `payload` is JSON text, `dedup_key` makes it unique in the agency."""

    id: str
    topic: str
    payload: str
    dedup_key: str
    due_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    done_at: datetime | None = None

    @property
    def is_begun(self) -> bool:
        """Whether somebody has tried to carry it out."""
        return self.attempts > 0 or self.done_at is not None


_outbox = tables.outbox
_ALL = rows.selected(_outbox, OutboxRow)
_FREE = or_(_outbox.c.lease_until.is_(None), _outbox.c.lease_until <= bindparam("now"))
_DUE = (
    _ALL.where(_outbox.c.done_at.is_(None), _outbox.c.due_at <= bindparam("now"), _FREE)
    .order_by(_outbox.c.due_at, _outbox.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_INSERT = rows.inserted_once(_outbox)
_CHANGE = update(_outbox).where(rows.own(_outbox), _outbox.c.id == bindparam("outbox_id"))
_LEASE = _CHANGE.values(lease_until=bindparam("until"), attempts=_outbox.c.attempts + 1)
_DONE = _CHANGE.values(done_at=bindparam("now"), lease_until=None)
_POSTPONE = _CHANGE.values(due_at=bindparam("again"), lease_until=None)

_KEYED = _ALL.where(_outbox.c.dedup_key.like(bindparam("prefix")))
_OF_STEP = _KEYED.with_for_update()
_DROP = delete(_outbox).where(rows.own(_outbox), _outbox.c.id == bindparam("outbox_id"))
_DELETE_OLD = rows.deleted_old(_outbox, _outbox.c.done_at.is_not(None))


def put(tx: Transaction, effects: Sequence[OutboxRow]) -> None:
    """Leave effects for later; one whose key is known already is not left again."""
    rows.add_either(tx, _INSERT, effects)


def lease_due(
    tx: Transaction, *, until: datetime, limit: int, now: datetime
) -> tuple[OutboxRow, ...]:
    """Due effects that nobody else works on, leased until `until`; the earliest first."""
    due = rows.fetch(tx, _DUE, OutboxRow, {"now": now, "at_most": limit})
    keys = {"own_agency": tx.agency_id, "until": until}
    if due:
        tx.connection.execute(_LEASE, [{**keys, "outbox_id": effect.id} for effect in due])
    return due


def finish(tx: Transaction, outbox_id: str, *, now: datetime) -> None:
    """Note that an effect was carried out."""
    rows.run(tx, _DONE, {"outbox_id": outbox_id, "now": now})


def keyed(tx: Transaction, key_begin: str) -> tuple[OutboxRow, ...]:
    """The effects whose keys begin so, for reading only."""
    return rows.fetch(tx, _KEYED, OutboxRow, {"prefix": f"{key_begin}%"})


def call_off(tx: Transaction, prefix: str) -> bool:
    """Drop the effects whose keys begin with `prefix`; False when one was begun already."""
    found = rows.fetch(tx, _OF_STEP, OutboxRow, {"prefix": f"{prefix}%"})
    if any(effect.is_begun for effect in found):
        return False
    rows.run_many(tx, _DROP, [{"outbox_id": effect.id} for effect in found])
    return True


def postpone(tx: Transaction, outbox_id: str, *, until: datetime) -> None:
    """Give an effect back, to be tried again at `until`."""
    rows.run(tx, _POSTPONE, {"outbox_id": outbox_id, "again": until})


def delete_before(tx: Transaction, before: datetime, *, limit: int) -> int:
    """Let go of old effects that were carried out; how many."""
    return rows.delete_old(tx, _DELETE_OLD, before=before, limit=limit)
