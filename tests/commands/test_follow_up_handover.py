"""Whoever sees to a follow-up and leaves, somebody else sees to it from then on."""

import pytest

from engine.commands.follow_up_work import read_follow_up
from engine.commands.follow_ups import assign_follow_up
from engine.commands.transfers import preview_transfers
from engine.domain.people import EmployeeId
from engine.domain.transfers import MoveReason, TransferKind
from engine.errors import NotFound
from engine.jobs.transfers import rescue_work
from engine.store import handovers, tables
from tests.aftermath import following, rated, settled
from tests.cases import NOW, Case, problems
from tests.commands.moves import leaving, moving, plan, transfer
from tests.ready import Offices

GONE = [TransferKind.RETIREMENT, TransferKind.DEATH, TransferKind.RESIGNATION]


@pytest.fixture
def case(offices: Offices) -> Case:
    return rated(offices.open("aftermath"))


def owner(case: Case, kind: str = "improvement_plan") -> tuple[str | None, str | None]:
    row = following(case)[kind]
    return row.owner_id, row.function


def told(case: Case) -> list[str]:
    notice = tables.notice
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        rows = tx.connection.execute(notice.select()).all()
    return sorted(row.recipient_id for row in rows if row.kind == "follow_up_passed_on")


def given(case: Case, kind: str, to: str) -> None:
    hr, which = case.office.actor("hr_officer", NOW), following(case)[kind].id
    assign_follow_up(case.office.desk, hr, follow_up_id=which, to=EmployeeId(to), now=NOW)


@pytest.mark.parametrize("kind", GONE)
@pytest.mark.parametrize("ended", [False, True])
def test_the_plan_of_a_rater_who_leaves_goes_to_who_rates_now(
    case: Case, kind: TransferKind, ended: bool
):
    if ended:
        settled(case)

    transfer(case.office, leaving("division_head", kind))

    assert owner(case) == ("department_head", None)
    assert told(case) == ["department_head"]
    values = [event["values"] for event in case.events if event["action"] == "follow_up.assigned"]
    assert [(one["from_person"], one["owner"]) for one in values] == [
        ("division_head", "department_head")
    ]
    assert problems(case.office) == []


def test_the_plan_of_a_rater_who_goes_elsewhere_stays_with_his_post(case: Case):
    settled(case)
    given(case, "training", "division_head")

    transfer(case.office, moving("division_head", "setda", "Staf Ahli"))

    assert owner(case) == ("department_head", None)
    assert owner(case, "training") == ("division_head", "hr")


def test_what_hr_gave_to_somebody_who_retires_falls_back_to_hr_who_hear_of_it(case: Case):
    given(case, "training", "clerk")

    transfer(case.office, leaving("clerk", TransferKind.RETIREMENT))

    assert owner(case, "training") == (None, "hr")
    assert told(case) == ["hr_colleague", "hr_officer"]
    assert problems(case.office) == []


def test_whoever_sees_to_it_no_more_reads_it_no_more(case: Case):
    office, which = case.office, following(case)["training"].id
    given(case, "training", "clerk")

    transfer(office, leaving("clerk", TransferKind.RESIGNATION))

    with office.desk.store.reading(office.agency_id) as tx, pytest.raises(NotFound):
        read_follow_up(office.desk, tx, office.actor("clerk", NOW), which, now=NOW)


def test_the_preview_of_a_transfer_names_the_follow_ups_that_go_to_somebody_else(case: Case):
    office = case.office
    batch_id = plan(office, leaving("division_head", TransferKind.RETIREMENT))

    (found,) = preview_transfers(
        office.desk, office.actor("hr_officer", NOW), batch_id=batch_id, now=NOW
    ).consequences

    (moved,) = [one for one in found.moved if one.reason is MoveReason.FOLLOW_UP]
    assert (moved.instance_id, moved.name, moved.to) == (
        case.id, "Rencana perbaikan", "department_head",
    )  # fmt: skip
    assert owner(case) == ("division_head", None)


def test_the_round_finds_what_somebody_out_of_service_still_sees_to(case: Case):
    office = case.office
    settled(case)
    with office.desk.store.transaction(office.agency_id) as tx:
        handovers.leave(tx, EmployeeId("division_head"))

    rescued = [rescue_work(office.desk, office.agency_id, now=NOW) for _ in range(2)]

    assert rescued == [1, 0]
    assert owner(case) != ("division_head", None)
    assert problems(office) == []
