"""An index for the cases of one process beside the appraisal, the newest first."""

from engine.store.migration_files import run_statements

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Create the index; the guards are tested after the last migration."""
    run_statements(__file__)
