"""Tells people something, and notes what they have read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.commands.desk import Desk
from engine.domain.notices import NoticeKind
from engine.domain.people import Actor, EmployeeId
from engine.errors import NotFound
from engine.store import notices as store_notices
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.notices import NoticeRow


@dataclass(frozen=True)
class NewNotice:
    """What one person is told; `dedup_key` says what it is about, so that it is told once.

    Only ids: the names and dates in it are looked up when the notice is read.
    """

    recipient_id: EmployeeId
    kind: NoticeKind
    dedup_key: str
    item_id: str | None = None
    instance_id: str | None = None
    cycle_id: str | None = None


def tell(tx: Transaction, notices: Sequence[NewNotice], *, now: datetime) -> int:
    """Leave notices for people; how many. What goes out by e-mail follows from these rows.

    Whoever was told the same before, by the same `dedup_key`, is not told again.
    """
    return store_notices.add(
        tx,
        [
            NoticeRow(
                new_id(), notice.recipient_id, notice.kind.value, now, notice.dedup_key,
                notice.item_id, notice.instance_id, notice.cycle_id,
            )
            for notice in notices
        ],
    )  # fmt: skip


def read_notice(desk: Desk, actor: Actor, *, notice_id: str, now: datetime) -> None:
    """Note that the actor has read one of his notices. Raises NotFound."""
    with desk.store.transaction(actor.agency_id) as tx:
        if store_notices.find(tx, actor.employee_id, notice_id) is None:
            raise NotFound("notice", notice_id)
        store_notices.read_one(tx, actor.employee_id, notice_id, now=now)


def read_all_notices(desk: Desk, actor: Actor, *, now: datetime) -> None:
    """Note that the actor has read everything left for him until now."""
    with desk.store.transaction(actor.agency_id) as tx:
        store_notices.read_all(tx, actor.employee_id, now=now)
