"""Names what databases say when they refuse: somebody in the way, no room, nobody there."""

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.errors import AlurError, Conflict, Unavailable

SERIALISATION_FAILURES = frozenset({"40001", "40P01", "55P03"})
BUSY_SERVER, FULL_DISK, READ_ONLY = "53300", "53100", "25006"
# Classes of PostgreSQL: connection exception, insufficient resources, operator intervention, system
# error.
_GONE = ("08", "53", "57P", "58")
_SQLITE_GONE = ("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_CORRUPT")


def named(error: DBAPIError | PoolTimeout, *, writing: bool) -> AlurError | None:
    """What the error means for the product; None for a fault of the statement itself."""
    if isinstance(error, PoolTimeout):
        return Unavailable("busy", "all connections to the database are in use")
    code = getattr(error.orig, "sqlite_errorname", None)
    return _of_sqlite(code, writing) if code else _of_postgresql(error, writing)


def _of_sqlite(code: str, writing: bool) -> AlurError | None:
    if code.startswith("SQLITE_BUSY"):
        return Conflict("another transaction was in the way")
    if code == "SQLITE_FULL":
        return Unavailable("full", "the database has no room left")
    if code.startswith("SQLITE_READONLY") and writing:
        return Unavailable("read_only", "the database can only be read")
    if code.startswith(_SQLITE_GONE):
        return Unavailable("database", f"the database cannot be used ({code})")
    return None


def _of_postgresql(error: DBAPIError, writing: bool) -> AlurError | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in SERIALISATION_FAILURES:
        return Conflict("another transaction was in the way")
    if state == BUSY_SERVER:
        return Unavailable("busy", "the database takes no more connections")
    if state == FULL_DISK:
        return Unavailable("full", "the database has no room left")
    if state == READ_ONLY and writing:
        return Unavailable("read_only", "the database can only be read")
    # The driver gives no state where there was no server to give one.
    unanswered = state is None and isinstance(error, OperationalError)
    if unanswered or error.connection_invalidated or (state or "").startswith(_GONE):
        return Unavailable("database", "the database cannot be reached")
    return None
