"""Who sees to what follows a result, and what was written down about it."""

from engine.store.migration_files import run_statements

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create table and columns; the guards are tested after the last migration."""
    run_statements(__file__)
