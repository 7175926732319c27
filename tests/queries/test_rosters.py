"""Many people at once are placed exactly as one person alone is, whatever the organisation."""

import random
from datetime import date, timedelta

from engine.domain.people import AssignmentKind, EmployeeId, PositionId, UnitId
from engine.queries.rosters import Roster, roster_of, whole_roster
from engine.store import organisation, people, staffing
from engine.store.database import Transaction
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow, UnitRow
from tests.ready import Offices
from tests.session import count

ON, BEGAN = date(2026, 1, 5), date(2025, 12, 31)
MANY = 12
KINDS = [kind.value for kind in AssignmentKind]


def test_many_are_placed_as_each_alone(offices: Offices, rng: random.Random) -> None:
    office = offices.open("relay")

    for number in range(count(4, 60)):
        with office.desk.store.transaction(office.agency_id) as tx:
            everybody = disorder(tx, rng, f"r{number}")
            whole = whole_roster(tx, on=ON, began=BEGAN)
            some = roster_of(tx, everybody, on=ON, began=BEGAN)
            for person in everybody:
                assert placed(whole, person) == alone(tx, person), person
                assert placed(some, person) == placed(whole, person), person
                assert some.raters_of(person) == whole.raters_of(person), person


def placed(roster: Roster, person: EmployeeId) -> tuple[object, ...]:
    """Post, people above, and whether somebody stands below, by the roster."""
    post = roster.post_of(person)
    leads = bool(post) and post.position_id in roster.leading
    return post and (post.position_id, post.unit_id, post.kind), roster.above(person), leads


def alone(tx: Transaction, person: EmployeeId) -> tuple[object, ...]:
    """The same asked for one person."""
    post = staffing.assignment_on(tx, person, BEGAN)
    if post is None:
        return None, (), False
    above = staffing.superiors(tx, post.position_id, ON)
    holders = dict.fromkeys(step.employee_id for step in above)
    return (
        (post.position_id, post.unit_id, post.kind.value),
        tuple(holder for holder in holders if holder and holder != person),
        staffing.has_subordinates(tx, post.position_id, ON),
    )


def disorder(tx: Transaction, rng: random.Random, name: str) -> list[EmployeeId]:
    """Positions above each other at random, also in circles, vacant or held by several."""
    unit = UnitId(name)
    keys = [f"{name}-{number}" for number in range(MANY)]
    people.add(tx, [UnitRow(unit, None, name, "unit")])
    places = [PositionRow(PositionId(key), unit, key, None) for key in keys]
    people.add(tx, places)
    for place in places:
        above = rng.choice([*keys, None])
        superior = PositionId(above) if above else None
        organisation.change_position(tx, PositionRow(place.id, unit, place.title, superior))
    who = [EmployeeId(key) for key in keys]
    people.add(tx, [EmployeeRow(key, f"{name}-{key}", key, "pns") for key in who])
    people.add(tx, [held(rng, f"{name}-a{number}", who, keys, unit) for number in range(MANY * 2)])
    return who


def held(
    rng: random.Random, key: str, who: list[EmployeeId], places: list[str], unit: UnitId
) -> AssignmentRow:
    """Somebody in some post, also in times that are over or yet to come."""
    starts = ON - timedelta(days=rng.choice([-3, 0, 5, 5, 400, 400]))
    ends = rng.choice([None, None, ON, BEGAN, starts + timedelta(days=600)])
    ends = max(ends, starts) if ends else None
    place = PositionId(rng.choice(places))
    return AssignmentRow(key, rng.choice(who), place, unit, rng.choice(KINDS), starts, ends)
