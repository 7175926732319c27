"""Migration, transactions and the two engines."""

import threading
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, insert, select, update
from sqlalchemy.exc import DBAPIError, StatementError

from engine.domain.people import AgencyId
from engine.errors import Conflict
from engine.store import tables
from engine.store.database import Store

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
A = AgencyId("a")
# The driver prepares what it has sent five times.
OFTEN = 10


def agency(name: str) -> dict[str, object]:
    return {"id": name, "name": name, "zone": "Asia/Jakarta", "created_at": NOW}


def names(store: Store) -> list[str]:
    with store.reading(A) as tx:
        return list(tx.connection.execute(select(tables.agency.c.id)).scalars())


def test_the_migrations_draw_exactly_the_tables_of_the_code(database):
    engine = create_engine(database.migration_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, tables.metadata)

    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(store: Store):
    store.migrate()

    assert names(store) == []


def test_a_clean_exit_commits_and_an_error_does_not(store: Store):
    with store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), agency("kept"))
    with suppress(LookupError), store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), agency("lost"))
        raise LookupError

    assert names(store) == ["kept"]


def test_a_reading_transaction_cannot_write(store: Store):
    with pytest.raises(DBAPIError), store.reading(A) as tx:
        tx.connection.execute(insert(tables.agency), agency("sneaked"))

    assert names(store) == []


def test_a_reader_is_not_blocked_by_a_writer_and_sees_nothing_uncommitted(store: Store):
    with store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), agency("new"))
        seen: list[list[str]] = []
        reader = threading.Thread(target=lambda: seen.append(names(store)))
        reader.start()
        reader.join(timeout=8)

    assert seen == [[]]
    assert names(store) == ["new"]


def test_a_reading_transaction_sees_one_moment(store: Store):
    with store.reading(A) as tx:
        before = tx.connection.execute(select(tables.agency.c.id)).all()
        with store.transaction(A) as writer:
            writer.connection.execute(insert(tables.agency), agency("later"))
        after = tx.connection.execute(select(tables.agency.c.id)).all()

    assert before == after == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_was_prepared_for_one_look_serves_the_next(store: Store):
    for _ in range(OFTEN):
        names(store)

    with store.reading(A) as tx:
        found = tx.connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements")
        prepared = list(found.scalars())
    assert any("FROM agency" in statement for statement in prepared)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_deadlock_is_a_conflict_for_one_of_the_two(store: Store):
    with store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), [agency("x"), agency("y")])
    gate, outcomes = threading.Barrier(2), []

    def rename(*order: str) -> None:
        try:
            with store.transaction(A) as tx:
                for name in order:
                    statement = update(tables.agency).where(tables.agency.c.id == name)
                    tx.connection.execute(statement.values(name="new"))
                    if name == order[0]:
                        gate.wait()
            outcomes.append("kept")
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=rename, args=order) for order in ("xy", "yx")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict", "kept"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_that_stays_busy_is_a_conflict(store: Store, database):
    impatient = Store(database.url)
    raw = impatient._writing.raw_connection()
    raw.cursor().execute("PRAGMA busy_timeout=1")
    raw.close()

    with store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), agency("first"))
        with pytest.raises(Conflict), impatient.transaction(A) as second:
            second.connection.execute(insert(tables.agency), agency("second"))

    impatient.close()
    assert names(store) == ["first"]


def test_an_error_of_the_database_shows_no_parameters(store: Store):
    with store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), agency("secret"))

    with pytest.raises(DBAPIError) as refused, store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), {**agency("secret"), "name": "Siti"})

    assert "Siti" not in str(refused.value)


def test_instants_come_back_aware_in_utc_and_naive_ones_are_refused(store: Store):
    with store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), agency("a"))

    with store.reading(A) as tx:
        found = tx.connection.execute(select(tables.agency.c.created_at)).scalar_one()
    assert found == NOW
    assert found.tzinfo is UTC

    naive = {**agency("b"), "created_at": NOW.replace(tzinfo=None)}
    with pytest.raises(StatementError, match="zone"), store.transaction(A) as tx:
        tx.connection.execute(insert(tables.agency), naive)
