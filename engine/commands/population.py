"""HR decides who is appraised in a cycle, and settles what stands in the way of single people."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.sealed_reasons import sealed_reason
from engine.domain.access import AgencyAccess, PersonAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor, EmployeeId
from engine.domain.population import Filters, RelationKind
from engine.errors import Conflict, Finding, InvalidForm
from engine.queries.population import has_case
from engine.store import audit, cycles, people, populations, sealing
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.populations import (
    AppointmentRow,
    DeclaredConflictRow,
    ExclusionRow,
    PopulationRow,
)
from engine.store.sealing import seal


def choose_population(
    desk: Desk, actor: Actor, *, cycle_id: str, filters: Filters, now: datetime
) -> None:
    """Set who is appraised; a launch that runs keeps the filters it began with.

    Raises Forbidden, NotFound.
    """
    with (
        refusals_audited(desk, actor, Verb.LAUNCH_CYCLE, target=cycle_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.LAUNCH_CYCLE, AgencyAccess(tx.agency_id))
        cycle = cycles.get(tx, cycle_id)
        row = PopulationRow(cycle.id, filters.as_text(), actor.employee_id, now)
        populations.choose(tx, row)
        values: dict[str, object] = {
            "units": sorted(filters.units),
            "kinds": sorted(filters.kinds),
            "posts": sorted(filters.posts),
        }
        _note(tx, Action.POPULATION_SET, cycle_id, actor, values, now)


def exclude_person(
    desk: Desk, actor: Actor, *, cycle_id: str, employee_id: EmployeeId, reason: str, now: datetime
) -> None:
    """Leave somebody out of a cycle; the reason is sealed.

    Raises Forbidden, also for oneself, or InvalidForm for who has a case already.
    """
    with (
        refusals_audited(desk, actor, Verb.LAUNCH_CYCLE, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        _demand_person(tx, actor, employee_id)
        cycle = cycles.get(tx, cycle_id)
        if has_case(tx, cycle.id, employee_id):
            raise _refused("cycle.has_case", "nip")
        key = sealing.key_for(tx, employee_id, period=cycle.id, now=now)
        sealed = seal(key, reason.encode())
        row = ExclusionRow(cycle.id, employee_id, sealed, key.id, actor.employee_id, now)
        populations.exclude(tx, row)
        values = {"person": employee_id, **sealed_reason(key, reason)}
        _note(tx, Action.PERSON_EXCLUDED, cycle_id, actor, values, now)


def include_person(
    desk: Desk, actor: Actor, *, cycle_id: str, employee_id: EmployeeId, now: datetime
) -> None:
    """Take somebody in again. Raises Forbidden, or Conflict when he was not left out."""
    with (
        refusals_audited(desk, actor, Verb.LAUNCH_CYCLE, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        _demand_person(tx, actor, employee_id)
        if not populations.include(tx, cycle_id, employee_id):
            raise Conflict(f"{employee_id} is not left out of the cycle")
        _note(tx, Action.PERSON_INCLUDED, cycle_id, actor, {"person": employee_id}, now)


def name_rater(
    desk: Desk,
    actor: Actor,
    *,
    employee_id: EmployeeId,
    rater_id: EmployeeId,
    dates: tuple[date, date | None],
    now: datetime,
) -> None:
    """Name a rater for one person between two days, the second may be open.

    Cases that run already keep their rater. Raises Forbidden for who names himself or names for
    himself, NotFound, or InvalidForm for a rater who may not rate this person.
    Source: PP 30/2019 art. 4, an official with delegated authority may rate.
    """
    starts, ends = dates
    with (
        refusals_audited(desk, actor, Verb.LAUNCH_CYCLE, target=employee_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        _demand_person(tx, actor, employee_id)
        _demand_person(tx, actor, rater_id)
        _check_rater(tx, employee_id, rater_id, dates)
        row = AppointmentRow(new_id(), employee_id, rater_id, starts, ends, actor.employee_id, now)
        populations.name_rater(tx, row, last_day=starts - timedelta(days=1))
        values = {
            "appointment": row.id, "person": employee_id, "rater": rater_id,
            "starts": starts, "ends": ends,
        }  # fmt: skip
        chain = audit.object_chain("person", employee_id)
        event = AuditEvent(Action.RATER_NAMED, now, actor.employee_id, role="hr", values=values)
        audit.append_to_chain(tx, chain, [event])


def declare_conflict(
    desk: Desk,
    actor: Actor,
    *,
    people_ids: tuple[EmployeeId, EmployeeId],
    kind: RelationKind,
    now: datetime,
) -> None:
    """Record that two people must not rate each other. Raises Forbidden, NotFound, InvalidForm."""
    first, second = sorted(people_ids)
    with (
        refusals_audited(desk, actor, Verb.LAUNCH_CYCLE, target=first, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        demand(actor, Verb.LAUNCH_CYCLE, AgencyAccess(tx.agency_id))
        for person in (first, second):
            people.employee(tx, person)
        row = DeclaredConflictRow(first, second, kind.value, actor.employee_id, now)
        if first == second:
            raise _refused("cycle.one_person", "other_nip")
        if not populations.declare_conflict(tx, row):
            raise _refused("cycle.declared_before", "other_nip")
        values = {"people": [first, second], "kind": kind.value}
        chain = audit.object_chain("person", first)
        event = AuditEvent(
            Action.CONFLICT_DECLARED, now, actor.employee_id, role="hr", values=values
        )
        audit.append_to_chain(tx, chain, [event])


def _check_rater(
    tx: Transaction, employee_id: EmployeeId, rater_id: EmployeeId, dates: tuple[date, date | None]
) -> None:
    starts, ends = dates
    if employee_id == rater_id:
        raise _refused("cycle.rates_himself", "rater_nip")
    if rater_id not in people.employees_in_service(tx, [rater_id]):
        raise _refused("cycle.left_service", "rater_nip")
    if frozenset({employee_id, rater_id}) in populations.conflicting_pairs(tx):
        raise _refused("cycle.related", "rater_nip")
    if ends and ends < starts:
        raise _refused("organisation.period", "ends")


def _refused(rule: str, field: str) -> InvalidForm:
    return InvalidForm([Finding(rule, element_id=field)])


def _demand_person(tx: Transaction, actor: Actor, employee_id: EmployeeId) -> None:
    """Only HR, and nobody in a matter of his own."""
    demand(actor, Verb.LAUNCH_CYCLE, PersonAccess(actor.agency_id, employee_id))
    people.employee(tx, employee_id)


def _note(
    tx: Transaction,
    action: Action,
    cycle_id: str,
    actor: Actor,
    values: Mapping[str, object],
    now: datetime,
) -> None:
    about = {"cycle": cycle_id, **values}
    event = AuditEvent(action, now, actor.employee_id, role="hr", values=about)
    audit.append_to_chain(tx, audit.object_chain("cycle", cycle_id), [event])
