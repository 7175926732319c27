"""Wrong tries, counted in the database so that several machines share the count."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.attempts import Attempts, none_yet
from engine.store import rows, tables
from engine.store.database import Transaction

# Longer than every wait, and than tries are remembered; whom an address is trusted for stays.
KEPT = timedelta(days=1)
_attempt = tables.sign_in_attempt
_LOCKED = (
    rows.selected(_attempt, Attempts).where(_attempt.c.key == bindparam("of_key")).with_for_update()
)
_START = {
    "sqlite": sqlite.insert(_attempt).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_attempt).on_conflict_do_nothing(),
}
_SAVE = (
    update(_attempt)
    .where(rows.own(_attempt), _attempt.c.key == bindparam("of_key"))
    .values(
        failures=bindparam("new_failures"),
        last_at=bindparam("new_last_at"),
        blocked_until=bindparam("new_blocked_until"),
        trusted_until=bindparam("new_trusted_until"),
    )
)
_DELETE_OLD = delete(_attempt).where(
    rows.own(_attempt),
    _attempt.c.last_at <= bindparam("before"),
    or_(_attempt.c.trusted_until.is_(None), _attempt.c.trusted_until <= bindparam("now")),
)


def lock(tx: Transaction, attempt_key: str, *, now: datetime) -> Attempts:
    """The count under a key, for this transaction alone to change."""
    fresh = none_yet(attempt_key, now)
    tx.connection.execute(
        _START[tx.connection.dialect.name], {**vars(fresh), "agency_id": tx.agency_id}
    )
    return rows.fetch_one(tx, _LOCKED, Attempts, {"of_key": attempt_key}) or fresh


def save(tx: Transaction, attempts: Attempts) -> None:
    """Store a count that was locked before."""
    values = {f"new_{name}": value for name, value in vars(attempts).items() if name != "key"}
    rows.run(tx, _SAVE, {"of_key": attempts.key, **values})


def delete_old(tx: Transaction, *, now: datetime) -> int:
    """Forget keys that nobody tried for a day, unless somebody is trusted there; how many."""
    return rows.run(tx, _DELETE_OLD, {"before": now - KEPT, "now": now})
