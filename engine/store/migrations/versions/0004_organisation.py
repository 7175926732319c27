"""What the administration pages and signing in elsewhere need."""

from engine.store.migration_files import run_statements

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
