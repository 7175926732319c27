"""Citizen surveys, their one-time links and what citizens answered."""

from engine.store.migration_files import run_statements

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
