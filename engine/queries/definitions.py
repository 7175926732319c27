"""The deployed versions of appraisal systems, for those who answer for them."""

from sqlalchemy import select

from engine.domain.access import AgencyAccess, Verb, can
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import DefinitionId
from engine.errors import Forbidden
from engine.store import tables as t
from engine.store.database import Transaction
from engine.store.definitions import DefinitionRow


def deployed(tx: Transaction, actor: Actor) -> tuple[DefinitionRow, ...]:
    """All versions, by system, the newest first. Raises Forbidden."""
    verdict = can(actor, Verb.READ_DEFINITION, AgencyAccess(actor.agency_id))
    if not verdict:
        raise Forbidden(Verb.READ_DEFINITION, verdict.reason)
    rows = t.definition
    statement = (
        select(rows)
        .where(rows.c.agency_id == tx.agency_id)
        .order_by(rows.c.system, rows.c.number.desc())
    )
    return tuple(
        DefinitionRow(
            DefinitionId(row.id),
            row.system,
            row.number,
            row.status,
            EmployeeId(row.deployed_by),
            row.deployed_at,
        )
        for row in tx.connection.execute(statement)
    )
