"""Coming in with the word of a sign-in provider: it vouches for a NIP, the employee exists here."""

from datetime import datetime

from engine.commands.desk import Desk
from engine.commands.sessions import Door, enter, session_row
from engine.commands.sign_in import CODE_STAY, DOOR
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.passwords import digits
from engine.domain.people import SYSTEM, AgencyId
from engine.errors import NotFound
from engine.store import (
    agencies,
    audit,
    credentials,
    organisation,
    people,
    provider_returns,
    sessions,
)
from engine.store.database import ANY_AGENCY, Transaction
from engine.store.people import EmployeeRow
from engine.store.provider_returns import ReturnRow
from engine.store.sessions import Stage, Way


def agency_of_provider(desk: Desk, named: str) -> AgencyId:
    """The agency whose people a provider may let in: the named one, or the only one.

    Raises NotFound when it is not there, or when none is named and there are several.
    """
    with desk.store.reading(ANY_AGENCY) as tx:
        known = agencies.every_id(tx)
    if named and named in known:
        return AgencyId(named)
    if not named and len(known) == 1:
        return known[0]
    raise NotFound("agency", named)


def use_return(desk: Desk, agency_id: AgencyId, *, used: ReturnRow, now: datetime) -> None:
    """Note that a return from a provider was used. Raises Conflict when it was used before."""
    with desk.store.transaction(agency_id) as tx:
        provider_returns.forget(tx, now=now)
        provider_returns.use(tx, used)


def sign_in_with_nip(
    desk: Desk, agency_id: AgencyId, *, nip: str, door: Door, now: datetime
) -> Stage:
    """Open a session for an employee in service; FULL, or CODE when the own app is asked next.

    Nobody is ever created. Raises NotFound for who is not known here.
    """
    with desk.store.reading(agency_id) as tx:
        found = _in_service(tx, nip)
    if found is None:
        refuse_return(desk, agency_id, reason="oidc_unknown_person", now=now)
        raise NotFound("employee", "")
    with desk.store.transaction(agency_id) as tx:
        known = credentials.find(tx, found.id)
        if known is None or not known.has_totp:
            enter(desk, tx, found.id, door, way=Way.OIDC, now=now)
            return Stage.FULL
        half = Door(door.token_hash, door.address, door.device, door.language, CODE_STAY)
        row = session_row(tx, found.id, half, stage=Stage.CODE, way=Way.OIDC, now=now)
        sessions.add(tx, row)
        return Stage.CODE


def refuse_return(desk: Desk, agency_id: AgencyId, *, reason: str, now: datetime) -> None:
    """Note that the word of a provider was not taken; `reason` is a closed code."""
    with desk.store.transaction(agency_id) as tx:
        values = {"reason": reason, "wait_s": 0}
        event = AuditEvent(Action.SESSION_REFUSED, now, SYSTEM, values=values)
        audit.append_to_chain(tx, audit.object_chain(DOOR, now.date().isoformat()), [event])


def _in_service(tx: Transaction, nip: str) -> EmployeeRow | None:
    known = people.employee_by_nip(tx, digits(nip))
    record = organisation.employee_record(tx, known.id) if known else None
    return record if record and record.active else None
