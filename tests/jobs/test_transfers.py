"""Transfers happen on their day by themselves; work that was left behind finds a holder."""

from datetime import timedelta

from engine.commands.transfers import confirm_transfers, preview_transfers
from engine.domain.people import EmployeeId
from engine.domain.transfers import TransferKind
from engine.jobs.transfers import carry_out_transfers, forget_unconfirmed, rescue_work
from engine.store import handovers
from tests.cases import NOW, Case
from tests.commands.moves import TODAY, leaving, orphans, plan, rows
from tests.ready import Offices


def test_what_is_due_is_carried_out_once_and_what_is_not_waits(offices: Offices):
    office = offices.open("relay")
    later = leaving("clerk", TransferKind.RETIREMENT, TODAY + timedelta(days=2))
    batch_id = plan(office, leaving("analyst", TransferKind.RETIREMENT), later)
    hr = office.actor("hr_officer", NOW)
    seal = preview_transfers(office.desk, hr, batch_id=batch_id, now=NOW).seal
    assert carry_out_transfers(office.desk, office.agency_id, now=NOW) == 0
    confirm_transfers(office.desk, hr, batch_id=batch_id, seal=seal, now=NOW)

    ended = [carry_out_transfers(office.desk, office.agency_id, now=NOW) for _ in range(2)]

    assert ended == [1, 0]
    assert [row.state for row in rows(office, batch_id)] == ["done", "waiting"]
    on_day = NOW + timedelta(days=2)
    assert carry_out_transfers(office.desk, office.agency_id, now=on_day) == 1


def test_work_of_who_left_without_a_word_is_found_and_handed_over(offices: Offices):
    case = Case.start(offices.open("relay"))
    office = case.office
    with office.desk.store.transaction(office.agency_id) as tx:
        handovers.leave(tx, EmployeeId("analyst"))
    assert len(orphans(office)) == 1

    rescued = [rescue_work(office.desk, office.agency_id, now=NOW) for _ in range(2)]

    assert rescued == [1, 0]
    assert orphans(office) == []


def test_what_nobody_confirmed_is_forgotten_after_a_day(offices: Offices):
    office = offices.open("relay")
    batch_id = plan(office, leaving("analyst", TransferKind.RETIREMENT))

    early = forget_unconfirmed(office.desk, office.agency_id, now=NOW)
    late = forget_unconfirmed(office.desk, office.agency_id, now=NOW + timedelta(days=2))

    assert (early, late) == (0, 1)
    assert rows(office, batch_id) == ()
