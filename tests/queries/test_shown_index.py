"""Recognised ideas are found by the index of their process, however many cases there are."""

from pathlib import Path

from sqlalchemy import event

from engine.queries.shown_cases import finished
from engine.store.database import Store


def test_sqlite_looks_only_at_the_cases_of_the_process(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'alur.db'}")
    store.migrate()
    asked = []

    with store.reading("agency") as tx:
        event.listen(
            tx.connection, "before_cursor_execute",
            lambda _c, _cursor, statement, values, *_: asked.append((statement, values)),
        )  # fmt: skip
        finished(tx, ["sal_idea"], before="01", limit=21)
        statement, values = asked[0]
        plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    store.close()

    found = "ix_instance_agency_id_process_id_id (agency_id=? AND process_id=? AND id<?)"
    asks = [row.detail for row in plan if " instance " in row.detail]
    assert asks == [f"SEARCH instance USING INDEX {found}"]
