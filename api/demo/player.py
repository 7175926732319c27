"""Works on demonstration cases as people would: through the same commands, one step at a time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.demo.answers import fill
from api.demo.registers import register
from api.demo.story import Story
from engine.commands.appeals import WITHDRAW, withdraw_appeal
from engine.commands.automatic import run_automatic
from engine.commands.complete import complete_work_item
from engine.commands.cycles import start_appraisal
from engine.commands.desk import Desk
from engine.commands.evidence import store_evidence
from engine.commands.notices import read_all_notices
from engine.commands.work_forms import open_form
from engine.domain.people import SYSTEM, Actor, AgencyId, EmployeeId, UnitFunction
from engine.domain.process import InstanceId
from engine.rules.deadlines import local_date
from engine.store import appraisals, staffing, timers, work_items
from engine.store.work_items import WorkItemRow

FIRST_HOUR, LAST_HOUR = 8, 15
# How often somebody who works also looks at his notices.
READ = 0.3
# So long before the end of the window the two steps are done.
LAST_MINUTES = {"notify_ack": timedelta(minutes=4), "file_appeal": timedelta(minutes=1)}


class StoryStuck(RuntimeError):
    """A story asks for a step that the diagram does not offer there."""


@dataclass(frozen=True)
class Player:
    """Plays cases of one cycle up to the instant `now`, as one of several who live side by side."""

    desk: Desk
    agency_id: AgencyId
    hr: Actor
    cycle_id: str
    zone: ZoneInfo
    now: datetime

    def play(
        self, employee_id: EmployeeId, story: Story, rng: random.Random, *, begins: datetime
    ) -> Iterator[datetime]:
        """Let a case come as far as its story tells; each instant is given before it is lived.

        The case is started here unless a launch did it before.
        """
        at = self._office_hour(begins, rng)
        yield at
        instance_id = self._launched(employee_id) or start_appraisal(
            self.desk, self.hr, cycle_id=self.cycle_id, employee_id=employee_id, now=at
        )
        for step in story.steps:
            at = max(at + timedelta(minutes=7), self._office_hour(at + story.pause(step), rng))
            if story.at_the_last_minute and step in LAST_MINUTES:
                at = self._window_ends(instance_id) - LAST_MINUTES[step]
            at = min(at, self.now)
            yield from self._time_passes(instance_id, at)
            self._do(instance_id, employee_id, step, story, rng, at)
        yield from self._time_passes(instance_id, self.now)

    def _launched(self, employee_id: EmployeeId) -> InstanceId | None:
        with self.desk.store.reading(self.agency_id) as tx:
            own = appraisals.of_employee(tx, employee_id)
        return next(
            (InstanceId(row.instance_id) for row in own if row.cycle_id == self.cycle_id), None
        )

    def _window_ends(self, instance_id: InstanceId) -> datetime:
        with self.desk.store.reading(self.agency_id) as tx:
            return timers.of_instance(tx, instance_id)[0].due_at

    def _office_hour(self, at: datetime, rng: random.Random) -> datetime:
        """The same day at a time when people are at work, but never later than now."""
        local = at.astimezone(self.zone)
        hour, minute = rng.randint(FIRST_HOUR, LAST_HOUR), rng.randrange(60)
        moved = local.replace(hour=hour, minute=minute, second=rng.randrange(60), microsecond=0)
        return min(moved.astimezone(self.now.tzinfo), self.now)

    def _time_passes(self, instance_id: InstanceId, until: datetime) -> Iterator[datetime]:
        """Fire what comes due on the way, each at its own instant; at last it is `until`."""
        while True:
            with self.desk.store.reading(self.agency_id) as tx:
                waiting = timers.of_instance(tx, instance_id)
            if not waiting or waiting[0].due_at > until:
                break
            due = waiting[0].due_at
            yield due
            run_automatic(
                self.desk, self.agency_id, instance_id, lambda _step: True, by=SYSTEM, now=due
            )
        yield until

    def _do(
        self,
        instance_id: InstanceId,
        employee_id: EmployeeId,
        step: str,
        story: Story,
        rng: random.Random,
        at: datetime,
    ) -> None:
        if step == WITHDRAW:
            actor = self.seat(employee_id, at)
            withdraw_appeal(self.desk, actor, instance_id=instance_id, now=at)
        else:
            self._complete(instance_id, employee_id, step, story, rng, at)

    def seat(self, employee_id: EmployeeId, at: datetime) -> Actor:
        """The person as an actor, with the duties of that day."""
        with self.desk.store.reading(self.agency_id) as tx:
            return staffing.actor(tx, employee_id, local_date(at, self.desk.calendar(tx, at)))

    def _complete(
        self,
        instance_id: InstanceId,
        subject_id: EmployeeId,
        step: str,
        story: Story,
        rng: random.Random,
        at: datetime,
    ) -> None:
        with self.desk.store.reading(self.agency_id) as tx:
            waiting = work_items.open_of_instance(tx, instance_id)
        item = next((item for item in waiting if item.element_id == step), None)
        if item is None:
            offered = [item.element_id for item in waiting]
            raise StoryStuck(f"{story.key}: {step} is not open, but {offered}")
        on_paper = step == "deliver_result" and story.paper
        actor = self._actor(item, subject_id, by_duty=on_paper, at=at)
        opened = open_form(self.desk, actor, item_id=item.id, language="id", now=at)
        files = self._upload(actor, item.id, at) if step in story.uploads else ()
        answers = fill(opened, step, story, rng, files)
        done = complete_work_item(self.desk, actor, item_id=item.id, answers=answers, now=at)
        if done.held:
            raise StoryStuck(f"{story.key}: the case {instance_id} is held after {step}")

        if rng.random() < READ:
            read_all_notices(self.desk, actor, now=at)

    def _upload(self, actor: Actor, item_id: str, at: datetime) -> tuple[str, ...]:
        """A workbook as evidence, as people have it from their registers."""
        content, name = register(at), f"register-kegiatan-{at:%Y-%m}.xlsx"
        return (
            store_evidence(self.desk, actor, item_id=item_id, name=name, content=content, now=at),
        )

    def _actor(
        self, item: WorkItemRow, subject_id: EmployeeId, *, by_duty: bool, at: datetime
    ) -> Actor:
        with self.desk.store.reading(self.agency_id) as tx:
            on = local_date(at, self.desk.calendar(tx, at))
            if item.assignee_id and not by_duty:
                return staffing.actor(tx, item.assignee_id, on)
            holders = staffing.duty_holders(tx, UnitFunction(item.function or "hr"), on)
            # Nobody records his own delivery on paper.
            free = next(person for person in holders if person != subject_id)
            return staffing.actor(tx, free, on)
