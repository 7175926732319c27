"""Who is appraised in a cycle and what stands in the way, for the whole agency at once."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, select

from engine.domain.people import AssignmentKind, EmployeeId, EmployeeKind, UnitId
from engine.domain.population import ConflictKind, Filters, post_kind, with_units_below
from engine.domain.unit_systems import UnitSystems
from engine.queries.rosters import Raters, Roster, whole_roster
from engine.queries.unit_systems import systems_of_units
from engine.store import tables as t
from engine.store.cycles import CycleRow
from engine.store.database import Transaction


@dataclass(frozen=True)
class Candidate:
    """Somebody in service whom a launch looks at."""

    employee_id: EmployeeId
    kind: EmployeeKind


@dataclass(frozen=True)
class Member:
    """Somebody who is to be appraised, with his raters and what is wrong about them."""

    employee_id: EmployeeId
    unit_id: UnitId | None
    raters: Raters
    conflicts: tuple[ConflictKind, ...] = ()
    possible_raters: tuple[EmployeeId, ...] = ()


@dataclass(frozen=True)
class Needs:
    """What the system asks of a member, and the pairs that may not rate each other."""

    needs_rater: bool
    needs_plan: bool
    planned: Container[EmployeeId]
    pairs: frozenset[frozenset[EmployeeId]]


@dataclass(frozen=True)
class Whereabouts:
    """Posts and raters of a day with the people who left the service."""

    roster: Roster
    inactive: frozenset[EmployeeId]


@dataclass(frozen=True)
class Population:
    """Whom a launch takes, and how many it leaves to other systems; None is none at all."""

    members: tuple[Member, ...]
    elsewhere: Mapping[str | None, int]


@dataclass(frozen=True)
class Choice:
    """Whom HR chose, and whose unit has the system that is launched."""

    filters: Filters
    units: frozenset[UnitId]
    system: str
    systems: UnitSystems

    def names(self, roster: Roster, employee_id: EmployeeId) -> bool:
        """Whether post and unit are among the chosen; without a post only by default."""
        post, place = roster.post_of(employee_id), roster.place_of(employee_id)
        if post is None or place is None:
            return not (self.units or self.filters.posts)
        kind = post_kind(heads_unit=place.heads_unit, functional_level=place.functional_level)
        in_units = not self.units or post.unit_id in self.units
        return in_units and (not self.filters.posts or kind in self.filters.posts)

    def takes(self, roster: Roster, employee_id: EmployeeId) -> bool:
        """Whether the unit has the system; without a post nobody knows, and he is looked at."""
        post = roster.post_of(employee_id)
        return post is None or self.systems.takes(self.system, post.unit_id)

    def system_of(self, roster: Roster, employee_id: EmployeeId) -> str | None:
        """The system of the unit of a person."""
        post = roster.post_of(employee_id)
        return self.systems.of(post.unit_id if post else None)


def choice_of(tx: Transaction, system: str, filters: Filters) -> Choice:
    """The choice of a launch of the system, as the units are assigned now."""
    return Choice(filters, chosen_units(tx, filters), system, systems_of_units(tx))


def population(
    tx: Transaction, cycle: CycleRow, filters: Filters, *, on: date, needs: Needs
) -> Population:
    """Everybody whom a launch on the day would take, by id, with conflicts.

    Those left out and those who have a case in the cycle are not among them; those whose unit has
    another system are counted by that system.
    """
    roster = whole_roster(tx, on=on, began=min(on, cycle.ends))
    where = Whereabouts(roster, _inactive(tx))
    choice = choice_of(tx, cycle.system, filters)
    people = [p.employee_id for p in candidates(tx, cycle.id, filters, after="", limit=None)]
    chosen = [key for key in people if choice.names(roster, key)]
    taken = [key for key in chosen if choice.takes(roster, key)]
    others = set(chosen).difference(taken)
    elsewhere = Counter(choice.system_of(roster, key) for key in others)
    return Population(tuple(member(where, key, needs) for key in taken), elsewhere)


def member(where: Whereabouts, employee_id: EmployeeId, needs: Needs) -> Member:
    """One person with raters and conflicts."""
    post = where.roster.post_of(employee_id)
    raters = where.roster.raters_of(employee_id)
    possible = where.roster.possible_raters(employee_id)
    found = _conflicts(where, employee_id, raters, needs)
    kinds = (*found, ConflictKind.TWO_RATERS) if len(possible) > 1 else tuple(found)
    return Member(employee_id, post.unit_id if post else None, raters, kinds, possible)


def _conflicts(
    where: Whereabouts, employee_id: EmployeeId, raters: Raters, needs: Needs
) -> Iterator[ConflictKind]:
    posts = where.roster.posts.get(employee_id, ())
    if not posts:
        yield ConflictKind.NO_UNIT
        return
    if len([post for post in posts if post.kind == AssignmentKind.DEFINITIVE]) > 1:
        yield ConflictKind.TWO_POSTS
    if needs.needs_plan and employee_id not in needs.planned:
        yield ConflictKind.NO_PLAN
    if raters[0] is None:
        if needs.needs_rater:
            yield ConflictKind.NO_RATER
    elif frozenset({employee_id, raters[0]}) in needs.pairs:
        yield ConflictKind.RELATED
    if raters[0] in where.inactive:
        yield ConflictKind.INACTIVE
    if raters[0] and _above_himself(where.roster, employee_id):
        yield ConflictKind.OWN_RATER


def _above_himself(roster: Roster, employee_id: EmployeeId) -> bool:
    """Whether he also holds the post above, so that whoever is higher rates him."""
    place = roster.place_of(employee_id)
    above = place.superior_id if place else None
    return above is not None and roster.holders.get(above) == employee_id


def candidates(
    tx: Transaction, cycle_id: str, filters: Filters, *, after: str, limit: int | None
) -> Sequence[Candidate]:
    """People in service after an id who have no case in the cycle and are not left out."""
    who, out = t.employee, t.population_exclusion
    left_out = exists().where(
        out.c.agency_id == who.c.agency_id,
        out.c.cycle_id == cycle_id,
        out.c.employee_id == who.c.id,
    )
    statement = (
        select(who.c.id, who.c.kind)
        .where(
            who.c.agency_id == tx.agency_id,
            who.c.id > after,
            who.c.active,
            ~_has_case(cycle_id, who.c.id),
            ~left_out,
        )
        .order_by(who.c.id)
        .limit(limit)
    )
    if filters.kinds:
        statement = statement.where(who.c.kind.in_(sorted(filters.kinds)))
    found = tx.connection.execute(statement)
    return [Candidate(EmployeeId(row.id), EmployeeKind(row.kind)) for row in found]


def _has_case(cycle_id: str, employee_id: Any) -> Any:
    run = t.appraisal
    return exists().where(
        run.c.agency_id == t.employee.c.agency_id,
        run.c.employee_id == employee_id,
        run.c.cycle_id == cycle_id,
    )


def has_case(tx: Transaction, cycle_id: str, employee_id: EmployeeId) -> bool:
    """Whether somebody is appraised in the cycle already."""
    run = t.appraisal
    statement = select(run.c.instance_id).where(
        run.c.agency_id == tx.agency_id,
        run.c.employee_id == employee_id,
        run.c.cycle_id == cycle_id,
    )
    return tx.connection.execute(statement).first() is not None


def chosen_units(tx: Transaction, filters: Filters) -> frozenset[UnitId]:
    """The units of the filters with everything below them; empty when all units are meant."""
    if not filters.units:
        return frozenset()
    unit = t.org_unit
    tree = tx.connection.execute(
        select(unit.c.id, unit.c.parent_id).where(unit.c.agency_id == tx.agency_id)
    )
    return with_units_below(filters.units, tree.all())


def planned(tx: Transaction, cycle_id: str) -> frozenset[EmployeeId]:
    """Who has a plan in the cycle."""
    plan = t.performance_plan
    statement = select(plan.c.employee_id).where(
        plan.c.agency_id == tx.agency_id, plan.c.cycle_id == cycle_id
    )
    return frozenset(tx.connection.execute(statement).scalars())


def unit_names(tx: Transaction) -> Mapping[UnitId, str]:
    """The units of the agency by id, in the order of their names."""
    unit = t.org_unit
    statement = (
        select(unit.c.id, unit.c.name)
        .where(unit.c.agency_id == tx.agency_id)
        .order_by(func.lower(unit.c.name), unit.c.id)
    )
    return {UnitId(key): name for key, name in tx.connection.execute(statement)}


def _inactive(tx: Transaction) -> frozenset[EmployeeId]:
    who = t.employee
    statement = select(who.c.id).where(and_(who.c.agency_id == tx.agency_id, ~who.c.active))
    return frozenset(tx.connection.execute(statement).scalars())
