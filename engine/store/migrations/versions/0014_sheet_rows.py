"""How many rows a sheet has that waits to be confirmed."""

from engine.store.migration_files import run_statements

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column; the guards are tested after the last migration."""
    run_statements(__file__)
