"""Lists that leave out what is confidential find it by its index, however many cases there are."""

from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.dialects import sqlite

from engine.queries.inbox_sources import _IN_CONFIDENCE
from engine.store.database import Store


def test_sqlite_looks_only_at_the_confidential_cases(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'alur.db'}"
    store = Store(url)
    store.migrate()
    store.close()
    engine = create_engine(url)
    asked = str(_IN_CONFIDENCE.compile(dialect=sqlite.dialect()))

    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("agency",)).all()
    engine.dispose()

    assert [row.detail for row in plan] == [
        "SEARCH instance USING INDEX ix_instance_agency_id_id (agency_id=?)"
    ]
