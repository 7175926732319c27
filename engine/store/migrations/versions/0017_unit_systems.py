"""The appraisal system of a unit, and versions of units and positions."""

from engine.store.migration_files import run_statements

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the columns; the guards are tested after the last migration."""
    run_statements(__file__)
