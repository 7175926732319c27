"""Result sheets and what their printed code answers."""

from engine.store.migration_files import run_statements

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
