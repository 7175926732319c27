"""Launching, extending and closing a cycle."""

from engine.store.migration_files import run_statements

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
