"""Agencies and their people come in: founded, imported as a whole, given duties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes

from engine.commands.desk import Desk, calendar_of
from engine.commands.organisation import Known, Organisation, check_organisation
from engine.commands.permissions import demand, refusals_audited
from engine.domain.access import AgencyAccess, Reason, Verb
from engine.domain.actions import Action
from engine.domain.audit import SALT_BYTES, AuditEvent, commitment
from engine.domain.people import (
    SYSTEM,
    Actor,
    AgencyId,
    Duty,
    PositionId,
    UnitFunction,
)
from engine.errors import Forbidden, InvalidImport, NotFound, errors_of
from engine.rules.deadlines import local_date
from engine.store import agencies, audit
from engine.store import people as store_people
from engine.store.agencies import AgencyRow
from engine.store.database import Transaction
from engine.store.ids import new_id
from engine.store.people import EmployeeRow

PEOPLE_CHAIN = audit.object_chain("people", "agency")


@dataclass(frozen=True)
class Imported:
    """What an import brought in; whoever keeps `salt` and the file can prove what it held."""

    counts: Mapping[str, int]
    commitment: str
    salt: bytes


def founder(agency_id: AgencyId) -> Actor:
    """The system itself, for the first people of an agency and for the command line."""
    duties = frozenset({Duty(UnitFunction.ADMINISTRATOR, None), Duty(UnitFunction.HR, None)})
    return Actor(agency_id, SYSTEM, duties)


def found_agency(desk: Desk, *, name: str, zone: str, now: datetime) -> AgencyId:
    """A new agency without people; `zone` is Asia/Jakarta, Asia/Makassar or Asia/Jayapura."""
    calendar_of(zone, now.year)
    agency_id = AgencyId(new_id())
    with desk.store.transaction(agency_id) as tx:
        agencies.add(tx, AgencyRow(agency_id, name, zone, now))
        event = AuditEvent(Action.AGENCY_CREATED, now, SYSTEM, values={"zone": zone})
        audit.append_to_chain(tx, PEOPLE_CHAIN, [event])
    return agency_id


def import_people(
    desk: Desk,
    actor: Actor,
    *,
    people: Organisation,
    changed: Sequence[EmployeeRow] = (),
    now: datetime,
) -> Imported:
    """Store a whole organisation, or nothing; `changed` are known people with a new record.

    Raises InvalidImport with every finding at once.
    """
    with (
        refusals_audited(desk, actor, Verb.IMPORT_PEOPLE, target="people", now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        return store_import(desk, tx, actor, people, changed, now=now)


def store_import(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    people: Organisation,
    changed: Sequence[EmployeeRow] = (),
    *,
    now: datetime,
    source: Mapping[str, object] | None = None,
) -> Imported:
    """The same as part of a command; `source` says in the event where the rows came from."""
    demand(actor, Verb.IMPORT_PEOPLE, AgencyAccess(tx.agency_id))
    if people.duties and actor.employee_id != SYSTEM:
        # Duties come in with the founding only; later two people give them.
        raise Forbidden(Verb.GRANT_DUTY, Reason.TWO_PEOPLE)
    today = local_date(now, desk.calendar(tx, now))
    findings = check_organisation(people, _known(tx, people), today)
    if errors_of(findings):
        raise InvalidImport(findings)
    store_people.add(tx, people.rows())
    for row in changed:
        store_people.change_employee(tx, row)
    imported = _imported(people, changed)
    values = {**imported.counts, **(source or {}), "commitment": imported.commitment}
    event = AuditEvent(Action.PEOPLE_IMPORTED, now, actor.employee_id, values=values)
    audit.append_to_chain(tx, PEOPLE_CHAIN, [event])
    return imported


def _known(tx: Transaction, incoming: Organisation) -> Known:
    """What the agency has already of that which the import may refer to or collide with."""
    employees = store_people.active_employees(tx)
    referred = {row.superior_position_id for row in incoming.positions}
    referred |= {row.position_id for row in incoming.assignments}
    own = {row.id for row in incoming.positions}
    return Known(
        units=frozenset(row.id for row in store_people.units(tx)),
        positions=frozenset(found for found in referred - own if found and _exists(tx, found)),
        employees=frozenset(row.id for row in employees),
        nips=frozenset(row.nip for row in employees),
    )


def _exists(tx: Transaction, position_id: PositionId) -> bool:
    try:
        store_people.position(tx, position_id)
    except NotFound:
        return False
    return True


def _imported(incoming: Organisation, changed: Sequence[EmployeeRow]) -> Imported:
    counts = {name: len(rows) for name, rows in vars(incoming).items()}
    counts["changed"] = len(changed)
    digest = sha256()
    for row in (*incoming.rows(), *changed):
        digest.update(repr(row).encode() + b"\n")
    salt = token_bytes(SALT_BYTES)
    return Imported(counts, commitment(salt, digest.digest()), salt)
