"""Work changes hands: claimed, released, prepared by somebody else, returned, reassigned."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from threading import Barrier

import pytest
from sqlalchemy import select

from engine.commands.assignment import claim
from engine.commands.bulk_work import reassign_many, remind_many
from engine.commands.desk import Desk
from engine.commands.drafts import save_draft
from engine.commands.facts import participants
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.work_forms import open_form
from engine.domain.people import EmployeeId, UnitFunction
from engine.errors import Conflict, Forbidden, NotFound, WorkItemClosed, WorkItemTaken
from engine.store import tables
from engine.store.people import DutyRow
from tests.cases import NOW, SECRET, Case, problems, refusals
from tests.commands.contests import WORDS
from tests.commands.holding import act, give_to, hand_to, reminded
from tests.evidence import Evidence
from tests.faults.test_races import second_desk
from tests.office import DIVISION, SINCE, Office
from tests.ready import Offices
from tests.session import count


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case whose check waits for HR."""
    made = Case.start(offices.open("counter"))
    made.complete("analyst", "report", WORDS)
    return made


def check_of(case: Case) -> str:
    return case.open["check"].id


def test_claimed_work_is_done_by_nobody_else(case: Case):
    item = check_of(case)

    act(case, "hr_officer", "claim", item)

    assert case.item(item).claimed_by == "hr_officer"
    with pytest.raises(Forbidden, match="claimed"):
        case.complete("hr_colleague", "check", WORDS)
    case.complete("hr_officer", "check", WORDS)
    assert problems(case.office) == []


def test_the_second_to_claim_is_told_who_was_faster(case: Case):
    item = check_of(case)
    act(case, "hr_officer", "claim", item)

    with pytest.raises(WorkItemTaken) as taken:
        act(case, "hr_colleague", "claim", item)

    assert taken.value.by == "hr_officer"


def test_released_work_is_there_for_everybody_again(case: Case):
    item = check_of(case)
    act(case, "hr_officer", "claim", item)

    act(case, "hr_officer", "release", item)

    assert case.item(item).claimed_by is None
    case.complete("hr_colleague", "check", WORDS)
    assert case.actions.index("work.claimed") < case.actions.index("work.released")


@pytest.mark.parametrize("person", ["analyst", "auditor", "division_head"])
def test_only_holders_of_the_function_claim(case: Case, person: str):
    with pytest.raises(Forbidden):
        act(case, person, "claim", check_of(case))

    assert refusals(case.office, person) == ["not_yours"]


def test_the_appraised_person_does_not_claim_work_on_the_own_case(offices: Offices):
    case = Case.start(offices.open("counter"), "hr_officer")
    case.complete("hr_officer", "report", WORDS)

    with pytest.raises(Forbidden, match="own_case"):
        act(case, "hr_officer", "claim", check_of(case))


def test_only_who_claimed_releases(case: Case):
    item = check_of(case)
    act(case, "hr_officer", "claim", item)

    with pytest.raises(Forbidden):
        act(case, "hr_colleague", "release", item)


def test_work_of_a_person_is_not_there_to_be_claimed(case: Case):
    case.complete("hr_officer", "check", WORDS)

    with pytest.raises(Forbidden):
        act(case, "hr_officer", "claim", case.open["rate"].id)


def test_closed_work_is_neither_claimed_nor_released(case: Case):
    item = check_of(case)
    case.complete("hr_officer", "check", WORDS)

    with pytest.raises(WorkItemClosed):
        act(case, "hr_officer", "claim", item)


def test_of_two_who_claim_at_once_one_has_it(offices: Offices, evidence: Evidence):
    races = count(8, 300)
    office = offices.open("counter")
    people = ("hr_officer", "hr_colleague")
    ends: list[list[str]] = []

    with second_desk(office, offices.url) as other, ThreadPoolExecutor(2) as pool:
        for case in islice(_checks(office), races):
            barrier = Barrier(2)
            tries = [
                partial(_try_claim, desk, office, person, check_of(case), barrier)
                for desk, person in zip((office.desk, other), people, strict=True)
            ]
            ends.append([end.result() for end in [pool.submit(one) for one in tries]])
            _release(case)

    assert Counter(map(tuple, map(sorted, ends))) == {("lost", "won"): races}
    assert problems(office) == []
    evidence.record(f"claims.{offices.kind}.with_one_winner", len(ends))


