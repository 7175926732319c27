"""Whoever changes his post or leaves, his work goes to somebody who can do it."""

import random
from datetime import date, timedelta

import pytest

from engine.commands.appeals import take_over
from engine.commands.duties import end_duty
from engine.commands.transfers import (
    carry_out,
    confirm_transfers,
    discard_transfers,
    plan_transfers,
    preview_transfers,
)
from engine.domain.people import EmployeeId, UnitFunction
from engine.domain.transfers import Refusal, TransferKind
from engine.errors import Conflict, Forbidden, InvalidForm, NotFound
from engine.jobs.timers import fire_due_timers
from engine.queries.pending_transfers import pending_batches
from engine.store import appraisals, people, staffing
from tests.cases import NOW, RELAY, SECRET, Case, problems, trail
from tests.commands.contests import LATE, RATED, WORDS, to_be_rated
from tests.commands.holding import act
from tests.commands.moves import TODAY, leaving, moving, orphans, plan, rows, transfer
from tests.office import POSITIONS, Office
from tests.ready import Offices
from tests.session import count
from tests.snapshots import snapshot, unexplained


def raters(case: Case) -> tuple[str | None, str | None]:
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        found = appraisals.get(tx, case.id)
    return found.rater_id, found.rater_superior_id


def test_the_cases_of_a_rater_who_retires_go_one_step_up(offices: Offices):
    case = to_be_rated(offices.open("contest"))

    (done,) = transfer(case.office, leaving("division_head", TransferKind.RETIREMENT))

    assert (done.state, done.refusal) == ("done", None)
    assert raters(case) == ("department_head", "assistant")
    assert case.open["rate"].assignee_id == "department_head"
    assert case.actions[-2:] == ["case.handed_over", "work.reassigned"]
    assert problems(case.office) == []


def test_a_case_that_was_taken_over_goes_on_upwards_also_when_the_day_is_past(offices: Offices):
    office = offices.open("contest")
    case = to_be_rated(office)
    fire_due_timers(office.desk, office.agency_id, now=LATE)
    head, rate = office.actor("department_head", LATE), case.open["rate"].id
    take_over(office.desk, head, item_id=rate, reason=SECRET, now=LATE)

    long_ago = LATE.date() - timedelta(days=5)
    transfer(office, leaving("department_head", TransferKind.RETIREMENT, long_ago), now=LATE)

    assert case.open["rate"].assignee_id == "assistant"


def test_a_successor_rates_what_nobody_began_to_rate(offices: Offices):
    case = to_be_rated(offices.open("contest"))
    transfer(case.office, leaving("division_head", TransferKind.RETIREMENT))

    transfer(case.office, moving("auditor", "bidang", "kepala  bidang"))

    assert raters(case) == ("auditor", "department_head")
    assert case.open["rate"].assignee_id == "auditor"
    case.complete("auditor", "rate", RATED)


def test_what_was_planned_waits_until_somebody_confirms_or_drops_it(offices: Offices):
    office = offices.open("relay")
    batch_id = plan(
        office, leaving("clerk", TransferKind.RETIREMENT), leaving("analyst", TransferKind.DEATH)
    )
    colleague = office.actor("hr_colleague", NOW)

    def waiting() -> list[tuple[str, str, int, date]]:
        with office.desk.store.reading(office.agency_id) as tx:
            found = pending_batches(tx, colleague, NOW)
        rows = ((one.row, one.planner) for one in found)
        return [(row.id, who.id, row.people, row.first_day) for row, who in rows if who]

    assert waiting() == [(batch_id, "hr_officer", 2, TODAY)]

    discard_transfers(office.desk, colleague, batch_id=batch_id, now=NOW)

    assert waiting() == []
    with pytest.raises(NotFound):
        discard_transfers(office.desk, colleague, batch_id=batch_id, now=NOW)


def test_what_is_confirmed_is_not_dropped_any_more(offices: Offices):
    office = offices.open("relay")
    (row,) = transfer(office, leaving("clerk", TransferKind.RETIREMENT))
    hr = office.actor("hr_officer", NOW)

    with pytest.raises(Conflict):
        discard_transfers(office.desk, hr, batch_id=row.batch_id, now=NOW)

    assert len(rows(office, row.batch_id)) == 1


def test_two_heads_change_places_in_one_batch(offices: Offices):
    case = to_be_rated(offices.open("contest"))

    done = transfer(
        case.office,
        moving("division_head", "dinas", "Kepala Dinas"),
        moving("department_head", "bidang", "Kepala Bidang"),
    )

    assert [row.state for row in done] == ["done", "done"]
    assert raters(case) == ("department_head", "division_head")
    assert case.open["rate"].assignee_id == "department_head"


