"""Works on demonstration cases as people would: through the same commands, one step at a time."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.demo.answers import fill
from api.demo.story import Story
from engine.commands.automatic import run_automatic
from engine.commands.complete import complete_work_item
from engine.commands.cycles import start_appraisal
from engine.commands.desk import Desk
from engine.commands.work_forms import open_form
from engine.domain.people import SYSTEM, Actor, AgencyId, EmployeeId, UnitFunction
from engine.domain.process import InstanceId
from engine.rules.deadlines import local_date
from engine.store import staffing, timers, work_items
from engine.store.work_items import WorkItemRow

FIRST_HOUR, LAST_HOUR = 8, 15


class StoryStuck(RuntimeError):
    """A story asks for a step that the diagram does not offer there."""


@dataclass(frozen=True)
class Player:
    """Plays cases of one cycle up to the instant `now`."""

    desk: Desk
    agency_id: AgencyId
    hr: Actor
    cycle_id: str
    zone: ZoneInfo
    now: datetime

    def play(self, employee_id: EmployeeId, story: Story, rng: random.Random) -> InstanceId:
        """Start the case of an employee and let it come as far as its story tells."""
        at = self._office_hour(story.begins(self.now), rng)
        instance_id = start_appraisal(
            self.desk, self.hr, cycle_id=self.cycle_id, employee_id=employee_id, now=at
        )
        for step in story.steps:
            at = max(at + timedelta(minutes=7), self._office_hour(at + story.pause(step), rng))
            at = min(at, self.now)
            self._let_time_pass(instance_id, at)
            self._complete(instance_id, employee_id, step, story, rng, at)
        self._let_time_pass(instance_id, self.now)
        return instance_id

    def _office_hour(self, at: datetime, rng: random.Random) -> datetime:
        """The same day at a time when people are at work, but never later than now."""
        local = at.astimezone(self.zone)
        hour, minute = rng.randint(FIRST_HOUR, LAST_HOUR), rng.randrange(60)
        moved = local.replace(hour=hour, minute=minute, second=rng.randrange(60), microsecond=0)
        return min(moved.astimezone(self.now.tzinfo), self.now)

    def _let_time_pass(self, instance_id: InstanceId, until: datetime) -> None:
        """Fire what comes due on the way, each at its own instant."""
        while True:
            with self.desk.store.reading(self.agency_id) as tx:
                waiting = timers.of_instance(tx, instance_id)
            if not waiting or waiting[0].due_at > until:
                return
            due = waiting[0].due_at
            fired = run_automatic(
                self.desk, self.agency_id, instance_id, lambda _step: True, by=SYSTEM, now=due
            )
            if not fired:
                raise StoryStuck(f"a timer of {instance_id} did not fire")

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
        answers = fill(opened, step, story, rng)
        done = complete_work_item(self.desk, actor, item_id=item.id, answers=answers, now=at)
        if done.held:
            raise StoryStuck(f"{story.key}: the case {instance_id} is held after {step}")

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
