"""What each tampering with the database leaves behind (the guards switched off)."""

import threading
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from engine.domain.actions import Action
from engine.domain.audit import (
    GENESIS,
    AuditEvent,
    ChainHead,
    NotCanonical,
    event_hash,
)
from engine.errors import StaleVersion
from engine.store import audit, guards, instances, tables
from engine.store.database import Store
from engine.store.verification import count_events, verify
from tests.store.builders import NOW, Ids, populate


@pytest.fixture
def ids(store: Store) -> Ids:
    return populate(store, "a")


def problems(store: Store, ids: Ids) -> list[tuple[str, int, str]]:
    with store.reading(ids.agency) as tx:
        return [(found.chain_id, found.n, found.kind.value) for found in verify(tx)]


def tamper(database, *statements: str, **values: object) -> None:
    """Change the tables behind the product's back: as their owner, or in the file itself."""
    engine = create_engine(database.migration_url, poolclass=NullPool)
    with engine.begin() as connection:
        for table in guards.SEALED:
            drops = [f"DROP TRIGGER sealed ON {table.name}"]
            if engine.dialect.name == "sqlite":
                drops = [
                    f"DROP TRIGGER sealed_{table.name}_{verb}" for verb in ("update", "delete")
                ]
            for drop in drops:
                connection.execute(text(drop))
        for statement in statements:
            connection.execute(text(statement), values)


def test_an_untouched_trail_has_no_problem(store: Store, ids: Ids):
    told = []

    with store.reading(ids.agency) as tx:
        found, count = list(verify(tx, progress=told.append)), count_events(tx)

    assert found == []
    assert sorted(told) == [1, 1, 1, 1, 1, 1, 2, 13]
    assert count == 21


def test_each_event_leaves_a_pending_row_for_the_tree(store: Store, ids: Ids):
    event, pending = tables.audit_event, tables.audit_pending
    with store.reading(ids.agency) as tx:
        events = tx.connection.execute(select(event.c.chain_id, event.c.n)).all()
        waiting = tx.connection.execute(select(pending.c.chain_id, pending.c.n)).all()

    assert sorted(events) == sorted(waiting)
    assert len(events) == 21


