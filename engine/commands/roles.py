"""Finds who gets a work item: the roles of its lane, resolved for one case on one day."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.domain.confidence import is_sealed
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.domain.process import ReadyTask
from engine.domain.separation import Separation
from engine.domain.settings import OF_MANY, Relation, Role, RoleKind, SystemSettings
from engine.store import people, staffing
from engine.store.database import Transaction


@dataclass(frozen=True)
class CasePeople:
    """The people of a case that roles refer to."""

    subject_id: EmployeeId
    unit_id: UnitId
    rater_id: EmployeeId | None
    rater_superior_id: EmployeeId | None
    subject_left: bool = False


@dataclass(frozen=True)
class Placement:
    """To whom a work item goes: a person, a unit function, or both; `kept_apart` may not do it."""

    roles: tuple[str, ...]
    assignee_id: EmployeeId | None
    function: UnitFunction | None
    kept_apart: EmployeeId | None = None


def place(
    tx: Transaction,
    settings: SystemSettings,
    task: ReadyTask,
    *,
    case: CasePeople,
    data: Mapping[str, object],
    on: date,
) -> Placement:
    """The holder of the roles of a task's lane.

    HR when nobody holds them whom the task's separation of duties lets do it, so that no work is
    orphaned. What is answered in confidence stays with whoever was asked.
    """
    roles = settings.roles_of_lane(task.lane)
    if is_sealed(task.properties):
        return place_roles(tx, roles, case=case, data=data, on=on)
    asked = Separation.of(task.properties)
    named = lookup(data, asked.named_at) if asked.named_at else None
    kept_apart = EmployeeId(named) if isinstance(named, str) else None
    apart = _apart(asked, case) | {kept_apart}
    placed = place_roles(tx, roles, case=case, data=data, on=on, apart=apart)
    return replace(placed, kept_apart=kept_apart)


def _apart(asked: Separation, case: CasePeople) -> frozenset[EmployeeId | None]:
    """Whom a step keeps away by the part he has in the case."""
    rater = case.rater_id if asked.from_rater or asked.from_participants else None
    return frozenset({rater, case.subject_id if asked.from_subject else None})


def place_roles(
    tx: Transaction,
    roles: Sequence[Role],
    *,
    case: CasePeople,
    data: Mapping[str, object],
    on: date,
    apart: Container[EmployeeId | None] = frozenset(),
) -> Placement:
    """The same for roles that are known already; nobody of those who are kept `apart` gets it."""
    function = next((role.function for role in roles if role.function), None)
    persons = (person_in(tx, role, case, data, on) for role in roles)
    assignee = next((person for person in persons if person and person not in apart), None)
    if assignee is None and function is None:
        function = UnitFunction.HR
    return Placement(tuple(role.key for role in roles), assignee, function)


def person_in(
    tx: Transaction, role: Role, case: CasePeople, data: Mapping[str, object], on: date
) -> EmployeeId | None:
    """The person who holds a role in a case; None for a unit function or where nobody does."""
    match role.kind:
        case RoleKind.SUBJECT:
            return None if case.subject_left else case.subject_id
        case RoleKind.RELATION:
            return _related(role, case)
        case RoleKind.HEAD_OF_UNIT:
            return staffing.head_of_unit(tx, case.unit_id, on)
        case RoleKind.OFFICE:
            return staffing.office_holder(tx, role.office or "", on)
        case RoleKind.NOMINATED:
            return _nominated(tx, lookup(data, role.path or ""))
        case RoleKind.UNIT_FUNCTION:
            return None


def openers_in(tx: Transaction, role: Role, case: CasePeople, on: date) -> tuple[EmployeeId, ...]:
    """Who by name may open what this role opens; nobody for a function and for anyone at all."""
    if role.relation not in OF_MANY:
        found = person_in(tx, role, case, {}, on)
        return (found,) if found else ()
    post = staffing.assignment_on(tx, case.subject_id, on)
    if post is None:
        return ()
    if role.relation is Relation.SUBORDINATE:
        return staffing.subordinates(tx, post.position_id, on)
    above = next(iter(staffing.superiors(tx, post.position_id, on)), None)
    if role.relation is Relation.ANYONE or above is None:
        return ()
    beside = staffing.subordinates(tx, above.position_id, on)
    return tuple(person for person in beside if person != case.subject_id)


def _nominated(tx: Transaction, named: object) -> EmployeeId | None:
    """Whom the case names, while he is in service."""
    found = people.employees_in_service(tx, [EmployeeId(named)]) if isinstance(named, str) else ()
    return next(iter(found), None)


def _related(role: Role, case: CasePeople) -> EmployeeId | None:
    """The rater answers himself where nobody stands above him: HR never rates in his place.

    What is said about the rater to who stands above him, the rater never gets.
    """
    if role.relation in OF_MANY:
        return None
    if role.relation is Relation.ABOVE_RATER:
        return case.rater_superior_id
    if role.relation is Relation.RATER_SUPERIOR:
        return case.rater_superior_id or case.rater_id
    return case.rater_id


def lookup(data: object, path: str) -> object:
    """The value at a dotted path of nested dicts; None where it ends early."""
    for step in path.split("."):
        if not isinstance(data, Mapping):
            return None
        data = data.get(step)
    return data
