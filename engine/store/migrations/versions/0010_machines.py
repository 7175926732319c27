"""What several machines share."""

from engine.store.migration_files import run_statements

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
