"""Who took part in or beside some cases is found by these cases, however many others there are."""

from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import event

from engine.domain.people import Actor, AgencyId, EmployeeId
from engine.domain.separation import PROPERTY
from engine.queries.separations import open_among
from engine.store.database import Store

ME = Actor(AgencyId("agency"), EmployeeId("me"))
ROW = SimpleNamespace(
    id="item", instance_id="case", definition_id="national", element_id="name_authority",
    subject_id="clerk", unit_id="division", assignee_id="me", function=None, offered_to=None,
    claimed_by=None, delegated_to=None, kept_apart=None,
)  # fmt: skip
OF_THE_WHOLE_AGENCY, READ_THROUGH = "(agency_id=?)", "SCAN submission"


def asked_of(folder: Path, separation: str) -> list[str]:
    """How SQLite finds what a list asks about a step with this separation of duties."""
    store, asked = Store(f"sqlite:///{folder / 'alur.db'}"), []
    store.migrate()
    with store.reading(ME.agency_id) as tx:
        event.listen(
            tx.connection, "before_cursor_execute",
            lambda _c, _u, sql, given, _x, _m: asked.append((sql, given)),
        )  # fmt: skip
        open_among(tx, [ROW], actor=ME, properties_of=lambda *_: {PROPERTY: separation})
        found = [
            row.detail
            for sql, given in tuple(asked)
            for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)
        ]
    store.close()
    return found


def test_sqlite_goes_from_the_cases_to_what_was_sent_about_the_same_persons(tmp_path: Path):
    steps = asked_of(tmp_path, "participant")

    assert any("SEARCH around" in step and "cycle_id=? AND subject_id=?" in step for step in steps)
    assert any("ix_submission_agency_id_instance_id_at" in step for step in steps)
    assert not [step for step in steps if OF_THE_WHOLE_AGENCY in step or READ_THROUGH in step]


def test_a_step_that_is_kept_from_the_appraised_person_only_asks_nothing(tmp_path: Path):
    assert asked_of(tmp_path, "subject") == []