OF_NOTE = "agency_id, instance_id, author_id, audience, payload, commitment, at"
ON_CASE = "WHERE chain_id = 'a-case'"
TAMPERINGS = {
    "body edited": (f"UPDATE audit_event SET body = '{{}}' {ON_CASE} AND n = 12", 12, "hash"),
    "middle row deleted": (f"DELETE FROM audit_event {ON_CASE} AND n = 12", 13, "number"),
    "tail deleted": (f"DELETE FROM audit_event {ON_CASE} AND n = 13", 12, "count"),
    "all rows deleted": (f"DELETE FROM audit_event {ON_CASE}", 0, "count"),
    "actor's copy changed": (
        f"UPDATE audit_event SET actor_id = 'a-head' {ON_CASE} AND n = 12", 12, "copy",
    ),
    "action's copy changed": (
        f"UPDATE audit_event SET action = 'work.opened' {ON_CASE} AND n = 12", 12, "copy",
    ),
    "time's copy changed": (
        f"UPDATE audit_event SET at = (SELECT expires_at FROM session) {ON_CASE} AND n = 12",
        12, "copy",
    ),
    "format changed": (f"UPDATE audit_event SET format = 9 {ON_CASE} AND n = 1", 1, "format"),
    "count changed": ("UPDATE instance SET audit_count = 12", 13, "count"),
    "head changed": (
        f"UPDATE instance SET audit_head = (SELECT hash FROM audit_event {ON_CASE} AND n = 12)",
        13, "head",
    ),
    "submission's payload changed": (
        "UPDATE submission SET payload = (SELECT payload FROM draft)", 12, "submission",
    ),
    "submission's commitment changed": (
        "UPDATE submission SET commitment = receipt", 12, "submission",
    ),
    "note's payload changed": (
        "UPDATE case_comment SET payload = (SELECT payload FROM draft)", 6, "comment",
    ),
    "note's commitment changed": (
        "UPDATE case_comment SET commitment = author_id", 6, "comment",
    ),
    "note deleted": ("DELETE FROM case_comment", 6, "comment"),
    "note slipped in": (
        f"INSERT INTO case_comment (id, {OF_NOTE}) SELECT 'forged', {OF_NOTE} FROM case_comment",
        0, "comment",
    ),
    "sheet's facts changed": (
        "UPDATE result_sheet SET facts_sealed = (SELECT payload FROM draft)", 7, "result_sheet",
    ),
    "sheet's code changed": ("UPDATE result_sheet SET code_hash = 'mine'", 7, "result_sheet"),
    "sheet's digest changed": ("UPDATE result_sheet SET pdf_sha256 = 'mine'", 7, "result_sheet"),
    "sheet deleted": ("DELETE FROM result_sheet", 7, "result_sheet"),
    "result changed": ("UPDATE result_version SET predicate = 'good'", 8, "result"),
    "local score changed": ("UPDATE result_version SET local_score = '120'", 8, "result"),
    "result's decider changed": ("UPDATE result_version SET decided_by = 'me'", 8, "result"),
    "ratings behind the result changed": ("UPDATE result_version SET figures = '{}'", 8, "result"),
    "result deleted": ("DELETE FROM result_version", 8, "result"),
    "what lists and exports show changed": (
        "UPDATE appraisal SET predicate = 'good'", 8, "result",
    ),
    "who prepared changed": (
        "UPDATE delegation SET delegate_id = delegated_by", 9, "delegation",
    ),
    "who prepared forgotten": ("DELETE FROM delegation", 9, "delegation"),
    "decision changed": ("UPDATE decision SET body = '[]'", 13, "decision"),
    "record changed": ("UPDATE case_record SET body = '[]'", 10, "record"),
    "record of another period": ("UPDATE case_record SET period = '2026-02'", 10, "record"),
    "follow-up changed": ("UPDATE follow_up_entry SET commitment = 'x'", 11, "follow_up"),
    "follow-up deleted": ("DELETE FROM follow_up_entry", 11, "follow_up"),
    "record deleted": ("DELETE FROM case_record", 10, "record"),
    "decision deleted": ("DELETE FROM decision", 13, "decision"),
}  # fmt: skip


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_tampering_is_named_by_chain_number_and_kind(store, ids, database, tampering):
    statement, n, kind = TAMPERINGS[tampering]

    tamper(database, statement)

    assert (ids.case, n, kind) in problems(store, ids)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE measured_fact SET body = '[]'",
        "UPDATE measured_fact SET employee_id = NULL",
        "UPDATE measured_fact SET on_day = '2026-02-01'",
        "UPDATE measured_fact SET imported_by = employee_id",
        "DELETE FROM measured_fact",
    ],
)
def test_figures_that_were_touched_are_named_by_their_import(store, ids, database, tampering):
    tamper(database, tampering)

    assert problems(store, ids) == [("figures/complaints", 1, "figures")]


@pytest.mark.parametrize("changed", ["replaced_by", "import_id"])
def test_figures_hidden_behind_an_import_that_never_was_are_named(store, ids, database, changed):
    tamper(database, f"UPDATE measured_fact SET {changed} = 'never'")

    assert ("figures/complaints", 0, "figures") in problems(store, ids)


def test_two_swapped_rows_are_named(store: Store, ids: Ids, database):
    tamper(
        database,
        f"UPDATE audit_event SET n = 99 {ON_CASE} AND n = 12",
        f"UPDATE audit_event SET n = 12 {ON_CASE} AND n = 13",
        f"UPDATE audit_event SET n = 13 {ON_CASE} AND n = 99",
    )

    assert (ids.case, 12, "hash") in problems(store, ids)


def test_a_body_edited_with_its_own_hash_is_named_by_the_next(store: Store, ids: Ids, database):
    forged = '{"action":"instance.started"}'
    digest = event_hash(GENESIS, ids.case, 1, forged.encode())

    tamper(
        database,
        f"UPDATE audit_event SET body = :body, hash = :hash {ON_CASE} AND n = 1",
        body=forged,
        hash=digest,
    )

    assert problems(store, ids)[0] == (ids.case, 1, "copy")


def test_an_event_slipped_in_at_the_end_is_named(store: Store, ids: Ids, database):
    names = "agency_id, chain_id, at, actor_id, action, body, hash, format"
    first = f"SELECT 14, {names} FROM audit_event {ON_CASE} AND n = 1"

    tamper(database, f"INSERT INTO audit_event (n, {names}) {first}")

    assert problems(store, ids) == [(ids.case, 14, "hash")]


