"""Steps that were keyed in from paper."""

from engine.store.migration_files import run_statements

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the table; the guards are tested after the last migration."""
    run_statements(__file__)
