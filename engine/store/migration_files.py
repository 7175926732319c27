"""Runs the frozen SQL statements that lie beside a migration, in the words of its database."""

from pathlib import Path

from alembic import op


def run_statements(migration: str) -> None:
    """Run `<migration>.<database>.sql`; `migration` is the path of the migration's own module."""
    module = Path(migration)
    source = module.with_name(f"{module.stem}.{op.get_bind().dialect.name}.sql")
    for statement in source.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)
