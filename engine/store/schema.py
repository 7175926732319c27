"""Brings the tables of a database up to date and ends by proving the audit guards."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from engine.store import guards


def upgrade(connection: Connection, *, app_role: str | None = None) -> None:
    """Run the missing migrations, set the guards and the rights of `app_role`, test the guards.

    `app_role` is None where the application owns the tables itself. Raises GuardMissing.
    """
    command.upgrade(configuration(connection), "head")
    guards.install(connection)
    if app_role and connection.dialect.name == "postgresql":
        guards.grant(connection, app_role)
    guards.check(connection)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, without any file: the scripts lie beside this module."""
    config = Config()
    config.set_main_option("script_location", str(files("engine.store") / "migrations"))
    config.attributes["connection"] = connection
    return config
