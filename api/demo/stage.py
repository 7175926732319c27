"""The office in which the demonstration happens: who is who, and what cases they have."""

from dataclasses import dataclass
from datetime import datetime

from api.demo.days import Days
from api.demo.regency import Regency
from engine.commands.desk import Desk
from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.rules.deadlines import local_date
from engine.store import appraisals, staffing, work_items
from engine.store.work_items import WorkItemRow


@dataclass(frozen=True)
class Stage:
    """An agency with its people, seen from the desk."""

    desk: Desk
    agency_id: AgencyId
    regency: Regency
    days: Days
    seed: int

    def holder(self, *posts: str) -> EmployeeId | None:
        """Who holds the first of these posts that there is; small regencies lack some."""
        holders = self.regency.holders
        return next((holders[post] for post in posts if post in holders), None)

    def is_in_post(self, employee_id: EmployeeId) -> bool:
        """Whether somebody had the post when the agency began with the product."""
        first = self.days.founded.date()
        held = (row for row in self.regency.assignments if row.employee_id == employee_id)
        return any(row.starts < first for row in held)

    def seat(self, employee_id: EmployeeId, at: datetime) -> Actor:
        """A person as an actor, with the duties of that day."""
        with self.desk.store.reading(self.agency_id) as tx:
            return staffing.actor(tx, employee_id, local_date(at, self.desk.calendar(tx, at)))

    def hr(self, at: datetime) -> Actor:
        """The HR officer."""
        return self.seat(self.regency.holders["hr"], at)

    def case_of(self, employee_id: EmployeeId, cycle_id: str) -> str | None:
        """The case of a person in a cycle."""
        with self.desk.store.reading(self.agency_id) as tx:
            own = appraisals.of_employee(tx, employee_id)
        return next((row.instance_id for row in own if row.cycle_id == cycle_id), None)

    def open_item(self, employee_id: EmployeeId, cycle_id: str) -> WorkItemRow | None:
        """What the case of a person waits for."""
        instance_id = self.case_of(employee_id, cycle_id)
        if instance_id is None:
            return None
        with self.desk.store.reading(self.agency_id) as tx:
            return next(iter(work_items.open_of_instance(tx, instance_id)), None)
