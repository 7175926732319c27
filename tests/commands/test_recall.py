"""What one handed in can be taken back while nobody has gone on; then all is as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.commands.recall import may_recall
from engine.commands.recall import recall as recall_work
from engine.commands.reminding import note_seen
from engine.commands.work_forms import open_form
from engine.domain.people import Actor
from engine.errors import Forbidden, NotRecallable
from engine.store import appraisals, outbox, results
from engine.store.outbox import OutboxRow
from tests.cases import NOW, Case, problems
from tests.commands.contests import RATED, WORDS, to_be_rated
from tests.commands.holding import act, hand_to
from tests.ready import Offices


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case whose report was handed in; its check waits for HR."""
    made = Case.start(offices.open("counter"))
    made.complete("analyst", "report", WORDS)
    return made


def sent(case: Case, element: str) -> str:
    """The work item that was handed in last of an element."""
    events = [e for e in case.events if e["action"] == "work.completed"]
    return str(next(e["item"] for e in reversed(events) if e["element"] == element))


def recall(case: Case, person: str, element: str, *, now=NOW) -> str:
    act(case, person, "recall", sent(case, element), now=now)
    return case.open[element].id


def test_the_answers_come_back_as_the_draft(case: Case):
    item = recall(case, "analyst", "report")

    assert set(case.open) == {"report"}
    desk, actor = case.office.desk, case.office.actor("analyst", NOW)
    opened = open_form(desk, actor, item_id=item, language="id", now=NOW)
    assert (opened.values, opened.revision) == (WORDS, 1)
    assert case.actions[-2:] == ["work.recalled", "work.withdrawn"]
    assert problems(case.office) == []


def test_what_was_recalled_can_be_handed_in_anew(case: Case):
    recall(case, "analyst", "report")

    case.complete("analyst", "report", {"text": "lain"})

    assert set(case.open) == {"check"}
    recall(case, "analyst", "report")
    case.complete("analyst", "report", WORDS)
    case.complete("hr_officer", "check", WORDS)
    assert problems(case.office) == []


def see(case: Case, item: str) -> None:
    note_seen(case.office.desk, case.office.actor("hr_officer", NOW), case.item(item), now=NOW)


def claim(case: Case, item: str) -> None:
    act(case, "hr_officer", "claim", item)


def complete(case: Case, _item: str) -> None:
    case.complete("hr_officer", "check", WORDS)


def prepare(case: Case, item: str) -> None:
    hand_to(case, "hr_officer", item, "clerk")


GOING_ON: dict[str, Callable[[Case, str], None]] = {
    "looked at it": see,
    "claimed it": claim,
    "gave it to somebody to prepare": prepare,
    "handed it in": complete,
}


@pytest.mark.parametrize("go_on", GOING_ON.values(), ids=list(GOING_ON))
def test_nothing_is_recalled_once_the_next_one(case: Case, go_on: Callable[[Case, str], None]):
    item = case.open["check"].id
    go_on(case, item)
    before = case.row

    with pytest.raises(NotRecallable):
        recall(case, "analyst", "report")

    assert case.row == before


@pytest.mark.parametrize("person", ["hr_officer", "division_head"])
def test_only_who_handed_it_in_recalls(case: Case, person: str):
    with pytest.raises(Forbidden):
        recall(case, person, "report")


def test_open_work_is_not_recalled(case: Case):
    with pytest.raises(Forbidden):
        act(case, "hr_officer", "recall", case.open["check"].id)


def test_nothing_is_recalled_after_its_deadline(offices: Offices):
    case = to_be_rated(offices.open("contest"))
    due = case.open["rate"].due_at
    assert due is not None
    case.complete("division_head", "rate", RATED, now=due - timedelta(minutes=1))

    with pytest.raises(NotRecallable) as refused:
        recall(case, "division_head", "rate", now=due)

    assert refused.value.reason == "deadline_passed"


def test_a_result_that_nobody_signed_goes_with_its_step(offices: Offices):
    case = to_be_rated(offices.open("contest"))
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        before = appraisals.get(tx, case.id)
    case.complete("division_head", "rate", RATED)

    recall(case, "division_head", "rate")

    with case.office.desk.store.reading(case.office.agency_id) as tx:
        assert appraisals.get(tx, case.id) == before
        assert results.of_instance(tx, case.id) == ()
    case.complete("division_head", "rate", {**RATED, "result_rating": "below"})
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        (only,) = results.of_instance(tx, case.id)
    assert (only.version, only.result_rating) == (1, "below")
    assert problems(case.office) == []


def offered(case: Case, actor: Actor, item: str) -> bool:
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        return may_recall(case.office.desk, tx, actor, item, now=NOW)


def test_the_page_offers_it_to_who_can_do_it(case: Case):
    item = sent(case, "report")
    analyst, hr = (case.office.actor(person, NOW) for person in ("analyst", "hr_officer"))

    assert (offered(case, analyst, item), offered(case, hr, item)) == (True, False)
    claim(case, case.open["check"].id)
    assert not offered(case, analyst, item)


def test_the_page_offers_it_to_nobody_whose_duty_has_ended(case: Case):
    case.complete("hr_officer", "check", WORDS)
    item, hr = sent(case, "check"), case.office.actor("hr_officer", NOW)
    former = replace(hr, duties=frozenset())

    assert (offered(case, hr, item), offered(case, former, item)) == (True, False)
    with pytest.raises(Forbidden):
        recall_work(case.office.desk, former, item_id=item, now=NOW)


def test_neither_the_page_nor_the_command_takes_back_what_is_being_sent_out(case: Case):
    item, analyst = sent(case, "report"), case.office.actor("analyst", NOW)
    effect = OutboxRow("effect", "notice", "{}", f"{case.id}:{case.row.version - 1}:0", NOW, 1)
    with case.office.desk.store.transaction(case.office.agency_id) as tx:
        outbox.put(tx, [effect])

    assert not offered(case, analyst, item)
    with pytest.raises(NotRecallable) as refused:
        recall_work(case.office.desk, analyst, item_id=item, now=NOW)
    assert refused.value.reason == "sent_out"
