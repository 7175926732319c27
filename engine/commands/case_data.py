"""What a case knows of its subject when it starts: post, plan and relations on that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import orjson

from engine.commands.definitions import LoadedDefinition
from engine.domain.people import Assignment, EmployeeId, UnitId
from engine.errors import NotFound
from engine.queries.histories import Histories, histories_of
from engine.queries.rosters import Raters, Roster, roster_of
from engine.rules.numbers import from_jsonable
from engine.store import cycles, staffing
from engine.store.cycles import CycleRow
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.staffing import Superior


@dataclass(frozen=True)
class Beginnings:
    """What cases of one cycle need to begin, read for several people at once."""

    definition: LoadedDefinition
    cycle: CycleRow
    roster: Roster
    histories: Histories

    def data(self, employee_id: EmployeeId) -> dict[str, object]:
        """The start data of a case, under the key `case`.

        Raises NotFound for who holds no post, or has no plan where the system needs one.
        """
        outline = self.outline(employee_id)
        return outline | {"plan": from_jsonable(orjson.loads(self.plan(employee_id)))}

    def plan(self, employee_id: EmployeeId) -> bytes:
        """The plan as it was stored and as it stands in a state."""
        return self.histories.plans.get(employee_id, "[]").encode()

    def outline(self, employee_id: EmployeeId) -> dict[str, object]:
        """The start data without the plan, which is long. Raises as `data` does."""
        post, place = self.roster.post_of(employee_id), self.roster.place_of(employee_id)
        if post is None or place is None:
            raise NotFound("assignment", employee_id)
        if employee_id not in self.histories.plans and self.definition.settings.needs_plan:
            raise NotFound("plan", employee_id)
        months = self.histories.months.get((employee_id, place.functional_level), 0)
        return {
            "subject_id": employee_id,
            "cycle_id": self.cycle.id,
            "cycle_ends": self.cycle.ends.isoformat(),
            "unit_id": post.unit_id,
            "correlation": f"{post.unit_id}/{self.cycle.id}",
            "is_unit_head": place.heads_unit,
            "has_subordinates": post.position_id in self.roster.leading,
            "is_functional": place.functional_level is not None,
            "coefficient": coefficient(self.definition, place.functional_level),
            "months": Decimal(months),
            "consecutive_low": Decimal(self.histories.low.get(employee_id, 0)),
            "failed_improvement_plan": employee_id in self.histories.failed,
        }

    def unit_of(self, employee_id: EmployeeId) -> UnitId:
        """The unit of the appraised post. Raises NotFound for who holds none."""
        post = self.roster.post_of(employee_id)
        if post is None:
            raise NotFound("assignment", employee_id)
        return post.unit_id

    def raters(self, employee_id: EmployeeId) -> Raters:
        """Rater and rater's superior. Raises NotFound where the system needs a rater."""
        raters = self.roster.raters_of(employee_id)
        if raters[0] is None and self.definition.settings.needs_rater:
            raise NotFound("rater", employee_id)
        return raters


def beginnings(
    tx: Transaction,
    definition: LoadedDefinition,
    *,
    cycle: CycleRow,
    employee_ids: Sequence[EmployeeId],
    on: date,
) -> Beginnings:
    """What the cases of these people need to begin on the day.

    The appraised post is the one held on that day, or at the end of the cycle: who changes posts
    after the year is still appraised for the year in the post of the year.
    """
    roster = roster_of(tx, employee_ids, on=on, began=min(on, cycle.ends))
    histories = histories_of(tx, employee_ids, cycle.id, cycle.starts, cycle.ends)
    return Beginnings(definition, cycle, roster, histories)


def coefficient(definition: LoadedDefinition, level: str | None) -> Decimal | None:
    """Annual credit coefficient of a functional level, from `[credit]` of the settings."""
    table = definition.settings.other.get("credit")
    value = table.get(level or "") if isinstance(table, dict) else None
    return None if value is None else Decimal(str(value))


def appraised_post(
    tx: Transaction, employee_id: EmployeeId, cycle: CycleRow, began: date
) -> Assignment | None:
    """The post that is appraised: the one held when the case began, or at the end of the cycle."""
    return staffing.assignment_on(tx, employee_id, min(began, cycle.ends))


def superior_above(
    tx: Transaction, row: InstanceRow, person: EmployeeId, on: date, *, began: date
) -> EmployeeId | None:
    """Who stands next above `person` among the superiors of a case."""
    above = _people(superiors_of_case(tx, row, on, began=began), row.subject_id)
    return next(iter(above[above.index(person) + 1 :]), None) if person in above else None


def superiors_of_case(
    tx: Transaction, row: InstanceRow, on: date, *, began: date
) -> tuple[Superior, ...]:
    """The posts above the appraised post with their holders on the day.

    A transfer while the case runs changes neither the post nor who is above it.
    """
    return _superiors(tx, row.subject_id, cycles.get(tx, row.cycle_id), on, began=began)


def _superiors(
    tx: Transaction, employee_id: EmployeeId, cycle: CycleRow, on: date, *, began: date
) -> tuple[Superior, ...]:
    post = appraised_post(tx, employee_id, cycle, began)
    return staffing.superiors(tx, post.position_id, on) if post else ()


def _people(above: tuple[Superior, ...], subject: EmployeeId) -> list[EmployeeId]:
    holders = dict.fromkeys(superior.employee_id for superior in above)
    return [person for person in holders if person and person != subject]
