"""Processes beside the appraisal, and the records that they leave."""

from engine.store.migration_files import run_statements

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create tables and columns; the guards are tested after the last migration."""
    run_statements(__file__)
