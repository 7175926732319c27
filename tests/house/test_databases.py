"""The databases that all other tests stand on."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from tests.postgres import PostgresServer, TestDatabase


def execute(url: str, *statements: str) -> list[tuple]:
    """The rows of the last statement."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_each_test_gets_an_empty_database_of_each_kind(database: TestDatabase):
    execute(database.migration_url, "CREATE TABLE note (body TEXT)")

    rows = execute(database.migration_url, "SELECT body FROM note")

    assert rows == []


def test_two_databases_on_the_server_are_separate(postgres_server: PostgresServer):
    first, second = postgres_server.create_database(), postgres_server.create_database()

    execute(first.migration_url, "CREATE TABLE note (body TEXT)")

    with pytest.raises(ProgrammingError, match="does not exist"):
        execute(second.migration_url, "SELECT body FROM note")


def test_a_clone_holds_what_its_template_held(postgres_server: PostgresServer):
    def prepare(made: TestDatabase) -> None:
        execute(made.migration_url, "CREATE TABLE note (body TEXT)", "INSERT INTO note VALUES (1)")

    template = postgres_server.prepare_template("notes", prepare)
    clone = postgres_server.create_database(template=template)

    assert execute(clone.migration_url, "SELECT body FROM note") == [("1",)]


def test_the_app_role_may_neither_create_nor_read_without_a_grant(postgres_server: PostgresServer):
    made = postgres_server.create_database()
    execute(made.migration_url, "CREATE TABLE note (body TEXT)")

    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(made.url, "SELECT body FROM note")
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(made.url, "CREATE TABLE other (body TEXT)")


def test_the_server_listens_on_no_network_address(postgres_server: PostgresServer):
    admin = postgres_server.admin.render_as_string(hide_password=False)

    host = postgres_server.admin.query.get("host")

    assert host is None or execute(admin, "SHOW listen_addresses") == [("",)]
    assert host is None or Path(host).is_dir()
