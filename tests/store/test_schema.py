"""The program runs on its own tables only; two that start at once bring them up to date once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from engine.errors import SchemaMismatch
from engine.store import schema
from engine.store.database import Store
from tests.postgres import TestDatabase

OLD_CASE = """
    INSERT INTO instance VALUES (
        'a', 'case', 'd', 'annual', '2026', 'someone', 'unit', 'running', 1, '', 0, 'key',
        '2026-01-05T01:00:00.000000+00:00', NULL
    )
"""


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


def test_what_refers_to_a_case_still_does_after_its_table_was_made_anew(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'alur.db'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), "0014")
        connection.execute(text(OLD_CASE))
        connection.execute(text("INSERT INTO instance_state VALUES ('a', 'case', 1, x'00', NULL)"))
    engine.dispose()
    store = Store(url)

    store.migrate()
    store.close()

    assert execute(url, "SELECT id, turn, confidential FROM instance") == [("case", "", 0)]
    assert execute(url, "SELECT instance_id FROM instance_state") == [("case",)]
    referred = execute(url, "SELECT \"table\" FROM pragma_foreign_key_list('instance_state')")
    assert referred == [("instance",)] * 2
