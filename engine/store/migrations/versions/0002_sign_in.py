"""Credentials, one-time codes, wrong tries, proposed duties; sessions know device and idleness.

Sessions are drawn anew: nobody had a password before, so nobody loses more than one sign-in.
"""

from engine.store.migration_files import run_statements

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    run_statements(__file__)
