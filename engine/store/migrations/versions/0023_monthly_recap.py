"""What payroll was told, month by month."""

from engine.store.migration_files import run_statements

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
