"""An index that no question asked, and one for what somebody did in confidence."""

from engine.store.migration_files import run_statements

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Change the indexes; the guards are tested after the last migration."""
    run_statements(__file__)
