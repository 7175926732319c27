"""What somebody has sent is found by his own rows, however much work the agency has done."""

from pathlib import Path

from sqlalchemy import event

from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.queries.inbox_asked import Asked
from engine.queries.inbox_done import done_page
from engine.store.database import Store

ME = Actor(AgencyId("agency"), EmployeeId("me"))
OF_THE_WHOLE_AGENCY = "(agency_id=?)"


def test_sqlite_looks_only_at_what_the_actor_sent_or_did_in_confidence(tmp_path: Path):
    store = Store(f"sqlite:///{tmp_path / 'alur.db'}")
    store.migrate()

    with store.reading(ME.agency_id) as tx:
        asked: list[tuple[str, tuple[object, ...]]] = []
        event.listen(
            tx.connection, "before_cursor_execute",
            lambda _c, _u, sql, given, _x, _m: asked.append((sql, given)),
        )  # fmt: skip
        done_page(tx, ME, (), Asked(), limit=20)
        ((sql, given),) = asked
        plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
    store.close()

    steps = [row.detail for row in plan]
    assert any("ix_submission_agency_id_actor_id_at" in step for step in steps)
    assert any("ix_work_item_agency_id_assignee_id " in step for step in steps)
    assert not [step for step in steps if OF_THE_WHOLE_AGENCY in step or "SCAN" in step]
