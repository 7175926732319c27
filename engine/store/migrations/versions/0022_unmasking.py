"""Requests to learn who said something in confidence."""

from engine.store.migration_files import run_statements

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Create the table; the guards are tested after the last migration."""
    run_statements(__file__)
