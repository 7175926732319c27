"""What background work would have done meanwhile, evening after evening."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.jobs.extending import cancel_unfinished, extend_deadlines
from engine.jobs.launching import continue_launches
from engine.jobs.letters import plan_letters
from engine.jobs.notices import escalate_overdue, send_reminders
from engine.jobs.outbox import Parcel, deliver_outbox
from engine.jobs.telling import NOTIFY, NotifyCourier, tell_new_work, tell_outcomes
from engine.jobs.transfers import carry_out_transfers, rescue_work

ROUND = (
    carry_out_transfers,
    rescue_work,
    continue_launches,
    extend_deadlines,
    cancel_unfinished,
    send_reminders,
    escalate_overdue,
    tell_new_work,
    tell_outcomes,
    plan_letters,
)


class _Inside:
    """A courier for days gone by: notices reach their readers, nothing leaves the product."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self._notices = NotifyCourier(desk, lambda: now)

    def deliver(self, parcel: Parcel) -> None:
        """What a diagram asks to be told becomes a notice."""
        if parcel.topic == NOTIFY:
            self._notices.deliver(parcel)


def one_round(desk: Desk, agency_id: AgencyId, now: datetime) -> None:
    """Everything that is due at this instant."""
    for job in ROUND:
        job(desk, agency_id, now=now)
    while deliver_outbox(desk, agency_id, _Inside(desk, now), now=now):
        pass


def rounds(desk: Desk, agency_id: AgencyId, instants: Iterable[datetime]) -> Iterator[datetime]:
    """One round at each instant."""
    for at in instants:
        yield at
        one_round(desk, agency_id, at)
