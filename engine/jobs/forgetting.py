"""Lets go of what served its time: ended sessions, old wrong tries, answered requests."""

from datetime import datetime, timedelta

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.store import command_keys, sessions, sign_in_attempts

# A client that tries again later than this has long been told; a cycle lasts one year.
ANSWERS_KEPT = timedelta(days=400)


def forget_expired(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Delete the agency's expired sessions, tries and idempotency keys; how many."""
    with desk.store.transaction(agency_id) as tx:
        return (
            sessions.delete_expired(tx, now=now)
            + sign_in_attempts.delete_old(tx, now=now)
            + command_keys.delete_before(tx, now - ANSWERS_KEPT)
        )
