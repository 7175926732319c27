"""All tables of the first version, as frozen statements: one file a database."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    source = Path(__file__).with_name(f"0001_initial.{op.get_bind().dialect.name}.sql")
    for statement in source.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
