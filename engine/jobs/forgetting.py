"""Lets go of what served its time: sessions, wrong tries, answered requests, half files."""

from datetime import datetime, timedelta

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.store import command_keys, kept_forms, sessions, sign_in_attempts, uploads

# A client that tries again later than this has long been told; a cycle lasts one year.
ANSWERS_KEPT = timedelta(days=400)
# Who is signed out on Friday comes back on Monday.
TYPED_KEPT = timedelta(days=3)


def forget_expired(desk: Desk, agency_id: AgencyId, *, now: datetime) -> int:
    """Delete what nobody of the agency needs any more; how many."""
    with desk.store.transaction(agency_id) as tx:
        return (
            sessions.delete_expired(tx, now=now)
            + sign_in_attempts.delete_old(tx, now=now)
            + command_keys.delete_before(tx, now - ANSWERS_KEPT)
            + uploads.delete_expired(tx, now=now)
            + kept_forms.delete_before(tx, now - TYPED_KEPT)
        )
