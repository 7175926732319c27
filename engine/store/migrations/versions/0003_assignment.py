"""Who holds open work: claims, delegations, saved filters of the inbox."""

from engine.store.migration_files import run_statements

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
