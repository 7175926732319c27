"""The people around somebody at work: whom he leads, works beside, and is led by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.queries.finding import is_called
from engine.queries.people import Person, agency_day, people, some
from engine.store import staffing
from engine.store import tables as t
from engine.store.database import Transaction

# So many are found by a name; who looks for one of more writes more of the name.
FOUND = 20
# The direct superior and the one above him.
LEVELS = 2


@dataclass(frozen=True)
class Around:
    """The people around somebody on a day, each group by name."""

    staff: tuple[Person, ...] = ()
    colleagues: tuple[Person, ...] = ()
    leaders: tuple[Person, ...] = ()


def people_around(tx: Transaction, employee_id: EmployeeId, now: datetime) -> Around:
    """Direct staff, those under the same superior, and the two superiors; without a post nobody."""
    day = agency_day(tx, now)
    post = staffing.assignment_on(tx, employee_id, day)
    if post is None:
        return Around()
    above = staffing.superiors(tx, post.position_id, day)[:LEVELS]
    staff = staffing.subordinates(tx, post.position_id, day)
    beside = staffing.subordinates(tx, above[0].position_id, day) if above else ()
    leaders = [superior.employee_id for superior in above]
    known = people(tx, [*staff, *beside, *leaders], day)
    named = {key: person for key, person in known.items() if key != employee_id}
    return Around(_by_name(some(named, staff)), _by_name(some(named, beside)), some(named, leaders))


def people_called(tx: Transaction, typed: str, now: datetime) -> tuple[Person, ...]:
    """Up to twenty people in service whose name or NIP begins with what was typed, by name."""
    person = t.employee.c
    statement = (
        select(person.id)
        .where(person.agency_id == tx.agency_id, person.active, is_called(tx, typed))
        .order_by(person.name, person.id)
        .limit(FOUND)
    )
    found = tx.connection.execute(statement).scalars().all()
    return some(people(tx, found, agency_day(tx, now)), found)


def person_in_service(tx: Transaction, employee_id: EmployeeId, now: datetime) -> Person:
    """One person with the post of the day. Raises NotFound, also for who has left."""
    person = t.employee.c
    statement = select(person.id).where(
        person.agency_id == tx.agency_id, person.id == employee_id, person.active
    )
    if tx.connection.execute(statement).first() is None:
        raise NotFound("employee", employee_id)
    return people(tx, [employee_id], agency_day(tx, now))[employee_id]


def _by_name(found: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(sorted(found, key=lambda person: person.name.casefold()))
