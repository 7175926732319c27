"""Notices in the product and on their way out."""

from engine.store.migration_files import run_statements

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
