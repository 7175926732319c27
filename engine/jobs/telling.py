"""Tells people what follows from work and events, without slowing down the steps that make them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.commands.recipients import of_function, of_role, once_a_day
from engine.domain.actions import Action
from engine.domain.notices import NoticeKind
from engine.domain.people import AgencyId, EmployeeId, UnitFunction
from engine.domain.separation import DECIDES_APPEAL
from engine.errors import NotFound
from engine.jobs.nobody import about_nobody
from engine.jobs.outbox import Parcel
from engine.store import instances, news, notices, results, submissions
from engine.store.database import Transaction
from engine.store.news import EventRow, OpenedWork

PAGE = 500
NEW_WORK, NEW_EVENTS = "new_work", "new_events"
# The operation of a diagram that leaves such parcels.
NOTIFY = "notify"
# How far behind the mark events are read again: no command takes longer.
LATE_EVENTS = timedelta(minutes=15)
FIRST_LOOK = timedelta(days=1)
ABOUT_RESULTS = {
    Action.RESULT_DELIVERED.value: NoticeKind.RESULT_DELIVERED,
    Action.RESULT_FINALISED.value: NoticeKind.RESULT_FINAL,
    Action.RESULT_VERSIONED.value: NoticeKind.APPEAL_DECIDED,
}
# The appraised person opened the result in the product: he knows it.
OPENED_BY_HIMSELF = "opened"
CLOSING = frozenset({Action.WORK_COMPLETED.value, Action.WORK_WITHDRAWN.value})
ACTIONS = (*ABOUT_RESULTS, Action.INCIDENT_OPENED.value, *CLOSING)


def tell_new_work(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = PAGE) -> int:
    """Tell everybody about work that was opened for him since the last round; how many notices.

    Work that only a unit function may do stands in the lists of the role; HR is told of it where
    nobody who serves the function may do it.
    """
    with desk.store.reading(agency_id) as tx:
        last, mark = news.last_work(tx), news.mark(tx, NEW_WORK)
    place, told = news.start_of(mark), 0
    while last and last != mark:
        with desk.store.transaction(agency_id) as tx:
            page = news.opened_work(tx, place, last, limit=limit)
            about = [notice for work in page for notice in _about(work)]
            told += tell(tx, [*about, *about_nobody(desk, tx, page, now=now)], now=now)
            place = page[-1].id if len(page) == limit else last
            news.advance(tx, NEW_WORK, max(place, mark))
        if place == last:
            break
    return told


def _about(work: OpenedWork) -> list[NewNotice]:
    persons = dict.fromkeys(filter(None, (work.assignee_id, work.offered_to)))
    key = f"{NoticeKind.NEW_WORK}:{work.id}"
    return [
        NewNotice(person, NoticeKind.NEW_WORK, key, work.id, work.instance_id) for person in persons
    ]


def tell_outcomes(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Tell the appraised person of results and of what was keyed in for him, and HR of held cases.

    How many notices were left. Notices of work that is done by now are taken as read.
    """
    with desk.store.transaction(agency_id) as tx:
        mark = news.mark(tx, NEW_EVENTS)
        since = datetime.fromisoformat(mark) - LATE_EVENTS if mark else now - FIRST_LOOK
        events = news.events_between(tx, since, now, ACTIONS)
        told = 0
        for event in events:
            closing = event.action in CLOSING
            about = _keyed_in(event) if closing else _outcome(desk, tx, event, now)
            told += tell(tx, about, now=now)
        notices.settle(tx, _closed_work(events), now=now)
        news.advance(tx, NEW_EVENTS, now.isoformat())
    return told


def _closed_work(events: Sequence[EventRow]) -> list[str]:
    """The work items that were done or withdrawn; their notices have served."""
    bodies = [json.loads(event.body) for event in events if event.action in CLOSING]
    found = (body.get("item") or body.get("values", {}).get("item") for body in bodies)
    return [item for item in found if isinstance(item, str)]


def _keyed_in(event: EventRow) -> list[NewNotice]:
    """Whoever signed on paper is to check what was keyed in; the work itself is done."""
    body = json.loads(event.body)
    if "paper_dated" not in body.get("values", {}):
        return []
    whose, key = EmployeeId(body["on_behalf_of"]), f"{NoticeKind.KEYED_IN}:{body['item']}"
    return [NewNotice(whose, NoticeKind.KEYED_IN, key, instance_id=event.chain_id)]


def _outcome(desk: Desk, tx: Transaction, event: EventRow, now: datetime) -> list[NewNotice]:
    try:
        case = instances.get(tx, event.chain_id)
    except NotFound:
        return []
    if event.action == Action.INCIDENT_OPENED:
        holders = of_function(desk, tx, UnitFunction.HR, case.unit_id, now=now)
        return once_a_day(desk, tx, holders, NoticeKind.INCIDENT, now=now)
    values, kind = json.loads(event.body).get("values", {}), ABOUT_RESULTS[event.action]
    if values.get("kind") == OPENED_BY_HIMSELF:
        return []
    if kind is NoticeKind.APPEAL_DECIDED and not _followed_an_appeal(tx, event):
        return []
    key = f"{event.action}:{event.chain_id}:{event.n}"
    return [NewNotice(case.subject_id, kind, key, instance_id=case.id)]


def _followed_an_appeal(tx: Transaction, event: EventRow) -> bool:
    """Whether an appeal was decided between the version before and the one that the event made."""
    version = json.loads(event.body)["values"]["version"]
    versions = results.of_instance(tx, event.chain_id)
    before = [row.decided_at for row in versions if row.version < version]
    decided = [
        sent.at
        for sent in submissions.of_instance(tx, event.chain_id)
        if sent.participation == DECIDES_APPEAL
    ]
    return bool(before) and any(before[-1] < at <= event.at for at in decided)


@dataclass(frozen=True)
class NotifyCourier:
    """Carries what a diagram asks to be told to the role that it names, as notices."""

    desk: Desk
    clock: Callable[[], datetime]

    def deliver(self, parcel: Parcel) -> None:
        """Leave the notices; who serves a function hears once a day."""
        now, instance_id = self.clock(), str(parcel.values["instance"])
        with self.desk.store.transaction(parcel.agency_id) as tx:
            role = str(parcel.values.get("role"))
            found = of_role(self.desk, tx, instance_id, role, now=now)
            if found.by_function:
                daily = once_a_day(self.desk, tx, found.persons, NoticeKind.CASE_NEWS, now=now)
                tell(tx, daily, now=now)
                return
            key = f"{NOTIFY}:{parcel.key}"
            kind = NoticeKind.CASE_NEWS
            single = [NewNotice(who, kind, key, instance_id=instance_id) for who in found.persons]
            tell(tx, single, now=now)
