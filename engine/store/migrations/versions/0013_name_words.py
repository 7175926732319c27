"""The words of names, so that people are found without reading all of them."""

from alembic import op
from sqlalchemy import text

from engine.domain.name_words import name_words
from engine.store.migration_files import run_statements

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table and fill it from the names; the guards are tested after the last one."""
    run_statements(__file__)
    connection = op.get_bind()
    words = [
        {"agency": agency, "person": person, "word": word}
        for agency, person, name in connection.execute(
            text("SELECT agency_id, id, name FROM employee")
        )
        for word in name_words(name)
    ]
    if words:
        connection.execute(
            text("INSERT INTO employee_name_word VALUES (:agency, :word, :person)"), words
        )
