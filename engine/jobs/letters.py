"""Letters to people outside the product: planned from notices, carried by senders of a channel.

A letter says how many tasks wait, never whose or what they say. It goes out again under the same
number until its server takes it, and never when it tells nothing new.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from engine.commands.contacts import CODE, DIGEST, opt_out_token, send_letters
from engine.commands.desk import Desk
from engine.domain.notices import (
    TOPICS,
    Channel,
    DeliveryStatus,
    NoticeKind,
    Pace,
    sending_time,
)
from engine.domain.people import AgencyId, EmployeeId
from engine.errors import Erased
from engine.jobs.outbox import Parcel
from engine.store import agencies, contacts, letters, news, notices, sealing
from engine.store.contacts import ContactRow
from engine.store.database import Transaction
from engine.store.letters import LetterRow
from engine.store.news import WantedNotice

PAGE = 500
MARK = "letters"
# What should have gone out longer ago, while no letters were sent at all, stays in the product.
STALE = timedelta(days=1)
# After so long nobody tries a letter any more.
GIVE_UP = timedelta(days=3)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
GAVE_UP, CHANNEL_OFF, NOTHING_NEW, NO_ADDRESS = (
    "gave_up",
    "channel_off",
    "nothing_new",
    "no_address",
)


class Undeliverable(Exception):
    """This letter will never arrive; `code` says why, as in "smtp_550".

    `wrong_address`: nor will any other at this address.
    """

    def __init__(self, code: str, *, wrong_address: bool = False) -> None:
        super().__init__(f"undeliverable: {code}")
        self.code, self.wrong_address = code, wrong_address


class Delayed(Exception):
    """The letter may be taken later; `code` says what was in the way, as in "smtp_451"."""

    def __init__(self, code: str) -> None:
        super().__init__(f"not taken now: {code}")
        self.code = code


@dataclass(frozen=True)
class Letter:
    """What a sender needs; `id` stays the same when the letter goes out again.

    `figures` are open, overdue and unread; `code` only proves an address.
    """

    id: str
    address: str
    language: str
    at: datetime
    figures: Mapping[str, int]
    opt_out: str
    code: str | None = None


class Sender(Protocol):
    """One way out of the product."""

    def send(self, letter: Letter) -> None:
        """Hand over the letter. Raises Undeliverable for good, anything else for now."""


def plan_letters(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = PAGE) -> int:
    """Plan when new notices go out, for everybody who has proved an address; how many letters."""
    with desk.store.reading(agency_id) as tx:
        last, mark, zone = news.last_notice(tx), news.mark(tx, MARK), agencies.current(tx).zone
    place, planned = news.start_of(mark), 0
    while last and last != mark:
        with desk.store.transaction(agency_id) as tx:
            page = news.wanted_notices(tx, place, last, limit=limit)
            planned += send_letters(tx, _slots(tx, page, zone, now), now=now)
            # The last notice of a full page may have a second channel.
            is_full = len(page) == limit and page[0].id != page[-1].id
            place = page[-2].id if is_full else last
            news.advance(tx, MARK, max(place, mark))
        if place == last:
            break
    return planned


def _slots(
    tx: Transaction, page: Sequence[WantedNotice], zone: str, now: datetime
) -> list[tuple[EmployeeId, str, str, datetime]]:
    wanted = contacts.preferences(tx, {notice.recipient_id for notice in page}) if page else ()
    paces = {(row.employee_id, row.channel, row.topic): Pace(row.pace) for row in wanted}
    slots: dict[tuple[EmployeeId, str, str, datetime], None] = {}
    for notice in page:
        kind = NoticeKind(notice.kind)
        pace = paces.get((notice.recipient_id, notice.channel, TOPICS[kind]), Pace.USUAL)
        due_at = sending_time(kind, pace, notice.created_at, zone)
        if due_at and due_at > now - STALE:
            slots[notice.recipient_id, notice.channel, DIGEST, due_at] = None
    return list(slots)


@dataclass(frozen=True)
class LetterCourier:
    """Carries planned letters to the sender of their channel, and notes what became of them."""

    desk: Desk
    senders: Mapping[Channel, Sender]
    clock: Callable[[], datetime]

    def deliver(self, parcel: Parcel) -> None:
        """Deliver, or raise what was in the way; the letter then comes again later."""
        now = self.clock()
        with self.desk.store.transaction(parcel.agency_id) as tx:
            ready = self._ready(tx, parcel, now)
        if ready is None:
            return
        row, sender, letter = ready
        try:
            sender.send(letter)
        except Undeliverable as error:
            self._fail(parcel.agency_id, row, error, now)
        except Exception as error:
            code = getattr(error, "code", type(error).__name__)
            if now - row.due_at >= GIVE_UP:
                self._fail(parcel.agency_id, row, Undeliverable(GAVE_UP), now)
                return
            self._save(parcel.agency_id, replace(row, attempts=row.attempts + 1, last_error=code))
            raise
        else:
            self._save(
                parcel.agency_id,
                replace(
                    row, status=DeliveryStatus.SENT.value, attempts=row.attempts + 1, at=now,
                    last_error=None,
                ),
            )  # fmt: skip

    def _ready(
        self, tx: Transaction, parcel: Parcel, now: datetime
    ) -> tuple[LetterRow, Sender, Letter] | None:
        person = EmployeeId(str(parcel.values["recipient"]))
        channel, slot = str(parcel.values["channel"]), str(parcel.values["slot"])
        row = letters.find(tx, person, channel, slot)
        if row is None or row.status != DeliveryStatus.QUEUED:
            return None
        contact, sender = contacts.find(tx, person, channel), self.senders.get(Channel(channel))
        is_code = slot.startswith(CODE)
        reason = _why_not(contact, sender, is_code=is_code)
        if not (reason or is_code or row.content):
            row = _written(tx, row, now)
            reason = None if _figures(row)["unread"] else NOTHING_NEW
        opened = _opened(tx, row, contact, is_code=is_code) if contact and not reason else None
        if opened is None or sender is None:
            letters.save(tx, _suppressed(row, reason or NO_ADDRESS, now))
            return None
        letters.save(tx, row)
        return row, sender, opened

    def _fail(
        self, agency_id: AgencyId, row: LetterRow, error: Undeliverable, now: datetime
    ) -> None:
        """Mark the letter, and a wrong address: the person and HR see that nothing arrives."""
        failed = replace(row, status=DeliveryStatus.FAILED.value, last_error=error.code, at=now)
        with self.desk.store.transaction(agency_id) as tx:
            letters.save(tx, replace(failed, attempts=row.attempts + 1))
            contact = contacts.lock(tx, row.recipient_id, row.channel)
            if error.wrong_address and contact and contact.changed_at <= row.at:
                contacts.put(tx, replace(contact, failure=error.code))

    def _save(self, agency_id: AgencyId, row: LetterRow) -> None:
        with self.desk.store.transaction(agency_id) as tx:
            letters.save(tx, row)


def _why_not(contact: ContactRow | None, sender: Sender | None, *, is_code: bool) -> str | None:
    if sender is None:
        return CHANNEL_OFF
    if contact is None or contact.failure:
        return NO_ADDRESS
    if is_code:
        return None if contact.code_sealed else NO_ADDRESS
    return None if contact.verified_at else NO_ADDRESS


def _written(tx: Transaction, row: LetterRow, now: datetime) -> LetterRow:
    """The letter with its figures as they are now, for good."""
    since = letters.covered_until(tx, row.recipient_id, row.channel) or BEGINNING
    waiting = letters.waiting(tx, row.recipient_id, now=now)
    figures = {
        "unread": notices.unread_since(tx, row.recipient_id, since),
        "open": waiting.open if waiting else 0,
        "overdue": waiting.overdue if waiting else 0,
    }
    return replace(row, content=json.dumps(figures), covers_until=row.due_at, at=now)


def _figures(row: LetterRow) -> dict[str, int]:
    found: dict[str, int] = json.loads(row.content or "{}")
    return found


def _suppressed(row: LetterRow, reason: str, now: datetime) -> LetterRow:
    return replace(row, status=DeliveryStatus.SUPPRESSED.value, last_error=reason, at=now)


def _opened(
    tx: Transaction, row: LetterRow, contact: ContactRow, *, is_code: bool
) -> Letter | None:
    key = sealing.get_key(tx, contact.key_id)
    try:
        address = sealing.open_sealed(key, contact.address_sealed).decode()
        sealed = contact.code_sealed if is_code else None
        code = sealing.open_sealed(key, sealed).decode() if sealed else None
        token = opt_out_token(tx, contact)
    except Erased:
        return None
    return Letter(row.id, address, contact.language, row.at, _figures(row), token, code)
