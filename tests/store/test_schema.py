"""The program runs on its own tables only; two that start at once bring them up to date once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text

from engine.errors import SchemaMismatch
from engine.store.database import Store
from tests.postgres import TestDatabase


def execute(url: str, statement: str) -> list[tuple]:
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        found = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def opened(database: TestDatabase) -> Store:
    return Store(database.url, migration_url=database.migration_url)


@pytest.mark.parametrize(
    ("version", "advice"), [("0001", "run `alur migrate`"), ("9999", "or a newer one")]
)
def test_other_tables_than_its_own_are_refused_in_a_sentence(
    database: TestDatabase, version: str, advice: str
):
    store = opened(database)
    store.migrate()
    execute(database.migration_url, f"UPDATE alembic_version SET version_num = '{version}'")

    with pytest.raises(SchemaMismatch, match=advice) as refused:
        store.check_schema()
    store.close()

    assert refused.value.found == version


def test_newer_tables_are_never_brought_down(database: TestDatabase):
    store = opened(database)
    store.migrate()
    execute(database.migration_url, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaMismatch):
        store.migrate()
    store.close()

    assert execute(database.url, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_two_that_migrate_at_once_leave_whole_tables(database: TestDatabase):
    stores = [opened(database) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Store.migrate, stores))

    for store in stores:
        store.check_schema()
        store.check_guards()
        store.close()


def test_the_queue_of_wake_ups_is_drawn_anew_for_another_version_of_its_library(postgres_server):
    database = postgres_server.create_database()
    store = opened(database)
    store.migrate()
    execute(database.migration_url, "COMMENT ON SCHEMA alur_wakeups IS '0.1'")
    execute(database.migration_url, "DROP TABLE alur_wakeups.procrastinate_periodic_defers")

    store.migrate()
    store.close()

    counted = "SELECT count(*) FROM alur_wakeups.procrastinate_periodic_defers"
    assert execute(database.url, counted) == [(0,)]
