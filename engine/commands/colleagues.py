"""Whom a case may ask about its person: whom the system suggests, and why somebody is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from engine.commands.case_data import appraised_post, superiors_of_case
from engine.domain.colleagues import (
    SAME_TEAM,
    SUBORDINATE,
    Colleague,
    Limits,
    Unfit,
    months_before,
)
from engine.domain.people import Assignment, EmployeeId
from engine.queries.colleagues import asked_in, directly_below, in_unit
from engine.store import cycles, people, populations
from engine.store.database import Transaction
from engine.store.instances import InstanceRow


@dataclass(frozen=True)
class Company:
    """The people around the person of a case on a day; `began` is the day of its beginning."""

    tx: Transaction
    instance: InstanceRow
    limits: Limits
    on: date
    began: date

    @cached_property
    def post(self) -> Assignment | None:
        """The appraised post."""
        cycle = cycles.get(self.tx, self.instance.cycle_id)
        return appraised_post(self.tx, self.instance.subject_id, cycle, self.began)

    @cached_property
    def _above(self) -> frozenset[EmployeeId | None]:
        chain = superiors_of_case(self.tx, self.instance, self.on, began=self.began)
        return frozenset(superior.employee_id for superior in chain)

    @cached_property
    def _team(self) -> Mapping[EmployeeId, Colleague]:
        found = in_unit(self.tx, self.post.unit_id, self.on) if self.post else ()
        return {one.employee_id: one for one in found}

    @cached_property
    def staff(self) -> Mapping[EmployeeId, Colleague]:
        """Who stands directly below."""
        found = directly_below(self.tx, self.post.position_id, self.on) if self.post else ()
        return {one.employee_id: one for one in found}

    @cached_property
    def _pairs(self) -> frozenset[frozenset[EmployeeId]]:
        return populations.conflicting_pairs(self.tx)

    def suggested(self) -> list[dict[str, object]]:
        """Rows of those who may be asked, who is asked least first: peers, then the staff."""
        staff = self.staff if self.limits.subordinates else {}
        peers = {key: one for key, one in self._team.items() if key not in self.staff}
        return [
            {"nip": one.nip, "name": one.name, "relation": relation}
            for group, relation in ((peers, SAME_TEAM), (staff, SUBORDINATE))
            for one in self._fit(group, relation)[: self.limits.at_most]
        ]

    def _fit(self, group: Mapping[EmployeeId, Colleague], relation: str) -> list[Colleague]:
        asked = asked_in(self.tx, self.instance.cycle_id, list(group))
        found = [one for key, one in group.items() if self._unfit(key, relation, asked) is None]
        return sorted(found, key=lambda one: (asked.get(one.employee_id, 0), one.name))

    def unfit(self, nip: str, relation: str) -> Unfit | None:
        """Why the person with this NIP is not asked in this relation, None when he may be."""
        person = people.employee_by_nip(self.tx, nip)
        if person is None or person.id not in people.employees_in_service(self.tx, [person.id]):
            return Unfit.UNKNOWN
        asked = asked_in(self.tx, self.instance.cycle_id, [person.id])
        return self._unfit(person.id, relation, asked)

    def _unfit(
        self, person: EmployeeId, relation: str, asked: Mapping[EmployeeId, int]
    ) -> Unfit | None:
        subject = self.instance.subject_id
        if person == subject:
            return Unfit.OWN
        if person in self._above:
            return Unfit.ABOVE
        if frozenset({person, subject}) in self._pairs:
            return Unfit.RELATED
        wrong = self._misplaced(person, relation)
        if wrong is None and asked.get(person, 0) >= self.limits.reviews:
            return Unfit.ASKED_OFTEN
        return wrong

    def _misplaced(self, person: EmployeeId, relation: str) -> Unfit | None:
        """Why somebody has not the relation that is claimed, or not for long enough."""
        if relation == SUBORDINATE:
            if person not in self.staff or not self.limits.subordinates:
                return Unfit.NOT_BELOW
            return self._too_short(self.staff[person])
        if person in self.staff:
            return Unfit.BELOW
        if relation != SAME_TEAM:
            return None
        known = self._team.get(person)
        return self._too_short(known) if known else Unfit.OTHER_UNIT

    def _too_short(self, one: Colleague) -> Unfit | None:
        since = max(one.since, self.post.starts) if self.post else one.since
        is_long = since <= months_before(self.on, self.limits.months)
        return None if is_long else Unfit.TOO_SHORT
