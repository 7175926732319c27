"""Who is named in a case and may not do a step of it."""

from engine.store.migration_files import run_statements

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the column; the guards are tested after the last migration."""
    run_statements(__file__)
