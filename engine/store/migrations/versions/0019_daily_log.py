"""The daily log: who keeps one, its entries, and what is said of them."""

from engine.store.migration_files import run_statements

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
