"""The ratings behind a result, for questions over many results."""

from engine.store.migration_files import run_statements

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the column; results from before have no figures."""
    run_statements(__file__)
