"""Measured figures from other books: complaints, attendance, training."""

from engine.store.migration_files import run_statements

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Create the table; the guards are tested after the last migration."""
    run_statements(__file__)
