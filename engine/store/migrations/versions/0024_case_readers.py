"""Who may read what ran beside an appraisal, once it is over."""

from engine.store.migration_files import run_statements

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the column; the guards are tested after the last migration."""
    run_statements(__file__)
