"""Tells other programs what happened, by ids: derived from the trail, carried by the outbox."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson

from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.domain.audit import instant_text
from engine.domain.confidence import is_sealed
from engine.domain.notices import DeliveryStatus
from engine.domain.people import AgencyId
from engine.domain.process import DefinitionId
from engine.domain.webhooks import EVENTS, EventKind, Listener
from engine.jobs.letters import GAVE_UP, GIVE_UP, Undeliverable
from engine.jobs.outbox import Parcel
from engine.jobs.telling import LATE_EVENTS
from engine.store import news, outbox, webhook_deliveries
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.news import EventRow
from engine.store.outbox import OutboxRow
from engine.store.webhook_deliveries import WebhookRow

WEBHOOK, MARK = "webhook", "webhooks"
# So much of the trail is read in one transaction.
STRETCH = timedelta(hours=1)
NO_TARGET = "no_target"
ACTIONS = tuple(action.value for action in EVENTS)
# What a receiver is told of an event: ids of ours, by our names for them.
IDS = {"case": "instance", "work_item": "item", "element": "element"}


class Poster(Protocol):
    """Brings one event to the target of this name."""

    def post(self, target: str, delivery_id: str, body: str) -> None:
        """Bring it, or raise; Undeliverable when it must not come again."""


def derive_webhooks(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Plan what the listeners of the agency are told of the trail; how many deliveries.

    The first round starts with the present: nobody is told the past.
    """
    listeners = [found for found in desk.listeners if found.agency_id in (None, agency_id)]
    if not listeners:
        return 0
    with desk.store.reading(agency_id) as tx:
        mark = news.mark(tx, MARK)
    since = datetime.fromisoformat(mark) if mark else now
    planned = 0
    while True:
        until = min(since + STRETCH, now)
        with desk.store.transaction(agency_id) as tx:
            events = news.events_between(tx, since - LATE_EVENTS if mark else since, until, ACTIONS)
            planned += _plan(tx, _tellable(desk, tx, events), listeners, now)
            news.advance(tx, MARK, until.isoformat())
        if until >= now:
            return planned
        since = until


def _tellable(
    desk: Desk, tx: Transaction, events: Sequence[EventRow]
) -> Iterator[tuple[EventRow, Mapping[str, Any]]]:
    """The events with what they say; of work in confidence that it opened, and not which."""
    for event in events:
        body = json.loads(event.body)
        if not _is_in_confidence(desk, tx, body):
            yield event, body
        elif event.action == Action.WORK_OPENED:
            yield event, {**body, "values": {}}


def _is_in_confidence(desk: Desk, tx: Transaction, body: Mapping[str, Any]) -> bool:
    """Whether the step takes answers in confidence; also where its diagram is damaged."""
    if not body.get("element") or not body.get("definition"):
        return False
    definition = desk.definitions.find(tx, DefinitionId(body["definition"]))
    return definition is None or is_sealed(definition.properties_of(body["element"]))


def _plan(
    tx: Transaction,
    events: Iterable[tuple[EventRow, Mapping[str, Any]]],
    listeners: Sequence[Listener],
    now: datetime,
) -> int:
    rows = [
        _row(tx.agency_id, (event, told), kind, listener.name, now)
        for event, told in events
        for kind in EVENTS[Action(event.action)]
        for listener in listeners
        if listener.hears(tx.agency_id, kind)
    ]
    count = webhook_deliveries.plan(tx, rows)
    outbox.put(tx, [_parcel(row, now) for row in rows])
    return count


def _row(
    agency_id: AgencyId,
    told: tuple[EventRow, Mapping[str, Any]],
    kind: EventKind,
    target: str,
    now: datetime,
) -> WebhookRow:
    (event, sealed), delivery_id = told, new_id()
    values = sealed.get("values", {})
    ids = {name: sealed.get(key) or values.get(key) for name, key in IDS.items()}
    body = {"event": kind.value, "at": instant_text(event.at), "agency": agency_id}
    if event.chain_id.startswith("cycle/"):
        body["cycle"] = event.chain_id.removeprefix("cycle/")
    body |= {name: found for name, found in ids.items() if isinstance(found, str)}
    source = f"{event.chain_id}:{event.n}:{kind}"
    text = orjson.dumps(body).decode()
    return WebhookRow(delivery_id, target, kind.value, source, text, now, now)


def _parcel(row: WebhookRow, now: datetime) -> OutboxRow:
    """By target and source: planned twice it stays one, under the number planned first."""
    values = orjson.dumps({"target": row.target, "source": row.source}).decode()
    return OutboxRow(new_id(), WEBHOOK, values, f"{WEBHOOK}:{row.target}:{row.source}", now)


@dataclass(frozen=True)
class WebhookCourier:
    """Carries planned deliveries to their targets, and notes what became of them."""

    desk: Desk
    poster: Poster
    clock: Callable[[], datetime]

    def deliver(self, parcel: Parcel) -> None:
        """Deliver, or raise what was in the way; the delivery then comes again later."""
        target, source = str(parcel.values["target"]), str(parcel.values["source"])
        with self.desk.store.reading(parcel.agency_id) as tx:
            row = webhook_deliveries.find(tx, target, source)
        if row is None or row.status != DeliveryStatus.QUEUED:
            return
        tried = replace(row, attempts=row.attempts + 1, at=self.clock())
        if target not in {listener.name for listener in self.desk.listeners}:
            self._save(parcel, tried, DeliveryStatus.SUPPRESSED, NO_TARGET)
            return
        try:
            self.poster.post(target, row.id, row.body)
        except Undeliverable as error:
            self._save(parcel, tried, DeliveryStatus.FAILED, error.code)
        except Exception as error:
            code = getattr(error, "code", type(error).__name__)
            if tried.at - row.created_at >= GIVE_UP:
                self._save(parcel, tried, DeliveryStatus.FAILED, GAVE_UP)
                return
            self._save(parcel, tried, DeliveryStatus.QUEUED, code)
            raise
        else:
            self._save(parcel, tried, DeliveryStatus.SENT, None)

    def _save(
        self, parcel: Parcel, row: WebhookRow, status: DeliveryStatus, error: str | None
    ) -> None:
        with self.desk.store.transaction(parcel.agency_id) as tx:
            webhook_deliveries.save(tx, replace(row, status=status.value, last_error=error))
