"""Credentials, one-time codes, wrong tries, proposed duties; sessions know device and idleness.

Sessions are drawn anew: nobody had a password before, so nobody loses more than one sign-in.
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; the guards are tested after the last migration."""
    source = Path(__file__).with_name(f"0002_sign_in.{op.get_bind().dialect.name}.sql")
    for statement in source.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
