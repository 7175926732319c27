"""Drafts that operators prepare for raters."""

from engine.store.migration_files import run_statements

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
