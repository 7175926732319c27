"""The closed list of background work: what is due, and how often somebody looks for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.jobs.daily_logs import (
    assign_daily_logs,
    lock_log_months,
    remind_of_log_answers,
)
from engine.jobs.extending import cancel_unfinished, extend_deadlines
from engine.jobs.follow_ups import remind_of_follow_ups
from engine.jobs.forgetting import forget_expired
from engine.jobs.kept_messages import deliver_kept_messages
from engine.jobs.launching import continue_launches
from engine.jobs.letters import plan_letters
from engine.jobs.monthly import open_months
from engine.jobs.notices import escalate_overdue, send_reminders
from engine.jobs.outbox import Courier, deliver_outbox
from engine.jobs.telling import tell_new_work, tell_outcomes
from engine.jobs.timers import fire_due_timers
from engine.jobs.transfers import carry_out_transfers, forget_unconfirmed, rescue_work
from engine.jobs.webhooks import derive_webhooks

# How long something due may wait at most before anybody looks.
EACH_ROUND = timedelta(seconds=5)
NOTICE_INTERVAL = timedelta(minutes=5)
# What looks at everybody.
HALF_HOUR = timedelta(minutes=30)


class Batch(Protocol):
    """One round of a job for one agency; done twice or not at all it does no harm."""

    def __call__(self, desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
        """Do what is due; how many things were done."""


@dataclass(frozen=True)
class Job:
    """One kind of background work; `interval` is the pause between two looks for it.

    `in_batches`: one call does a bounded part, so it is called again until nothing is left.
    """

    name: str
    function: Batch
    interval: timedelta
    in_batches: bool = False


JOBS: tuple[Job, ...] = (
    Job("fire_due_timers", fire_due_timers, EACH_ROUND, in_batches=True),
    Job("continue_launches", continue_launches, EACH_ROUND),
    Job("extend_deadlines", extend_deadlines, EACH_ROUND, in_batches=True),
    Job("cancel_unfinished", cancel_unfinished, EACH_ROUND, in_batches=True),
    Job("open_months", open_months, NOTICE_INTERVAL, in_batches=True),
    Job("assign_daily_logs", assign_daily_logs, HALF_HOUR),
    Job("lock_log_months", lock_log_months, HALF_HOUR, in_batches=True),
    Job("remind_of_log_answers", remind_of_log_answers, HALF_HOUR),
    Job("deliver_kept_messages", deliver_kept_messages, NOTICE_INTERVAL),
    Job("send_reminders", send_reminders, NOTICE_INTERVAL),
    Job("escalate_overdue", escalate_overdue, NOTICE_INTERVAL),
    Job("remind_of_follow_ups", remind_of_follow_ups, NOTICE_INTERVAL),
    Job("tell_new_work", tell_new_work, NOTICE_INTERVAL),
    Job("tell_outcomes", tell_outcomes, NOTICE_INTERVAL),
    Job("plan_letters", plan_letters, NOTICE_INTERVAL),
    Job("derive_webhooks", derive_webhooks, NOTICE_INTERVAL),
    Job("forget_expired", forget_expired, NOTICE_INTERVAL, in_batches=True),
    Job("carry_out_transfers", carry_out_transfers, EACH_ROUND),
    Job("rescue_work", rescue_work, NOTICE_INTERVAL),
    Job("forget_unconfirmed", forget_unconfirmed, NOTICE_INTERVAL),
)


def jobs_with(courier: Courier) -> tuple[Job, ...]:
    """All jobs; deliveries come last, so that what the others left goes out in the same round."""
    deliver: Callable[..., int] = partial(deliver_outbox, courier=courier)
    return (*JOBS, Job("deliver_outbox", deliver, EACH_ROUND, in_batches=True))
