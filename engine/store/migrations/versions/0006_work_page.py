"""What the page of a work item keeps: comments and uploads in parts."""

from engine.store.migration_files import run_statements

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
