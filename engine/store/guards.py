"""The database guards of the audit trail: sealed tables may only grow, and a test proves it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Table, insert, quoted_name, text
from sqlalchemy.exc import DBAPIError

from engine.errors import GuardMissing
from engine.store import tables

SEALED = (
    tables.audit_event,
    tables.submission,
    tables.decision,
    tables.definition_file,
    tables.case_record,
)
REFUSED = "append-only table"
# Of class "AL" that PostgreSQL leaves to applications; insufficient_privilege is its own.
REFUSAL_STATES = frozenset({"AL001", "42501"})
# Workers fetch, finish and delete wake-ups, which are no facts.
_WAKEUP_RIGHTS = (
    "USAGE ON SCHEMA alur_wakeups",
    "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA alur_wakeups",
    "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA alur_wakeups",
)
_PROBES: dict[type, object] = {
    str: "guard",
    int: 1,
    bytes: b"guard",
    datetime: datetime(2000, 1, 1, tzinfo=UTC),
    date: date(2000, 1, 1),
}


def install(connection: Connection) -> None:
    """Create or renew the triggers that refuse every change of a sealed row."""
    statements = _sqlite_triggers if connection.dialect.name == "sqlite" else _postgresql_triggers
    for statement in statements():
        connection.exec_driver_sql(statement)


def grant(connection: Connection, role: str) -> None:
    """Let the application's role work, but only insert into and read sealed tables."""
    quote = connection.dialect.identifier_preparer.quote
    name = quote(quoted_name(role, quote=True))
    sealed = {table.name for table in SEALED}
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {name}")
    for rights in _WAKEUP_RIGHTS:
        connection.exec_driver_sql(f"GRANT {rights} TO {name}")
    for table in tables.metadata.sorted_tables:
        rights = "SELECT, INSERT"
        if table.name in sealed:
            connection.exec_driver_sql(f"REVOKE ALL ON {quote(table.name)} FROM {name}")
        else:
            rights += ", UPDATE, DELETE"
        connection.exec_driver_sql(f"GRANT {rights} ON {quote(table.name)} TO {name}")


def check(connection: Connection) -> None:
    """Try every forbidden statement and undo it; raises GuardMissing when one goes through."""
    outer = connection.begin_nested() if connection.in_transaction() else connection.begin()
    try:
        for table in SEALED:
            _check_table(connection, table)
        if connection.dialect.name == "postgresql":
            _check_enabled(connection)
    finally:
        outer.rollback()


def check_in_place(connection: Connection) -> None:
    """See that every trigger stands, without trying it: cheap enough to be asked all the time.

    Raises GuardMissing.
    """
    if connection.dialect.name == "postgresql":
        _check_enabled(connection)
        return
    statement = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    standing = set(connection.execute(statement).scalars())
    for table in SEALED:
        for verb in ("update", "delete"):
            if f"sealed_{table.name}_{verb}" not in standing:
                raise GuardMissing(f"trigger on {table.name}")


def _check_table(connection: Connection, table: Table) -> None:
    attempts = _postgresql_attempts(table)
    if connection.dialect.name == "sqlite":
        _plant(connection, table)
        attempts = _sqlite_attempts(table)
    for name, statement in attempts.items():
        if not _refused(connection, statement):
            raise GuardMissing(f"{name} on {table.name}")


def _plant(connection: Connection, table: Table) -> None:
    """A row to attack, since SQLite's triggers fire for rows only; its references may dangle."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    row = {column.name: _PROBES[column.type.python_type] for column in table.columns}
    connection.execute(insert(table), row)


def _refused(connection: Connection, statement: str) -> bool:
    attempt = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        return state in REFUSAL_STATES or REFUSED in str(error.orig)
    finally:
        attempt.rollback()
    return False


def _check_enabled(connection: Connection) -> None:
    """The application's role is refused by its rights already: see that the triggers stand too."""
    statement = text(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'sealed' AND tgenabled = 'A'"
    )
    guarded = set(connection.execute(statement).scalars())
    for table in SEALED:
        if table.name not in guarded:
            raise GuardMissing(f"trigger on {table.name}")


def _sqlite_attempts(table: Table) -> Mapping[str, str]:
    return {
        "UPDATE": f"UPDATE {table.name} SET agency_id = 'other' WHERE agency_id = 'guard'",  # noqa: S608
        "DELETE": f"DELETE FROM {table.name} WHERE agency_id = 'guard'",  # noqa: S608
        "INSERT OR REPLACE": (
            f"INSERT OR REPLACE INTO {table.name} "  # noqa: S608
            f"SELECT * FROM {table.name} WHERE agency_id = 'guard'"
        ),
    }


def _postgresql_attempts(table: Table) -> Mapping[str, str]:
    return {
        "UPDATE": f"UPDATE {table.name} SET agency_id = agency_id WHERE false",  # noqa: S608
        "DELETE": f"DELETE FROM {table.name} WHERE false",  # noqa: S608
        "TRUNCATE": f"TRUNCATE {table.name} CASCADE",
    }


def _sqlite_triggers() -> Iterator[str]:
    for table in SEALED:
        for verb in ("UPDATE", "DELETE"):
            name = f"sealed_{table.name}_{verb.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )


def _postgresql_triggers() -> Iterator[str]:
    """ENABLE ALWAYS, so that session_replication_role=replica does not switch them off."""
    yield (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION USING MESSAGE = '{REFUSED}', ERRCODE = 'AL001'; END $$"
    )
    for table in SEALED:
        yield f"DROP TRIGGER IF EXISTS sealed ON {table.name}"
        yield (
            f"CREATE TRIGGER sealed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        yield f"ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER sealed"
