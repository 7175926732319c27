"""What the actor has sent, latest first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from engine.domain.confidence import CONFIDENCE
from engine.domain.people import Actor
from engine.queries.inbox_asked import Asked, Cursor
from engine.queries.inbox_rows import COLUMNS, with_names
from engine.queries.inbox_sources import Condition, Source
from engine.queries.people import AnyRow
from engine.store import tables as t
from engine.store.database import Transaction


def done_page(
    tx: Transaction, actor: Actor, filters: Sequence[Source], asked: Asked, *, limit: int
) -> list[AnyRow]:
    """Up to `limit` rows from the cursor on; what was taken back is not among them."""
    item, sent = t.work_item, t.submission
    same = and_(sent.c.agency_id == item.c.agency_id, sent.c.work_item_id == item.c.id)
    backwards = asked.before is not None
    order = (sent.c.at, item.c.id) if backwards else (sent.c.at.desc(), item.c.id.desc())
    statement = (
        select(*COLUMNS, sent.c.at, sent.c.receipt)
        .select_from(with_names(sent.join(item, same)))
        .where(
            sent.c.agency_id == tx.agency_id,
            or_(sent.c.actor_id == actor.employee_id, item.c.id.in_(_in_confidence(tx, actor))),
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


def _in_confidence(tx: Transaction, actor: Actor) -> list[str]:
    """The work that the actor has done in confidence: its answers do not name him."""
    item = t.work_item
    statement = select(item.c.id).where(
        item.c.agency_id == tx.agency_id,
        item.c.assignee_id == actor.employee_id,
        item.c.participation == CONFIDENCE,
        item.c.state == "completed",
    )
    return list(tx.connection.execute(statement).scalars())


def _behind(cursor: Cursor, *, backwards: bool) -> Condition:
    sent, item = t.submission.c, t.work_item.c
    at = datetime.fromisoformat(str(cursor.value))
    if backwards:
        return and_(sent.at >= at, or_(sent.at > at, item.id > cursor.item_id))
    return and_(sent.at <= at, or_(sent.at < at, item.id < cursor.item_id))