def _checks(office: Office):
    """The checks of a few cases, again and again."""
    cases = []
    for person in ("analyst", "clerk", "division_head"):
        case = Case.start(office, person)
        case.complete(person, "report", WORDS)
        cases.append(case)
    while True:
        yield from cases


def _release(case: Case) -> None:
    held = case.item(check_of(case)).claimed_by
    act(case, str(held), "release", check_of(case))


def _try_claim(desk: Desk, office: Office, person: str, item_id: str, barrier: Barrier) -> str:
    actor = office.actor(person, NOW)
    barrier.wait(timeout=30)
    try:
        claim(desk, actor, item_id=item_id, now=NOW)
    except Conflict:
        return "lost"
    return "won"


def to_rate(case: Case) -> str:
    """The rating, held by the head of the division."""
    case.complete("hr_officer", "check", WORDS)
    return case.open["rate"].id


def draft(case: Case, person: str, item_id: str, text: str, revision: int) -> int:
    return save_draft(
        case.office.desk, case.office.actor(person, NOW),
        item_id=item_id, values={"text": text}, revision=revision, now=NOW,
    )  # fmt: skip


def shown(case: Case, person: str, item_id: str):
    return open_form(
        case.office.desk, case.office.actor(person, NOW), item_id=item_id, language="id", now=NOW
    )


def test_the_delegate_prepares_and_the_holder_sends(case: Case):
    item = to_rate(case)
    draft(case, "division_head", item, "awal", 0)
    hand_to(case, "division_head", item, "clerk")

    assert shown(case, "clerk", item).values["text"] == "awal"
    draft(case, "clerk", item, "siap", 1)
    with pytest.raises(Forbidden):
        case.complete("clerk", "rate", WORDS)
    act(case, "clerk", "return", item)

    assert shown(case, "division_head", item).values["text"] == "siap"
    with pytest.raises(Forbidden):
        draft(case, "clerk", item, "lagi", 2)
    case.complete("division_head", "rate", WORDS)
    assert problems(case.office) == []


def test_no_superior_prepares_for_the_rater_and_so_loses_the_appeal(case: Case):
    item = to_rate(case)

    with pytest.raises(Forbidden) as refused:
        hand_to(case, "division_head", item, "department_head")

    assert refused.value.reason == "above"


def test_the_holder_takes_back_what_he_gave_to_be_prepared(case: Case):
    item = to_rate(case)
    hand_to(case, "division_head", item, "clerk")

    act(case, "division_head", "return", item)

    assert case.item(item).delegated_to is None
    with pytest.raises(Forbidden):
        shown(case, "clerk", item)


def test_whoever_prepared_has_taken_part(case: Case):
    item = to_rate(case)
    hand_to(case, "division_head", item, "clerk")
    act(case, "clerk", "return", item)

    with case.office.desk.store.reading(case.office.agency_id) as tx:
        assert "clerk" in participants(tx, case.id)


def test_the_appraised_person_prepares_nothing_of_the_own_case_for_others(case: Case):
    item = to_rate(case)

    with pytest.raises(Forbidden, match="own_case"):
        hand_to(case, "division_head", item, "analyst")


def test_what_is_the_appraised_persons_own_is_prepared_by_nobody_else(offices: Offices):
    case = Case.start(offices.open("counter"))

    with pytest.raises(Forbidden, match="personal"):
        hand_to(case, "analyst", case.open["report"].id, "clerk")


def test_who_checked_does_not_prepare_the_record(case: Case):
    to_rate(case)
    case.complete("division_head", "rate", WORDS)
    item = case.open["record"].id
    act(case, "hr_colleague", "claim", item)

    with pytest.raises(Forbidden, match="took_part"):
        hand_to(case, "hr_colleague", item, "hr_officer")


def test_nobody_prepares_who_is_not_there(case: Case):
    with pytest.raises(NotFound):
        hand_to(case, "division_head", to_rate(case), "nobody")


def test_two_do_not_prepare_the_same(case: Case):
    item = to_rate(case)
    hand_to(case, "division_head", item, "clerk")

    with pytest.raises(WorkItemTaken):
        hand_to(case, "division_head", item, "auditor")


