"""Completing work: who may, what is refused with its reason, and that nothing happens twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from engine.commands.complete import complete_work_item
from engine.commands.drafts import save_draft
from engine.commands.people import found_agency
from engine.domain.people import Actor, EmployeeId
from engine.errors import (
    DeadlinePassed,
    Forbidden,
    InvalidForm,
    KeyReused,
    NotFound,
    StaleVersion,
    WorkItemClosed,
)
from engine.store import command_keys, drafts, submissions
from engine.store.states import InstanceStatus, WorkItemState
from tests.cases import NOW, RELAY, SECRET, Case, problems, refusals
from tests.ready import Offices
from tests.snapshots import changed, snapshot

GOOD = {"text": f"{SECRET}: selesai", "number": Decimal(7)}
LAPSE = datetime.fromisoformat("2026-01-19T17:00:00+00:00")


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case that waits for one answer of the analyst until the end of 19 January."""
    return Case.start(offices.open("window"))


def test_answers_complete_the_work_and_come_with_a_receipt(case: Case):
    item = case.open["answer"]

    done = case.complete("analyst", "answer", GOOD)

    assert case.item(item.id).state == WorkItemState.COMPLETED
    assert case.item(item.id).closed_by == "analyst"
    assert case.row.status == InstanceStatus.COMPLETED
    assert (done.item_id, done.instance_id, done.completed_at) == (item.id, case.id, NOW)
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        (kept,) = submissions.of_instance(tx, case.id)
    assert kept.receipt == done.receipt
    completed = next(e for e in case.events if e["action"] == "work.completed")
    assert completed["values"]["commitment"] == kept.commitment
    assert completed["values"]["on_time"] is True


def test_a_whole_case_runs_from_person_to_person(offices: Offices):
    case = Case.start(offices.open("relay"))

    for element, person, answers in RELAY:
        case.complete(person, element, answers)

    assert case.open == {}
    assert case.row.status == InstanceStatus.COMPLETED
    assert [e["element"] for e in case.events if e["action"] == "work.completed"] == [
        element for element, _, _ in RELAY
    ]
    assert case.actions[-1] == "result.finalised"


@pytest.mark.parametrize("person", ["clerk", "division_head", "hr_officer", "auditor"])
def test_work_of_somebody_else_is_refused_and_noted(case: Case, person: str):
    before = snapshot(case.office)

    with pytest.raises(Forbidden) as refused:
        case.complete(person, "answer", GOOD)

    assert refused.value.reason == "not_yours"
    assert {table for table, _ in changed(before, snapshot(case.office))} == {
        "audit_event", "audit_pending", "audit_chain",
    }  # fmt: skip
    assert refusals(case.office, person) == ["not_yours"]


def test_another_agency_learns_nothing_not_even_that_the_work_exists(case: Case):
    desk, item = case.office.desk, case.open["answer"]
    other = found_agency(desk, name="Kota Lain", zone="Asia/Makassar", now=NOW)
    stranger = Actor(other, EmployeeId("analyst"))

    with pytest.raises(NotFound) as real:
        complete_work_item(desk, stranger, item_id=item.id, answers=GOOD, now=NOW)
    with pytest.raises(NotFound) as made_up:
        complete_work_item(desk, stranger, item_id="made-up", answers=GOOD, now=NOW)

    assert str(real.value).replace(item.id, "made-up") == str(made_up.value)
    assert "answer" in case.open
    with desk.store.transaction(other) as tx:
        assert submissions.of_instance(tx, case.id) == ()
    assert problems(replace(case.office, agency_id=other)) == []


def test_every_error_of_a_form_is_named_at_once_and_nothing_is_stored(case: Case):
    before = snapshot(case.office)

    with pytest.raises(InvalidForm) as refused:
        case.complete("analyst", "answer", {"text": "x", "number": Decimal(101)})

    assert {finding.element_id for finding in refused.value.findings} == {"text", "number"}
    assert all(finding.params["label"] for finding in refused.value.findings)
    assert snapshot(case.office) == before


