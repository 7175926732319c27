"""Brings the tables of a database up to date and ends by proving the audit guards."""

from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from engine.errors import SchemaMismatch
from engine.store import guards, wakeups

# Two programs that start at once bring the tables up to date one after the other.
_LOCK = "SELECT pg_advisory_xact_lock(4159771)"


def upgrade(connection: Connection, *, app_role: str | None = None) -> None:
    """Run the missing migrations, set the guards and the rights of `app_role`, test the guards.

    `app_role` is None where the application owns the tables itself. Raises GuardMissing, or
    SchemaMismatch when the database is newer than this program.
    """
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.exec_driver_sql(_LOCK)
    found = version(connection)
    if found is not None and found > expected():
        raise SchemaMismatch(found, expected())
    command.upgrade(configuration(connection), "head")
    guards.install(connection)
    if postgresql:
        wakeups.install(connection)
    if app_role and postgresql:
        guards.grant(connection, app_role)
    guards.check(connection)


def version(connection: Connection) -> str | None:
    """The version of the tables; None when there are none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def expected() -> str:
    """The version that this program needs."""
    config = Config()
    config.set_main_option("script_location", _scripts())
    return ScriptDirectory.from_config(config).get_current_head() or ""


def check(connection: Connection) -> None:
    """Compare both versions; raises SchemaMismatch."""
    found = version(connection)
    if found != expected():
        raise SchemaMismatch(found, expected())


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, without any file: the scripts lie beside this module."""
    config = Config()
    config.set_main_option("script_location", _scripts())
    config.attributes["connection"] = connection
    return config


def _scripts() -> str:
    return str(files("engine.store") / "migrations")