def test_a_tail_cut_off_with_its_count_still_breaks_at_the_head(store, ids, database):
    tamper(
        database,
        f"DELETE FROM audit_event {ON_CASE} AND n = 13",
        "UPDATE instance SET audit_count = 12",
    )

    assert (ids.case, 12, "head") in problems(store, ids)


def test_a_tail_cut_off_with_count_and_head_is_betrayed_by_its_decision(store, ids, database):
    tamper(
        database,
        f"DELETE FROM audit_event {ON_CASE} AND n = 13",
        "UPDATE instance SET audit_count = 12, audit_head = "
        f"(SELECT hash FROM audit_event {ON_CASE} AND n = 12)",
    )

    assert problems(store, ids) == [(ids.case, 0, "decision")]


def test_a_chain_whose_end_was_dropped_is_named(store: Store, ids: Ids, database):
    tamper(database, "DELETE FROM audit_chain WHERE chain_id LIKE 'actor/%'")

    chain = audit.actor_day(ids.head, NOW.date())
    assert problems(store, ids) == [(chain, 1, "no_head")]


def test_a_changed_definition_file_is_named(store: Store, ids: Ids, database):
    with store.reading(ids.agency) as tx:
        definition = instances.get(tx, ids.case).definition_id

    tamper(
        database,
        "UPDATE definition_file SET content = :new, sha256 = :hash WHERE name = 'a.bpmn'",
        new=b"<b/>",
        hash=sha256(b"<b/>").hexdigest(),
    )

    assert problems(store, ids) == [(definition, 0, "definition_file")]


def test_an_older_copy_of_one_chain_is_not_taken_for_another_agencys(store, ids, database):
    other = populate(store, "b")

    tamper(database, "UPDATE audit_event SET agency_id = 'b' WHERE chain_id LIKE 'actor/a-%'")

    chain = audit.actor_day(ids.head, NOW.date())
    assert problems(store, ids) == [(chain, 0, "count")]
    assert problems(store, other) == [(chain, 1, "no_head")]


def test_more_chains_than_a_batch_are_all_verified(store: Store, ids: Ids, database):
    event = AuditEvent(Action.ACCESS_VIEWED, NOW, ids.head)
    with store.transaction(ids.agency) as tx:
        for number in range(210):
            audit.append_to_chain(tx, f"object/{number:03}", [event])

    tamper(database, "UPDATE audit_chain SET count = 2 WHERE chain_id = 'object/209'")

    assert problems(store, ids) == [("object/209", 1, "count")]


def test_a_chain_without_a_case_goes_on_where_it_ended(store: Store, ids: Ids):
    event = AuditEvent(Action.SESSION_OPENED, NOW, ids.head)
    with store.transaction(ids.agency) as tx:
        first = audit.append_to_chain(tx, "object/x", [event, event])
    with store.transaction(ids.agency) as tx:
        second = audit.append_to_chain(tx, "object/x", [event])
        found = audit.events_of(tx, "object/x")

    assert (first.count, second.count) == (2, 3)
    assert [row.n for row in found] == [1, 2, 3]
    assert problems(store, ids) == []


def test_events_of_many_at_once_make_one_chain(store: Store, ids: Ids):
    gate = threading.Barrier(4)

    def append() -> None:
        gate.wait()
        for _ in range(5):
            with store.transaction(ids.agency) as tx:
                event = AuditEvent(Action.SESSION_OPENED, NOW, ids.head)
                audit.append_to_chain(tx, "object/x", [event])

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.reading(ids.agency) as tx:
        assert [row.n for row in audit.events_of(tx, "object/x")] == list(range(1, 21))
    assert problems(store, ids) == []


def test_appending_to_an_old_end_is_refused(store: Store, ids: Ids):
    event = AuditEvent(Action.WORK_OPENED, NOW + timedelta(hours=1), ids.head)

    with pytest.raises(StaleVersion), store.transaction(ids.agency) as tx:
        audit.append(tx, ChainHead(ids.case), [event])


def test_an_event_with_a_float_is_refused_before_anything_is_written(store: Store, ids: Ids):
    event = AuditEvent(Action.WORK_OPENED, NOW, ids.head, values={"score": 87.5})

    with pytest.raises(NotCanonical, match=r"values\.score"), store.transaction(ids.agency) as tx:
        audit.append_to_chain(tx, "object/x", [event])

    assert problems(store, ids) == []