def test_a_page_that_was_opened_before_a_change_is_stale(case: Case):
    before = snapshot(case.office)

    with pytest.raises(StaleVersion):
        case.complete("analyst", "answer", GOOD, expected_version=2)

    assert snapshot(case.office) == before
    assert case.complete("analyst", "answer", GOOD, expected_version=1)


def test_completing_twice_is_refused_as_closed_and_noted(case: Case):
    item, actor = case.open["answer"], case.office.actor("analyst", NOW)
    case.complete("analyst", "answer", GOOD)

    with pytest.raises(WorkItemClosed) as refused:
        complete_work_item(case.office.desk, actor, item_id=item.id, answers=GOOD, now=NOW)

    assert (refused.value.state, refused.value.closed_at) == ("completed", NOW)
    assert case.actions.count("work.completed") == 1
    assert refusals(case.office, "analyst") == ["closed"]


def test_the_same_key_with_the_same_request_gives_the_first_answer(case: Case):
    item, actor = case.open["answer"], case.office.actor("analyst", NOW)
    first = case.complete("analyst", "answer", GOOD, key="click-1")
    after_first = snapshot(case.office)
    later = NOW + timedelta(hours=1)

    again = complete_work_item(
        case.office.desk, actor, item_id=item.id, answers=GOOD, now=later, key="click-1"
    )

    assert again == first
    assert snapshot(case.office) == after_first


def test_the_same_key_with_another_request_is_a_conflict(case: Case):
    item, actor = case.open["answer"], case.office.actor("analyst", NOW)
    case.complete("analyst", "answer", GOOD, key="click-1")

    with pytest.raises(KeyReused):
        complete_work_item(
            case.office.desk, actor, item_id=item.id, answers={**GOOD, "number": Decimal(8)},
            now=NOW, key="click-1",
        )  # fmt: skip


def test_a_refused_request_leaves_its_key_unused(case: Case):
    with pytest.raises(InvalidForm):
        case.complete("analyst", "answer", {}, key="click-1")

    assert case.complete("analyst", "answer", GOOD, key="click-1").receipt


def test_the_last_microsecond_before_the_deadline_is_in_time(case: Case):
    done = case.complete("analyst", "answer", GOOD, now=LAPSE - timedelta(microseconds=1))

    assert done.receipt
    assert case.row.status == InstanceStatus.COMPLETED


def test_past_the_deadline_the_answer_is_refused_and_the_case_has_moved_on(case: Case):
    item = case.open["answer"]

    with pytest.raises(DeadlinePassed) as refused:
        case.complete("analyst", "answer", GOOD, now=LAPSE, key="click-1")

    assert (refused.value.item_id, refused.value.due_at) == (item.id, LAPSE)
    assert set(case.open) == {"too_late"}
    assert case.item(item.id).state == WorkItemState.WITHDRAWN
    assert "timer.fired" in case.actions
    assert "work.completed" not in case.actions
    assert refusals(case.office, "analyst", now=LAPSE) == ["deadline_passed"]
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        assert submissions.of_instance(tx, case.id) == ()


def test_after_the_deadline_was_handled_the_work_counts_as_withdrawn(case: Case):
    item, actor = case.open["answer"], case.office.actor("analyst", LAPSE)
    with pytest.raises(DeadlinePassed):
        case.complete("analyst", "answer", GOOD, now=LAPSE)

    with pytest.raises(WorkItemClosed) as refused:
        complete_work_item(case.office.desk, actor, item_id=item.id, answers=GOOD, now=LAPSE)

    assert refused.value.state == "withdrawn"


def test_the_draft_goes_when_its_work_is_done(case: Case):
    item, actor = case.open["answer"], case.office.actor("analyst", NOW)
    save_draft(case.office.desk, actor, item_id=item.id, values=GOOD, revision=0, now=NOW)

    case.complete("analyst", "answer", GOOD)

    with case.office.desk.store.reading(case.office.agency_id) as tx:
        assert drafts.find(tx, item.id) is None


def test_a_key_belongs_to_the_person_who_used_it(case: Case):
    case.complete("analyst", "answer", GOOD, key="click-1")

    with case.office.desk.store.reading(case.office.agency_id) as tx:
        other = command_keys.find_answer(
            tx, EmployeeId("clerk"), "click-1", request_sha256="0" * 64
        )
    assert other is None
