"""How a person is reached outside the product and what arrived; what other programs were told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.notices import Channel, DeliveryStatus, Pace, Topic
from engine.domain.people import Actor
from engine.errors import Erased, Forbidden
from engine.store import contacts, letters, sealing
from engine.store import tables as t
from engine.store.contacts import ContactRow
from engine.store.database import Transaction
from engine.store.letters import LetterRow

LAST_LETTERS = 5
LOG_PAGE = 50


@dataclass(frozen=True)
class Way:
    """One channel as its owner sees it; `address` is empty until he gives one."""

    channel: Channel
    address: str
    waits_for_code: bool
    verified: bool
    failure: str | None
    paces: Mapping[Topic, Pace]
    letters: tuple[LetterRow, ...] = ()


@dataclass(frozen=True)
class LogRow:
    """One event for another program; `event` and `target` are codes."""

    id: str
    target: str
    event: str
    created_at: datetime
    status: DeliveryStatus
    attempts: int
    last_error: str | None


@dataclass(frozen=True)
class WebhookLog:
    """A page of the log, newest first; `after` is the id of its last row when more follow."""

    rows: tuple[LogRow, ...]
    after: str | None = None


def ways_of(tx: Transaction, actor: Actor, channels: tuple[Channel, ...]) -> tuple[Way, ...]:
    """The channels of the installation as the actor set them up."""
    known = {row.channel: row for row in contacts.of_person(tx, actor.employee_id)}
    wanted = contacts.preferences(tx, [actor.employee_id])
    paces = {(row.channel, row.topic): Pace(row.pace) for row in wanted}
    return tuple(
        _way(
            tx, actor, channel, known.get(channel),
            {topic: paces.get((channel, topic), Pace.USUAL) for topic in Topic},
        )
        for channel in channels
    )  # fmt: skip


def webhook_log(tx: Transaction, actor: Actor, after: str = "") -> WebhookLog:
    """What other programs were told, newest first; an unknown `after` shows the beginning.

    Raises Forbidden.
    """
    verdict = can(actor, Verb.READ_DELIVERIES, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(Verb.READ_DELIVERIES.value, verdict.reason.value)
    log = t.webhook_delivery.c
    shown = (
        log.id,
        log.target,
        log.event,
        log.created_at,
        log.status,
        log.attempts,
        log.last_error,
    )
    statement = select(*shown).where(log.agency_id == tx.agency_id)
    last = tx.connection.execute(statement.where(log.id == after)).first() if after else None
    if last:
        same = and_(log.created_at == last.created_at, log.id < last.id)
        statement = statement.where(or_(log.created_at < last.created_at, same))
    page = statement.order_by(log.created_at.desc(), log.id.desc()).limit(LOG_PAGE + 1)
    found = tx.connection.execute(page).all()
    rows = tuple(LogRow(*row[:4], DeliveryStatus(row.status), *row[5:]) for row in found[:LOG_PAGE])
    return WebhookLog(rows, rows[-1].id if len(found) > LOG_PAGE else None)


def _way(
    tx: Transaction,
    actor: Actor,
    channel: Channel,
    row: ContactRow | None,
    paces: Mapping[Topic, Pace],
) -> Way:
    if row is None:
        return Way(channel, "", False, False, None, paces)
    try:
        address = sealing.open_sealed(sealing.get_key(tx, row.key_id), row.address_sealed).decode()
    except Erased:
        address = ""
    sent = letters.newest(tx, actor.employee_id, channel, limit=LAST_LETTERS)
    return Way(
        channel, address, row.code_sealed is not None, row.verified_at is not None, row.failure,
        paces, sent,
    )  # fmt: skip
