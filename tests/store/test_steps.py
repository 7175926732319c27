"""One step in one transaction: loaded under a lock, saved under its version, exactly once."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert

from engine.domain.audit import ChainHead
from engine.domain.process import AwaitedMessage, WaitingTimer
from engine.errors import Conflict, KeyReused, NotFound, StaleVersion, WorkItemClosed
from engine.store import (
    appraisals,
    command_keys,
    cycles,
    definitions,
    drafts,
    instances,
    messages,
    outbox,
    results,
    sealing,
    submissions,
    tables,
    timers,
    work_items,
)
from engine.store.database import Store
from engine.store.ids import new_id
from engine.store.states import InstanceStatus, WorkItemState
from tests.store.builders import NOW, STATE, Ids, complete_first_item, item, populate

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ids(store: Store) -> Ids:
    return populate(store, "a")


def save(tx, row, **changes):
    values = {"chain": row.chain, "status": InstanceStatus.RUNNING, "blob": b"x", "now": LATER}
    instances.save_step(tx, row, **{**values, **changes})


def test_a_step_finds_item_instance_key_and_state_together(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        step = instances.load_for_step(tx, ids.i2)

    assert step.item == item(ids, "i2")
    assert step.instance.row.id == ids.case
    assert step.instance.row.version == 2
    assert sealing.open_sealed(step.instance.key, step.instance.blob) == STATE


def test_loading_for_a_page_or_a_timer_gives_the_same(store: Store, ids: Ids):
    with store.reading(ids.agency) as tx:
        read, with_item = instances.read(tx, ids.case), instances.read_with_item(tx, ids.i2)
    with store.transaction(ids.agency) as tx:
        loaded = instances.load(tx, ids.case)

    assert read == loaded == with_item.instance


def test_what_is_not_there_is_not_found(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        with pytest.raises(NotFound, match="work item"):
            instances.load_for_step(tx, "nowhere")
        with pytest.raises(NotFound, match="instance"):
            instances.load(tx, "nowhere")


def test_a_saved_step_counts_the_version_and_moves_the_head(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        row = instances.load(tx, ids.case).row
        save(tx, row, chain=ChainHead(ids.case, "e" * 64, 9), status=InstanceStatus.COMPLETED)

    with store.reading(ids.agency) as tx:
        saved = instances.read(tx, ids.case)
    assert saved.row == replace(
        row, version=3, audit_head="e" * 64, audit_count=9, status="completed", ended_at=LATER
    )
    assert saved.blob == b"x"


def test_a_held_instance_keeps_its_last_good_state(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        before = instances.load(tx, ids.case)
        save(tx, before.row, blob=None, status=InstanceStatus.HELD)

    with store.reading(ids.agency) as tx:
        after = instances.read(tx, ids.case)
    assert after.blob == before.blob
    assert (after.row.status, after.row.ended_at) == ("held", None)


def test_saving_over_a_newer_step_is_refused_and_changes_nothing(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        row = instances.load(tx, ids.case).row
        save(tx, row)

    with pytest.raises(StaleVersion) as refused, store.transaction(ids.agency) as tx:
        save(tx, row, blob=b"lost")

    assert (refused.value.expected, refused.value.actual) == (2, 3)
    with store.reading(ids.agency) as tx:
        assert instances.read(tx, ids.case).blob == b"x"


def test_moving_a_head_that_moved_already_is_refused(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        known = instances.get(tx, ids.case).chain
        instances.save_head(tx, known, replace(known, count=known.count + 1, head="e" * 64))

    with pytest.raises(StaleVersion), store.transaction(ids.agency) as tx:
        instances.save_head(tx, known, known)


def test_of_racing_completions_one_wins_and_the_others_see_it_done(store: Store, ids: Ids):
    gate, outcomes = threading.Barrier(4), []

    def complete() -> None:
        gate.wait()
        try:
            with store.transaction(ids.agency) as tx:
                step = instances.load_for_step(tx, ids.i2)
                work_items.complete(tx, ids.i2, by=ids.subject, now=LATER)
                save(tx, step.instance.row)
            outcomes.append("won")
        except WorkItemClosed as refused:
            outcomes.append(refused.state)

    threads = [threading.Thread(target=complete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["completed", "completed", "completed", "won"]
    with store.reading(ids.agency) as tx:
        assert instances.get(tx, ids.case).version == 3


def test_two_steps_of_one_instance_wait_for_each_other_and_both_are_kept(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        work_items.open_many(tx, [item(ids, f"j{number}") for number in range(6)])
    failures = []

    def step(name: str) -> None:
        try:
            with store.transaction(ids.agency) as tx:
                loaded = instances.load_for_step(tx, name)
                save(tx, loaded.instance.row, blob=loaded.instance.blob + b"+")
        except Conflict as conflict:
            failures.append(conflict)

    threads = [threading.Thread(target=step, args=(f"a-j{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with store.reading(ids.agency) as tx:
        saved = instances.read(tx, ids.case)
    assert failures == []
    assert saved.row.version == 8
    assert saved.blob.endswith(b"++++++")


def test_a_work_item_takes_one_submission_ever(store: Store, ids: Ids):
    with store.reading(ids.agency) as tx:
        again = replace(submissions.of_item(tx, ids.i1), id=new_id())
    with pytest.raises(WorkItemClosed), store.transaction(ids.agency) as tx:
        submissions.add(tx, again)
    with pytest.raises(WorkItemClosed), store.transaction(ids.agency) as tx:
        complete_first_item(tx, ids)


def test_completing_names_the_state_and_time_of_a_closed_item(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        work_items.withdraw(tx, [ids.i2, ids.i1], by=ids.head, now=LATER)
        withdrawn, completed = work_items.get(tx, ids.i2), work_items.get(tx, ids.i1)
        with pytest.raises(WorkItemClosed) as refused:
            work_items.complete(tx, ids.i2, by=ids.subject, now=LATER)

    assert (withdrawn.state, withdrawn.closed_at, withdrawn.closed_by) == (
        WorkItemState.WITHDRAWN,
        LATER,
        ids.head,
    )
    assert (completed.state, completed.closed_at) == ("completed", NOW)
    assert (refused.value.state, refused.value.closed_at) == ("withdrawn", LATER)


def test_closed_work_cannot_be_offered_assigned_or_extended(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        for name, expected in ((ids.i1, False), (ids.i2, True)):
            assert work_items.offer(tx, name, ids.head) is expected
            assert work_items.extend(tx, name, LATER) is expected
            assert work_items.assign(tx, name, ids.head) is expected
        changed = work_items.get(tx, ids.i2)

    assert (changed.assignee_id, changed.offered_to, changed.due_at) == (ids.head, None, LATER)


def test_open_work_comes_by_due_date(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        before = len(work_items.open_of_instance(tx, ids.case))
        early = item(ids, "early", due_at=NOW)
        work_items.open_many(tx, [early, item(ids, "never", due_at=None)])
        horizon = NOW + timedelta(days=9)
        due = work_items.due_page(tx, horizon, after=None, limit=2)
        rest = work_items.due_page(tx, horizon, after=due[0], limit=2)
        work_items.count_reminders(tx, early.id, 2)

        assert [found.id for found in due] == ["a-early", ids.i2]
        assert rest == due[1:]
        assert work_items.get(tx, early.id).reminded == 2
        assert len(work_items.open_of_instance(tx, ids.case)) == before + 2


def test_a_second_case_in_the_same_cycle_is_refused(store: Store, ids: Ids):
    with store.reading(ids.agency) as tx:
        second = replace(instances.get(tx, ids.case), id="other")
    with pytest.raises(Conflict, match="case"), store.transaction(ids.agency) as tx:
        instances.add(tx, second, blob=b"")


def test_a_draft_is_saved_over_its_own_revision_only(store: Store, ids: Ids):
    def draft(tx, revision: int) -> int:
        payload, edition = str(revision).encode(), drafts.Edition(revision)
        return drafts.save(
            tx, ids.i2, actor_id=ids.subject, payload=payload, edition=edition, now=LATER
        )

    with store.transaction(ids.agency) as tx:
        assert draft(tx, 1) == 2
        for stale in (0, 1, 3):
            with pytest.raises(StaleVersion) as refused:
                draft(tx, stale)
            assert refused.value.actual == 2
        assert drafts.find(tx, ids.i2).payload == b"1"
        drafts.delete_many(tx, [ids.i2])
        assert drafts.find(tx, ids.i2) is None


def test_a_page_is_never_overtaken_by_its_own_earlier_saves(store: Store, ids: Ids):
    def draft(tx, *edition: object, by: str = ids.subject) -> int:
        return drafts.save(
            tx, ids.i2, actor_id=by, payload=b"", edition=drafts.Edition(*edition), now=LATER
        )

    with store.transaction(ids.agency) as tx:
        assert draft(tx, 1, "page", 1) == 2
        assert draft(tx, 1, "page", 2) == 3
        for overtaken in ((1, "page", 2), (1, "page", 1), (1, "other", 9), (2, "", 9)):
            with pytest.raises(StaleVersion):
                draft(tx, *overtaken)
        with pytest.raises(StaleVersion):
            draft(tx, 1, "page", 3, by=ids.head)


def test_replacing_timers_touches_only_what_differs(store: Store, ids: Ids):
    kept, moved = WaitingTimer("t1", "window", NOW), WaitingTimer("t2", "due", NOW)
    with store.transaction(ids.agency) as tx:
        timers.replace(tx, ids.case, [kept, moved])
    changed = []
    event.listen(
        store._writing,
        "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, *_: changed.append((statement[:6], parameters)),
    )

    with store.transaction(ids.agency) as tx:
        after = [kept, replace(moved, due_at=LATER)]
        timers.replace(tx, ids.case, after, known=[kept, moved])
        timers.replace(tx, ids.case, after, known=after)
        found = timers.of_instance(tx, ids.case)

    assert [kind for kind, _ in changed if kind != "BEGIN "] == ["DELETE", "INSERT", "SELECT"]
    assert [(row.task_id, row.due_at) for row in found] == [("t1", NOW), ("t2", LATER)]


def test_a_due_timer_is_leased_to_one_worker_until_the_lease_ends(store: Store, ids: Ids):
    until = NOW + timedelta(minutes=5)

    def lease(now) -> list[str]:
        with store.transaction(ids.agency) as tx:
            leased = timers.lease_due(tx, until=until, limit=5, now=now)
        return [row.task_id for row in leased]

    assert lease(NOW - timedelta(seconds=1)) == []
    assert lease(NOW) == ["t1"]
    assert lease(until - timedelta(seconds=1)) == []
    assert lease(until) == ["t1"]


def test_messages_are_found_by_name_and_correlation(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        found = messages.waiting_for(tx, "withdrawn", correlation="u/c")
        assert [row.instance_id for row in found] == [ids.case]
        assert messages.waiting_for(tx, "withdrawn", correlation="other") == ()
        messages.replace(tx, ids.case, [AwaitedMessage("m1", "catch", "withdrawn", "other")])
        assert len(messages.waiting_for(tx, "withdrawn", correlation="other")) == 1
        messages.replace(tx, ids.case, [])
        assert messages.of_instance(tx, ids.case) == ()


def test_an_answer_is_kept_for_the_same_request_and_refused_for_another(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        find = command_keys.find_answer
        assert find(tx, ids.subject, "key", request_sha256="0" * 64) == "{}"
        assert find(tx, ids.head, "key", request_sha256="0" * 64) is None
        with pytest.raises(KeyReused):
            find(tx, ids.subject, "key", request_sha256="1" * 64)
        assert command_keys.delete_before(tx, LATER) == 1

    answer = command_keys.CommandKeyRow(ids.subject, "key", "0" * 64, "{}", NOW)
    with store.transaction(ids.agency) as tx:
        command_keys.keep_answer(tx, answer)
    with pytest.raises(Conflict), store.transaction(ids.agency) as tx:
        command_keys.keep_answer(tx, answer)


def test_an_effect_is_left_once_leased_counted_and_finished(store: Store, ids: Ids):
    again = outbox.OutboxRow("again", "notice", "{}", "once", NOW)
    with store.transaction(ids.agency) as tx:
        outbox.put(tx, [again, replace(again, dedup_key="other")])
        until = LATER + timedelta(minutes=5)
        leased = outbox.lease_due(tx, until=until, limit=5, now=LATER)
        assert sorted(row.id for row in leased) == [ids.out, "again"]
        assert outbox.lease_due(tx, until=until, limit=5, now=LATER) == ()
        outbox.finish(tx, "again", now=LATER)
        outbox.postpone(tx, ids.out, until=LATER)
        (retried,) = outbox.lease_due(tx, until=until, limit=5, now=LATER)

    assert (retried.id, retried.attempts) == (ids.out, 1)


def test_a_result_is_signed_and_delivered_once(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        results.sign(tx, ids.case, 1, by=ids.head, kind="click", now=LATER)
        results.deliver(tx, ids.case, 1, received_at=LATER, kind="paper")
        (found,) = results.of_instance(tx, ids.case)
        with pytest.raises(Conflict):
            results.sign(tx, ids.case, 1, by=ids.subject, kind="click", now=LATER)
        with pytest.raises(Conflict):
            results.deliver(tx, ids.case, 1, received_at=NOW, kind="paper")

    assert (found.signed_by, found.signed_at, found.delivered_at) == (ids.head, LATER, LATER)


def test_an_appraisal_is_saved_whole(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        before = appraisals.get(tx, ids.case)
        changed = replace(before, result_version=2, local_score="87.50", final_at=LATER)
        appraisals.save(tx, changed)

        assert appraisals.get(tx, ids.case) == changed
        assert appraisals.of_employee(tx, ids.subject) == (changed,)


def test_deploying_changed_files_makes_the_next_number_active(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        first = definitions.active(tx, "national")
        old = definitions.bundle(tx, first.id)
        new = replace(old, files={**old.files, "a.bpmn": b"<b/>"})
        second = definitions.deploy(tx, new, deployed_by=ids.head, now=LATER)
        numbers = [(row.number, row.status) for row in definitions.versions(tx, "national")]
        again = definitions.deploy(tx, old, deployed_by=ids.head, now=LATER)

        assert numbers == [(2, "active"), (1, "retired")]
        assert definitions.bundle(tx, second.id) == new
        assert again == first
        assert definitions.active(tx, "national") == first


def test_an_achievement_counts_its_changes(store: Store, ids: Ids):
    with store.transaction(ids.agency) as tx:
        known = cycles.achievement(tx, ids.cycle, ids.unit)
        version = cycles.set_achievement(tx, replace(known, level="poor"))
        changed = cycles.achievement(tx, ids.cycle, ids.unit)

    assert (known.version, version, changed.version, changed.level) == (1, 2, 2, "poor")


def test_a_foreign_reference_is_refused(store: Store, ids: Ids):
    row = {"id": "d", "employee_id": "nobody", "function": "hr", "starts": date(2026, 1, 1)}
    statement = insert(tables.duty).values(agency_id=ids.agency, unit_id=None, ends=None, **row)

    with pytest.raises(Exception, match=r"(?i)foreign key"), store.transaction(ids.agency) as tx:
        tx.connection.execute(statement)
