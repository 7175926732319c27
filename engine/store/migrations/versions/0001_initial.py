"""All tables of the first version, as frozen statements: one file a database."""

from engine.store.migration_files import run_statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    run_statements(__file__)
