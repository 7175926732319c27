"""Duties take two people; ending one takes effect within the same request."""

import threading

import pytest

from engine.commands.desk import Desk
from engine.commands.duties import decide_duty, end_duty, propose_duty
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.errors import Conflict, Forbidden, NotFound
from engine.store import duties
from engine.store.people import DutyRow, EmployeeRow
from tests.commands.accounts import NOW, Accounts
from tests.commands.organisations import FIRST_DAY, HEAD, STAFF

COLLEAGUE = EmployeeId("colleague")


@pytest.fixture
def accounts(desk: Desk) -> Accounts:
    """The head is administrator, a colleague HR; the member of staff has no duty."""
    made = Accounts(desk)
    more = Organisation(
        employees=(EmployeeRow(COLLEAGUE, "198503032010031003", "Contoh Rekan", "pns"),),
        duties=(
            DutyRow("d1", HEAD, "administrator", None, FIRST_DAY),
            DutyRow("d2", COLLEAGUE, "hr", None, FIRST_DAY),
        ),
    )
    import_people(desk, founder(made.agency_id), people=more, now=NOW)
    return made


def propose(accounts: Accounts, by: EmployeeId, who: EmployeeId, unit: str | None = None) -> str:
    return propose_duty(
        accounts.desk, accounts.actor(by), employee_id=who, function=UnitFunction.AUDITOR,
        unit_id=unit and UnitId(unit), starts=FIRST_DAY, now=NOW,
    )  # fmt: skip


def decide(accounts: Accounts, by: EmployeeId, proposal: str, *, confirmed: bool = True) -> None:
    decide_duty(
        accounts.desk, accounts.actor(by), proposal_id=proposal, confirmed=confirmed, now=NOW
    )


def holds(accounts: Accounts, who: EmployeeId) -> bool:
    return accounts.actor(who).holds(UnitFunction.AUDITOR)


def test_a_duty_counts_once_a_second_person_has_confirmed_it(accounts: Accounts):
    proposal = propose(accounts, HEAD, STAFF)
    assert not holds(accounts, STAFF)

    decide(accounts, COLLEAGUE, proposal)

    assert holds(accounts, STAFF)


def test_nobody_confirms_his_own_proposal(accounts: Accounts):
    proposal = propose(accounts, HEAD, STAFF)

    with pytest.raises(Forbidden, match="two_people"):
        decide(accounts, HEAD, proposal)
    assert not holds(accounts, STAFF)


def test_nobody_proposes_or_confirms_a_duty_of_his_own(accounts: Accounts):
    with pytest.raises(Forbidden, match="own_case"):
        propose(accounts, HEAD, HEAD)

    proposal = propose(accounts, HEAD, COLLEAGUE)

    with pytest.raises(Forbidden, match="own_case"):
        decide(accounts, COLLEAGUE, proposal)


def test_without_a_duty_of_his_own_nobody_takes_part(accounts: Accounts):
    with pytest.raises(Forbidden, match="missing_duty"):
        propose(accounts, STAFF, HEAD)
    with pytest.raises(Forbidden, match="missing_duty"):
        decide(accounts, STAFF, propose(accounts, HEAD, COLLEAGUE))
    with pytest.raises(Forbidden, match="missing_duty"):
        end_duty(accounts.desk, accounts.actor(STAFF), duty_id="d1", now=NOW)


def test_a_proposal_is_decided_once(accounts: Accounts):
    proposal = propose(accounts, HEAD, STAFF)
    decide(accounts, HEAD, proposal, confirmed=False)

    with pytest.raises(Conflict):
        decide(accounts, COLLEAGUE, proposal)
    assert not holds(accounts, STAFF)


def test_two_who_confirm_at_once_give_one_duty(accounts: Accounts):
    proposal, outcomes = propose(accounts, HEAD, STAFF), []
    second = founder(accounts.agency_id)

    def confirm(actor) -> None:
        try:
            decide_duty(accounts.desk, actor, proposal_id=proposal, confirmed=True, now=NOW)
            outcomes.append("given")
        except Conflict:
            outcomes.append("late")

    racers = [
        threading.Thread(target=confirm, args=(actor,))
        for actor in (second, accounts.actor(COLLEAGUE))
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["given", "late"]
    with accounts.desk.store.reading(accounts.agency_id) as tx:
        assert len([d for d in duties.held(tx, FIRST_DAY) if d.employee_id == STAFF]) == 1


def test_an_ended_duty_does_not_count_today_any_more(accounts: Accounts):
    end_duty(accounts.desk, accounts.actor(COLLEAGUE), duty_id="d1", now=NOW)

    assert not accounts.actor(HEAD).holds(UnitFunction.ADMINISTRATOR)


def test_what_is_not_there_cannot_be_proposed_confirmed_or_ended(accounts: Accounts):
    with pytest.raises(NotFound):
        propose(accounts, HEAD, EmployeeId("nobody"))
    with pytest.raises(NotFound):
        propose(accounts, HEAD, STAFF, "nowhere")
    with pytest.raises(NotFound):
        decide(accounts, COLLEAGUE, "nothing")
    with pytest.raises(NotFound):
        end_duty(accounts.desk, accounts.actor(HEAD), duty_id="nothing", now=NOW)