def test_ones_own_work_and_case_stay_with_who_moves(offices: Offices):
    case = Case.start(offices.open("relay"))

    transfer(case.office, moving("analyst", "setda", "Analis"))

    assert case.open["draft"].assignee_id == "analyst"
    assert case.row.unit_id == "bidang"
    assert raters(case) == ("division_head", "department_head")


def test_the_case_of_who_died_ends_and_that_of_who_retired_goes_on_with_hr(offices: Offices):
    office = offices.open("relay")
    died, retired = Case.start(office, "analyst"), Case.start(office, "clerk")

    transfer(office, leaving("analyst", TransferKind.DEATH))
    transfer(office, leaving("clerk", TransferKind.RETIREMENT))

    assert (died.row.status, died.open) == ("cancelled", {})
    assert died.actions[-2:] == ["work.withdrawn", "instance.cancelled"]
    held = retired.open["draft"]
    assert (retired.row.status, held.assignee_id, held.function) == ("running", None, "hr")
    retired.complete("hr_officer", "draft", RELAY[0][2])
    assert orphans(office) == []


def test_who_leaves_can_do_nothing_more(offices: Offices):
    office = offices.open("relay")

    transfer(office, leaving("auditor", TransferKind.RESIGNATION))

    with pytest.raises(NotFound):
        office.actor("auditor", NOW)
    with office.desk.store.reading(office.agency_id) as tx:
        assert staffing.assignment_on(tx, EmployeeId("auditor"), TODAY) is None


