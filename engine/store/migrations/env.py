"""Runs the migrations on the connection that `engine.store.schema` opened.

Batch mode is off: it copies a table on SQLite and drops the audit triggers. The guards are set and
proved by `schema.upgrade` after the last migration.
"""

from alembic import context

from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=False,
)
context.run_migrations()
