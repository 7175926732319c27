"""Saved column mappings and transfers of people."""

from engine.store.migration_files import run_statements

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