def test_the_last_hr_officer_cannot_leave(offices: Offices):
    office = offices.open("relay")
    later = [TODAY + timedelta(days=days) for days in (2, 3)]
    first = transfer(office, leaving("hr_officer", TransferKind.RETIREMENT, later[0]),
                     by="hr_colleague")  # fmt: skip
    second = transfer(office, leaving("hr_colleague", TransferKind.DEATH, later[1]))

    for row in (*first, *second):
        now = NOW + timedelta(days=3)
        carry_out(office.desk, office.agency_id, transfer_id=row.id, now=now)

    ended = [rows(office, batch[0].batch_id)[0] for batch in (first, second)]
    assert [row.refusal for row in ended] == [None, "transfer.last_hr"]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (moving("analyst", "nowhere", "Analis"), "transfer.no_unit"),
        (moving("analyst", "dinas", ""), "transfer.no_title"),
        (moving("analyst", "dinas", "Kepala Dinas"), "transfer.post_taken"),
        (moving("analyst", "bidang", "Analis"), "transfer.same_post"),
        (leaving("analyst", TransferKind.DEATH, date(2019, 1, 1)), "transfer.before_post"),
        (leaving("hr_officer", TransferKind.RETIREMENT), "transfer.own"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(offices: Offices, wanted, reason: str):
    office = offices.open("relay")
    if reason == "transfer.no_unit":
        with pytest.raises(NotFound):
            plan(office, wanted)
        return

    (row,) = transfer(office, wanted)

    assert (row.state, row.refusal) == ("refused", reason)
    assert orphans(office) == []


def test_a_preview_says_what_will_be_and_leaves_nothing(offices: Offices):
    case = to_be_rated(offices.open("contest"))
    office = case.office
    batch_id = plan(office, leaving("division_head", TransferKind.RETIREMENT))
    before = snapshot(office)

    seen = preview_transfers(
        office.desk, office.actor("hr_officer", NOW), batch_id=batch_id, now=NOW
    )

    assert snapshot(office) == before
    (found,) = seen.consequences
    assert [(moved.reason.value, moved.to) for moved in found.moved] == [
        ("rater_changed", "department_head"),
        ("to_person", "department_head"),
    ]


def test_a_confirmation_is_refused_when_the_batch_would_do_something_else(offices: Offices):
    case = to_be_rated(offices.open("contest"))
    office = case.office
    hr = office.actor("hr_officer", NOW)
    batch_id = plan(office, leaving("division_head", TransferKind.RETIREMENT))
    seal = preview_transfers(office.desk, hr, batch_id=batch_id, now=NOW).seal
    case.complete("division_head", "rate", RATED)

    with pytest.raises(Conflict):
        confirm_transfers(office.desk, hr, batch_id=batch_id, seal=seal, now=NOW)

    assert [row.state for row in rows(office, batch_id)] == ["planned"]


def test_a_transfer_waits_for_its_day_and_happens_once(offices: Offices):
    office = offices.open("relay")
    later = TODAY + timedelta(days=3)
    (row,) = transfer(office, leaving("analyst", TransferKind.RETIREMENT, later))
    assert row.state == "waiting"

    on_day = NOW + timedelta(days=3)
    ended = [
        carry_out(office.desk, office.agency_id, transfer_id=row.id, now=on_day) for _ in range(2)
    ]

    assert ended == [True, False]
    events = trail(office, "people/transfers")
    assert [event["action"] for event in events][-1] == "transfer.recorded"
    assert "Nama" not in str(events)


def test_only_hr_plans_and_nobody_twice_in_one_batch(offices: Offices):
    office = offices.open("relay")
    wanted = leaving("clerk", TransferKind.RETIREMENT)

    with pytest.raises(Forbidden):
        plan_transfers(office.desk, office.actor("auditor", NOW), planned=[wanted], now=NOW)
    with pytest.raises(InvalidForm):
        plan(office, wanted, wanted)
    with pytest.raises(InvalidForm):
        plan(office)


PEOPLE = [key for key, *_ in POSITIONS]
UNITS = {"setda": ["Asisten", "Auditor"], "dinas": ["Kepala Dinas", "Analis"],
         "bidang": ["Kepala Bidang", "Analis", "Pengelola Data"]}  # fmt: skip


def step(office: Office, cases: list[Case], rng: random.Random) -> None:
    """One random thing of an office: somebody works on, or somebody goes."""
    case = rng.choice(cases)
    if rng.random() < 0.4:
        told = {element: (who, answers) for element, who, answers in RELAY}
        for element, item in case.open.items():
            holder = item.assignee_id or "hr_officer"
            case.complete(holder, element, told[element][1])
        return
    with office.desk.store.reading(office.agency_id) as tx:
        serving = [row.id for row in people.active_employees(tx) if row.id != "hr_officer"]
    person, unit = rng.choice(serving), rng.choice(list(UNITS))
    kind = rng.choice(list(TransferKind))
    wanted = moving(person, unit, rng.choice(UNITS[unit]), kind=kind)
    transfer(office, wanted)


def test_no_sequence_of_transfers_leaves_work_without_a_holder(
    offices: Offices, rng: random.Random, evidence
):
    moves = 0
    for _ in range(count(2, 25)):
        office = offices.open("relay")
        cases = [Case.start(office, who) for who in ("analyst", "clerk", "division_head")]
        for _ in range(12):
            before = snapshot(office)
            step(office, cases, rng)
            moves += 1
            assert orphans(office) == []
            assert unexplained(before, snapshot(office)) == []
        assert problems(office) == []
    evidence.record(f"transfers.random_steps.{offices.kind}", moves)


def test_what_somebody_claimed_by_a_duty_is_there_for_others_once_it_ends(offices: Offices):
    case = Case.start(offices.open("counter"))
    case.complete("analyst", "report", WORDS)
    item = case.open["check"].id
    act(case, "hr_officer", "claim", item)

    end_of("d-hr_officer", case.office)

    assert case.item(item).claimed_by is None
    assert case.actions[-1] == "work.reassigned"
    case.complete("hr_colleague", "check", WORDS)
    assert problems(case.office) == []


def test_the_duty_of_the_last_hr_officer_does_not_end(offices: Offices):
    office = offices.open("counter")
    end_of("d-hr_officer", office)

    with pytest.raises(Conflict, match="last"):
        end_of("d-hr_colleague", office)

    assert office.actor("hr_colleague", NOW).holds(UnitFunction.HR)


def end_of(duty_id: str, office: Office) -> None:
    end_duty(office.desk, office.actor("hr_colleague", NOW), duty_id=duty_id, now=NOW)


def test_nobody_confirms_his_own_promotion_while_its_post_is_still_taken(offices: Offices):
    office, later = offices.open("counter"), TODAY + timedelta(days=30)
    batch = plan(office, moving("hr_colleague", "bidang", "Kepala Bidang", on=later))
    actor = office.actor("hr_colleague", NOW)
    preview = preview_transfers(office.desk, actor, batch_id=batch, now=NOW)
    assert [found.refusal for found in preview.consequences] == [Refusal.POST_TAKEN]

    with pytest.raises(Forbidden, match="own_case"):
        confirm_transfers(office.desk, actor, batch_id=batch, seal=preview.seal, now=NOW)
