"""What the actor has sent, latest first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CompoundSelect, and_, or_, select, union_all

from engine.domain.people import Actor
from engine.queries.inbox_asked import Asked, Cursor
from engine.queries.inbox_rows import COLUMNS, with_names
from engine.queries.inbox_sources import Condition, Source
from engine.queries.people import AnyRow
from engine.store import tables as t
from engine.store.database import Transaction

_OF_ITEM = and_(
    t.submission.c.agency_id == t.work_item.c.agency_id,
    t.submission.c.work_item_id == t.work_item.c.id,
)


def done_page(
    tx: Transaction, actor: Actor, filters: Sequence[Source], asked: Asked, *, limit: int
) -> list[AnyRow]:
    """Up to `limit` rows from the cursor on; what was taken back is not among them."""
    item, sent = t.work_item, t.submission
    backwards = asked.before is not None
    order = (sent.c.at, item.c.id) if backwards else (sent.c.at.desc(), item.c.id.desc())
    statement = (
        select(*COLUMNS, sent.c.at, sent.c.receipt)
        .select_from(with_names(sent.join(item, _OF_ITEM)))
        .where(
            sent.c.agency_id == tx.agency_id,
            sent.c.id.in_(_own(tx, actor)),
            item.c.state == "completed",
            *(found.condition for found in filters),
        )
        .order_by(*order)
        .limit(limit)
    )
    cursor = asked.before or asked.after
    if cursor:
        statement = statement.where(_behind(cursor, backwards=backwards))
    rows = list(tx.connection.execute(statement).all())
    return rows[::-1] if backwards else rows


def _own(tx: Transaction, actor: Actor) -> CompoundSelect[str]:
    """The answers that name the actor, and those he gave in confidence, which do not."""
    item, sent = t.work_item.c, t.submission
    named = select(sent.c.id).where(
        sent.c.agency_id == tx.agency_id, sent.c.actor_id == actor.employee_id
    )
    unnamed = (
        select(sent.c.id)
        .join(t.work_item, _OF_ITEM)
        .where(
            item.agency_id == tx.agency_id,
            item.assignee_id == actor.employee_id,
            t.IS_IN_CONFIDENCE,
            item.state == "completed",
        )
    )
    return union_all(named, unnamed)


def _behind(cursor: Cursor, *, backwards: bool) -> Condition:
    sent, item = t.submission.c, t.work_item.c
    at = datetime.fromisoformat(str(cursor.value))
    if backwards:
        return and_(sent.at >= at, or_(sent.at > at, item.id > cursor.item_id))
    return and_(sent.at <= at, or_(sent.at < at, item.id < cursor.item_id))
