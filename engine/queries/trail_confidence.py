"""What the trail tells of work in confidence: who was asked, never who of them has answered.

The sealed events stay as they are, for whoever verifies them; only a reading of them is masked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select

from engine.domain.actions import Action
from engine.domain.confidence import CONFIDENCE, UNNAMED, week_of
from engine.queries.people import AnyRow
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.states import WorkItemState

# Their instants tell nothing of one person: all are asked at once, and who is late is so at once.
TOGETHER = frozenset({Action.WORK_OPENED, Action.WORK_WITHDRAWN})


@dataclass(frozen=True)
class Read:
    """An event as it is read: its place among those told, its instant, what is told of it."""

    number: int
    at: datetime
    action: str
    seal: str
    body: Mapping[str, Any]


def told(
    tx: Transaction, instance_id: str, events: Sequence[AnyRow], bodies: Sequence[dict[str, Any]],
    now: datetime,
) -> list[Read]:  # fmt: skip
    """The events with nothing in them that leads from an answer in confidence to a person.

    Until the day on which all are to have answered, or the end of the case, no answer is counted
    either: it is left out, and the numbers go on without a gap.
    """
    asked = _asked(tx, instance_id)
    hushed = _hushed(asked, now)
    secret = {row.element_id for row in asked}
    pairs = [
        (event, body)
        for event, body in zip(events, bodies, strict=True)
        if body.get("element") not in hushed or event.action == Action.WORK_OPENED
    ]
    closed_up = len(pairs) < len(events)
    return [
        _read(event, body, n if closed_up else event.n, is_secret=body.get("element") in secret)
        for n, (event, body) in enumerate(pairs, start=1)
    ]


def hushed_steps(tx: Transaction, instance_id: str, now: datetime) -> frozenset[str]:
    """The steps in confidence of which no answer is counted yet."""
    return _hushed(_asked(tx, instance_id), now)


def _asked(tx: Transaction, instance_id: str) -> Sequence[AnyRow]:
    item, run = t.work_item, t.instance
    same = (run.c.agency_id == item.c.agency_id) & (run.c.id == item.c.instance_id)
    statement = (
        select(item.c.element_id, item.c.state, item.c.due_at, run.c.ended_at)
        .join(run, same)
        .where(
            item.c.agency_id == tx.agency_id,
            item.c.instance_id == instance_id,
            item.c.participation == CONFIDENCE,
        )
    )
    return tx.connection.execute(statement).all()


def _hushed(asked: Iterable[AnyRow], now: datetime) -> frozenset[str]:
    return frozenset(row.element_id for row in asked if _is_hushed(row, now))


def _is_hushed(row: AnyRow, now: datetime) -> bool:
    if row.ended_at is not None:
        return False
    return row.state == WorkItemState.OPEN or (row.due_at is not None and row.due_at > now)


def _read(event: AnyRow, body: Mapping[str, Any], number: int, *, is_secret: bool) -> Read:
    if not is_secret:
        return Read(number, event.at, event.action, event.hash, body)
    values = dict(body.get("values") or {}) if event.action == Action.WORK_OPENED else {}
    values.pop("item", None)
    named = {} if event.action in TOGETHER else {"actor": UNNAMED}
    masked = {**body, **named, "on_behalf_of": None, "values": values}
    at = event.at if event.action in {*TOGETHER, Action.WORK_COMPLETED} else _week(event.at)
    return Read(number, at, event.action, event.hash, masked)


def _week(at: datetime) -> datetime:
    return datetime.combine(week_of(at.astimezone(UTC).date()), time(), UTC)
