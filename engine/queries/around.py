"""The people around somebody at work: whom he leads, works beside, and is led by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from engine.domain.people import EmployeeId
from engine.errors import NotFound
from engine.queries.people import Person, agency_day, people, some
from engine.store import staffing
from engine.store import tables as t
from engine.store.database import Transaction

# The direct superior and the one above him.
LEVELS = 2


@dataclass(frozen=True)
class Around:
    """The people around somebody on a day, each group by name."""

    staff: tuple[Person, ...] = ()
    colleagues: tuple[Person, ...] = ()
    leaders: tuple[Person, ...] = ()

    def has(self, employee_id: str) -> bool:
        """Whether somebody is one of them."""
        everybody = (*self.staff, *self.colleagues, *self.leaders)
        return any(person.id == employee_id for person in everybody)


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


def person_in_service(tx: Transaction, employee_id: EmployeeId, now: datetime) -> Person:
    """One person with the post of the day. Raises NotFound, also for who has left."""
    return _in_service(tx, t.employee.c.id == employee_id, now)


def person_with_nip(tx: Transaction, nip: str, now: datetime) -> Person:
    """The person in service who has this whole NIP (18 digits). Raises NotFound."""
    return _in_service(tx, t.employee.c.nip == nip, now)


def _in_service(tx: Transaction, who: ColumnElement[bool], now: datetime) -> Person:
    person = t.employee.c
    found = tx.connection.execute(
        select(person.id).where(person.agency_id == tx.agency_id, person.active, who)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("employee", "")
    return people(tx, [found], agency_day(tx, now))[found]


def _by_name(found: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(sorted(found, key=lambda person: person.name.casefold()))
