"""Sealed tables may only grow, on both databases, and a missing guard is noticed."""

from itertools import product

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from engine.errors import GuardMissing
from engine.store import guards
from engine.store.database import Store
from tests.postgres import TestDatabase
from tests.store.builders import populate

SEALED = [table.name for table in guards.SEALED]
COMMON = ("UPDATE {} SET agency_id = 'x'", "DELETE FROM {}")
SQLITE = (
    *COMMON,
    "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",
    "REPLACE INTO {0} SELECT * FROM {0}",
    "UPDATE OR REPLACE {} SET agency_id = 'x'",
)
POSTGRESQL = (
    *COMMON,
    "TRUNCATE {} CASCADE",
    "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT (agency_id, {1}) DO UPDATE SET agency_id = 'x'",
)


def as_owner(database: TestDatabase, *statements: str) -> list:
    """What the owner of the tables, or anybody with the SQLite file, can do."""
    engine = create_engine(database.migration_url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
        return result.all() if result.returns_rows else []


def drop_guard(database: TestDatabase, table: str) -> None:
    on = f" ON {table}"
    postgresql = database.url.startswith("postgresql")
    as_owner(database, f"DROP TRIGGER sealed{on}" if postgresql else drop_on_sqlite(table))


def drop_on_sqlite(table: str) -> str:
    return f"DROP TRIGGER sealed_{table}_delete"


def test_no_change_of_a_sealed_row_goes_through(store: Store):
    ids = populate(store, "a")
    changes = SQLITE if store.is_sqlite else POSTGRESQL
    refusal = guards.REFUSED if store.is_sqlite else "permission denied"

    for table, change in product(guards.SEALED, changes):
        key = ", ".join(column.name for column in list(table.primary_key)[1:])
        with pytest.raises(DBAPIError, match=refusal), store.transaction(ids.agency) as tx:
            tx.connection.execute(text(change.format(table.name, key)))


def test_the_owner_too_is_refused(store: Store, database: TestDatabase):
    populate(store, "a")

    for table in SEALED:
        with pytest.raises(DBAPIError, match=guards.REFUSED):
            as_owner(database, f"DELETE FROM {table}")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_replica_role_does_not_switch_the_guards_off(store: Store, postgres_server, database):
    populate(store, "a")
    name = database.url.rsplit("/", 1)[1].split("?")[0]
    admin = postgres_server.admin.set(database=name)
    engine = create_engine(admin, poolclass=NullPool)

    with engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        with pytest.raises(DBAPIError, match=guards.REFUSED):
            connection.execute(text("DELETE FROM audit_event"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_role_of_the_application_has_no_right_to_change_or_drop(store: Store, database):
    ids = populate(store, "a")

    for statement in (
        "UPDATE audit_event SET body = ''",
        "DELETE FROM submission",
        "TRUNCATE decision",
        "DROP TRIGGER sealed ON audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER sealed",
        "DROP TABLE audit_event",
        "CREATE TABLE other (n INTEGER)",
    ):
        refusal = "permission denied|must be owner"
        with pytest.raises(DBAPIError, match=refusal), store.transaction(ids.agency) as tx:
            tx.connection.execute(text(statement))


def test_the_check_passes_on_a_migrated_store_and_leaves_nothing_behind(store: Store, database):
    store.check_guards()

    for table in SEALED:
        assert as_owner(database, f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.mark.parametrize("table", SEALED)
def test_a_dropped_guard_is_noticed_and_a_migration_puts_it_back(store: Store, database, table):
    drop_guard(database, table)

    with pytest.raises(GuardMissing, match=table):
        store.check_guards()
    store.migrate()
    store.check_guards()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_disabled_trigger_is_noticed_although_the_role_is_refused_anyway(store, database):
    as_owner(database, "ALTER TABLE audit_event DISABLE TRIGGER sealed")

    with pytest.raises(GuardMissing, match="audit_event"):
        store.check_guards()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_connection_without_recursive_triggers_is_noticed(store: Store):
    with store._writing.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        connection.exec_driver_sql("BEGIN")
        with pytest.raises(GuardMissing, match="INSERT OR REPLACE"):
            guards.check(connection)


def test_a_store_without_tables_fails_the_check(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'empty.sqlite'}")

    with pytest.raises(DBAPIError, match="no such table"):
        store.check_guards()

    store.close()
