"""The queue of wake-ups for workers, in a schema of its own on PostgreSQL.

Procrastinate draws its tables. They hold no truth, only who is to look when: after an update of the
library they are thrown away and drawn anew.
"""

from importlib.metadata import version

from sqlalchemy import Connection, make_url, text

SCHEMA = "alur_wakeups"
_DRAWN = text("SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')")


def install(connection: Connection) -> None:
    """Draw the queue's tables unless those of this version of the library stand."""
    drawn = connection.execute(_DRAWN, {"schema": SCHEMA}).scalar()
    if drawn != _version():
        _draw(connection)


def conninfo(url: str) -> str:
    """The address as the queue's own connections take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _version() -> str:
    return version("procrastinate")


def _draw(connection: Connection) -> None:
    from procrastinate.schema import SchemaManager

    for statement in (
        "DROP SCHEMA IF EXISTS alur_wakeups CASCADE",
        "CREATE SCHEMA alur_wakeups",
        f"COMMENT ON SCHEMA {SCHEMA} IS '{_version()}'",
        f"SET LOCAL search_path TO {SCHEMA}",
    ):
        connection.exec_driver_sql(statement)
    # The library's own text, many statements at once: only the driver itself takes that.
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 (a connection in use has one)
    driver.execute(SchemaManager.get_schema())
    connection.exec_driver_sql("SET LOCAL search_path TO DEFAULT")