def test_hr_gives_work_to_somebody_else(case: Case):
    item = to_rate(case)
    hand_to(case, "division_head", item, "clerk")

    assert give_to(case, "hr_officer", item, "department_head")

    held = case.item(item)
    assert (held.assignee_id, held.delegated_to, held.function) == ("department_head", None, None)
    case.complete("department_head", "rate", WORDS)
    event = next(e for e in case.events if e["action"] == "work.reassigned")
    assert (event["values"]["from_person"], event["values"]["to"]) == (
        "division_head", "department_head",
    )  # fmt: skip
    assert problems(case.office) == []


def test_giving_work_again_to_the_same_person_changes_nothing(case: Case):
    item = to_rate(case)
    give_to(case, "hr_officer", item, "department_head")
    before = case.row.audit_count

    assert not give_to(case, "hr_officer", item, "department_head")

    assert case.row.audit_count == before


REASSIGNMENTS = {
    "by who is no HR": ("division_head", "rate", "clerk", "missing_duty"),
    "to the appraised person": ("hr_officer", "rate", "analyst", "own_case"),
}


@pytest.mark.parametrize(
    ("by", "element", "to", "reason"), REASSIGNMENTS.values(), ids=list(REASSIGNMENTS)
)
def test_work_is_not_reassigned(case: Case, by: str, element: str, to: str, reason: str):
    to_rate(case)

    with pytest.raises(Forbidden, match=reason):
        give_to(case, by, case.open[element].id, to)


def test_nobody_reassigns_work_of_the_own_case(offices: Offices):
    case = Case.start(offices.open("counter"), "hr_officer")
    case.complete("hr_officer", "report", WORDS)

    with pytest.raises(Forbidden, match="own_case"):
        give_to(case, "hr_officer", check_of(case), "hr_colleague")


def test_what_is_the_appraised_persons_own_stays_with_him(offices: Offices):
    case = Case.start(offices.open("counter"))

    with pytest.raises(Forbidden, match="personal"):
        give_to(case, "hr_officer", case.open["report"].id, "clerk")


def told(case: Case, person: str) -> list[str]:
    kind = select(tables.notice.c.kind).where(tables.notice.c.recipient_id == person)
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        return list(tx.connection.execute(kind).scalars())


def test_a_reminder_goes_to_the_holder_once_a_day(case: Case):
    item = to_rate(case)

    assert reminded(case, "hr_officer", item)
    assert not reminded(case, "hr_colleague", item)

    assert told(case, "division_head") == ["reminder"]
    assert case.actions.count("work.reminded") == 1


def test_unclaimed_work_reminds_everybody_of_the_function(case: Case):
    assert reminded(case, "hr_officer", check_of(case))

    assert (told(case, "hr_officer"), told(case, "hr_colleague")) == (["reminder"], ["reminder"])


def let_operate(office: Office, person: str) -> None:
    row = DutyRow("d-op", EmployeeId(person), UnitFunction.OPERATOR.value, DIVISION, SINCE)
    import_people(
        office.desk, founder(office.agency_id), people=Organisation(duties=(row,)), now=NOW
    )


def test_the_operator_of_the_unit_reminds_but_does_not_reassign(case: Case):
    item = to_rate(case)
    let_operate(case.office, "clerk")

    assert reminded(case, "clerk", item)
    with pytest.raises(Forbidden, match="missing_duty"):
        give_to(case, "clerk", item, "department_head")


def test_one_order_for_many_items_gives_a_result_for_each(offices: Offices):
    office = offices.open("counter")
    cases = [Case.start(office, person) for person in ("analyst", "clerk")]
    for case, person in zip(cases, ("analyst", "clerk"), strict=True):
        case.complete(person, "report", WORDS)
        case.complete("hr_officer", "check", WORDS)
    items = [case.open["rate"].id for case in cases] + ["missing"]
    hr = office.actor("hr_officer", NOW)
    order: Callable = partial(
        reassign_many, office.desk, hr, item_ids=items, to=EmployeeId("clerk"), reason=SECRET,
        now=NOW,
    )  # fmt: skip

    first, again = order(), order()

    assert [result.done for result in first] == [True, False, False]
    assert [type(result.refused) for result in first] == [type(None), Forbidden, NotFound]
    assert [result.done for result in again] == [False, False, False]
    assert again[0].refused is None
    assert [r.done for r in remind_many(office.desk, hr, item_ids=items, now=NOW)] == [
        True, True, False,
    ]  # fmt: skip
