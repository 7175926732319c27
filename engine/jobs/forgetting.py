"""Lets go of what served its time: sessions, answered requests, half files, notices, letters."""

from datetime import datetime, timedelta

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.store import (
    command_keys,
    kept_forms,
    letters,
    notices,
    outbox,
    sessions,
    sign_in_attempts,
    uploads,
    webhook_deliveries,
)
from engine.store.database import ANY_AGENCY, Transaction

# A client that tries again later than this has long been told; a cycle lasts one year.
ANSWERS_KEPT = timedelta(days=400)
# Who is signed out on Friday comes back on Monday.
TYPED_KEPT = timedelta(days=3)
# What a notice says stands in the inbox, in the case and in the trail; a cycle lasts one year.
NOTICES_KEPT = timedelta(days=400)
# Long enough to answer "I never got a letter"; nothing is planned or derived twice after a day.
DELIVERIES_KEPT = timedelta(days=90)
# So many of each sort at a time, so that nobody waits for the deletion of a whole year.
BATCH = 1_000


def forget_expired(desk: Desk, agency_id: AgencyId, *, now: datetime, limit: int = BATCH) -> int:
    """Delete what nobody of the agency needs any more, and tries before any was known; how many."""
    with desk.store.transaction(ANY_AGENCY) as tx:
        tries = sign_in_attempts.delete_old(tx, now=now)
    with desk.store.transaction(agency_id) as tx:
        return (
            tries
            + sessions.delete_expired(tx, now=now)
            + sign_in_attempts.delete_old(tx, now=now)
            + command_keys.delete_before(tx, now - ANSWERS_KEPT)
            + uploads.delete_expired(tx, now=now)
            + kept_forms.delete_before(tx, now - TYPED_KEPT)
            + _forget_told(tx, now, limit)
        )


def _forget_told(tx: Transaction, now: datetime, limit: int) -> int:
    """What people and programs were told; what is still on its way stays."""
    before = now - DELIVERIES_KEPT
    return (
        notices.delete_before(tx, now - NOTICES_KEPT, limit=limit)
        + letters.delete_before(tx, before, limit=limit)
        + webhook_deliveries.delete_before(tx, before, limit=limit)
        + outbox.delete_before(tx, before, limit=limit)
    )
