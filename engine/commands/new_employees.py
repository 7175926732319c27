"""One civil servant comes in without a sheet: the record and the post that begins with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.commands.desk import Desk
from engine.commands.organisation import MAX_NAME, Known, Organisation, check_organisation
from engine.commands.organisation_posts import FARTHEST
from engine.commands.people import store_import
from engine.commands.permissions import demand, refusals_audited
from engine.commands.vacancies import holders_from, is_one_of_a_kind, new_post, posts_called
from engine.domain.access import AgencyAccess, Verb
from engine.domain.passwords import digits
from engine.domain.people import Actor, AssignmentKind, EmployeeId, PositionId, UnitId
from engine.errors import Finding, InvalidForm, errors_of
from engine.rules.deadlines import local_date
from engine.store import organisation, people, staffing
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow


@dataclass(frozen=True)
class NewEmployee:
    """Who comes in, and where from which day on.

    The post is a free one with that title in the unit, below the superior where one is named by
    NIP; there is a new one where none is free.
    """

    nip: str
    name: str
    kind: str
    grade: str
    unit_id: UnitId
    title: str
    superior_nip: str
    starts: date


@dataclass(frozen=True)
class Added:
    """Who came in; `warnings` tell what is unusual about the NIP."""

    employee_id: EmployeeId
    warnings: tuple[Finding, ...]


def add_employee(desk: Desk, actor: Actor, *, new: NewEmployee, now: datetime) -> Added:
    """Take one person in, as an import of one row does.

    Raises Forbidden, NotFound for the unit, or InvalidForm naming every field that is wrong.
    """
    with (
        refusals_audited(desk, actor, Verb.IMPORT_PEOPLE, target="people", now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.IMPORT_PEOPLE, AgencyAccess(tx.agency_id))
        today = local_date(now, desk.calendar(tx, now))
        person = _record(new)
        findings = [*_about_person(tx, person, today), *_about_post(tx, new, today)]
        if errors_of(findings):
            raise InvalidForm(errors_of(findings))
        incoming = _with_post(tx, person, new, today)
        store_import(desk, tx, actor, incoming, now=now, source={"employee_id": person.id})
        return Added(person.id, tuple(findings))


def _record(new: NewEmployee) -> EmployeeRow:
    name, grade = (" ".join(text.split()) for text in (new.name, new.grade))
    return EmployeeRow(EmployeeId(new_id()), digits(new.nip), name, new.kind, grade or None)


def _about_person(tx: Transaction, person: EmployeeRow, today: date) -> Iterator[Finding]:
    """What the import says of the record, at the fields of a form."""
    known = people.by_nips(tx, [person.nip])
    taken = frozenset(nip for nip, row in known.items() if row.active)
    if len(known) > len(taken):
        yield Finding("people.left", element_id="nip")
    found = check_organisation(Organisation(employees=(person,)), Known(nips=taken), today)
    for finding in found:
        place = (finding.element_id or "").partition(":")[2]
        yield replace(finding, element_id=place, params={})


def _about_post(tx: Transaction, new: NewEmployee, today: date) -> Iterator[Finding]:
    if not new.unit_id:
        yield Finding("organisation.choice", element_id="unit")
    elif _is_closed(tx, new):
        yield Finding("organisation.closed_unit", element_id="unit")
    if not new.title.strip() or len(new.title) > MAX_NAME:
        yield Finding("organisation.name", element_id="title")
    elif new.unit_id and _is_taken(tx, new):
        yield Finding("transfer.post_taken", element_id="title")
    if digits(new.superior_nip) and _superior(tx, new, today) is None:
        yield Finding("organisation.unknown_nip", element_id="superior")
    if abs(new.starts - today) > FARTHEST:
        yield Finding("organisation.far_day", element_id="starts")


def _is_closed(tx: Transaction, new: NewEmployee) -> bool:
    closed = organisation.unit(tx, new.unit_id).closed_on
    return closed is not None and closed < new.starts


def _is_taken(tx: Transaction, new: NewEmployee) -> bool:
    alike = posts_called(tx, new.unit_id, new.title)
    return is_one_of_a_kind(alike) and not _free(tx, alike, new.starts)


def _free(tx: Transaction, posts: Sequence[PositionRow], day: date) -> list[PositionRow]:
    return [found for found in posts if not holders_from(tx, found, day)]


def _superior(tx: Transaction, new: NewEmployee, today: date) -> PositionId | None:
    """The post of the superior whom the form names."""
    found = people.employee_by_nip(tx, digits(new.superior_nip))
    held = staffing.assignment_on(tx, found.id, today) if found else None
    return held.position_id if held else None


def _with_post(tx: Transaction, person: EmployeeRow, new: NewEmployee, today: date) -> Organisation:
    superior = _superior(tx, new, today) if digits(new.superior_nip) else None
    alike = posts_called(tx, new.unit_id, new.title)
    any_superior = superior is None or is_one_of_a_kind(alike)
    fitting = [p for p in alike if any_superior or p.superior_position_id == superior]
    free = _free(tx, fitting, new.starts)
    post = free[0] if free else new_post(tx, new.unit_id, new.title)
    if superior is not None and not free:
        post = replace(post, superior_position_id=superior)
    held = AssignmentRow(
        new_id(), person.id, post.id, post.unit_id, AssignmentKind.DEFINITIVE, new.starts
    )
    return Organisation(positions=() if free else (post,), employees=(person,), assignments=(held,))
