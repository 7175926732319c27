"""One-time codes: who may issue them, that they work once, and what they end."""

import threading
from contextlib import nullcontext

import pytest
from sqlalchemy import select

from engine.commands.activation import VALID, NewSecrets, issue_code, use_code
from engine.commands.desk import Desk
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.domain.people import EmployeeId, UnitFunction, UnitId
from engine.errors import Forbidden, InvalidForm, NotFound, TooManyAttempts
from engine.store import credentials, tables
from engine.store.people import DutyRow
from engine.store.sessions import Stage
from tests.commands.accounts import NIP, NOW, OTHER, PASSWORD, PIN, Accounts, door
from tests.commands.organisations import FIRST_DAY, HEAD, STAFF

SECRETS = NewSecrets(OTHER, OTHER)


@pytest.fixture
def accounts(desk: Desk) -> Accounts:
    return Accounts(desk)


def use(accounts: Accounts, code: str, who: EmployeeId = STAFF, **more) -> None:
    given = {"secrets": SECRETS, "door": door(), "now": NOW} | more
    use_code(accounts.desk, nip=NIP.get(who, who), code=code, **given)


def duty(accounts: Accounts, who: EmployeeId, function: UnitFunction, unit: str | None) -> None:
    row = DutyRow(f"{who}-{function}", who, function.value, unit and UnitId(unit), FIRST_DAY)
    import_people(
        accounts.desk, founder(accounts.agency_id), people=Organisation(duties=(row,)), now=NOW
    )


def test_a_code_sets_the_first_password(accounts: Accounts):
    use(accounts, accounts.code().lower().replace("-", " "))

    assert accounts.enter(password=OTHER) is Stage.FULL


def test_a_code_works_once(accounts: Accounts):
    code = accounts.code()
    use(accounts, code)

    with pytest.raises(InvalidForm, match=r"code\.wrong"):
        use(accounts, code)


def test_of_two_at_the_same_moment_one_sets_the_password(accounts: Accounts):
    code, outcomes = accounts.code(), []

    def race(password: str) -> None:
        try:
            use(accounts, code, secrets=NewSecrets(password, password))
            outcomes.append("set")
        except InvalidForm:
            outcomes.append("refused")

    racers = [threading.Thread(target=race, args=(word,)) for word in (OTHER, PASSWORD)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert sorted(outcomes) == ["refused", "set"]


def test_a_code_ends_after_a_day_and_with_the_next_code(accounts: Accounts):
    old = accounts.code()
    new = accounts.code()

    with pytest.raises(InvalidForm):
        use(accounts, old)
    with pytest.raises(InvalidForm):
        use(accounts, new, now=NOW + VALID)
    use(accounts, accounts.code(now=NOW + VALID), now=NOW + VALID)


def test_a_code_belongs_to_one_person(accounts: Accounts):
    code = accounts.code(STAFF)

    for who in (HEAD, EmployeeId("198512122010121999")):
        with pytest.raises(InvalidForm, match=r"code\.wrong"):
            use(accounts, code, who)


def test_codes_cannot_be_guessed(accounts: Accounts):
    code = accounts.code()
    for number in range(5):
        with pytest.raises(InvalidForm):
            use(accounts, f"0000-0000-{number:04}")

    with pytest.raises(TooManyAttempts):
        use(accounts, code)


def test_a_refused_password_leaves_the_code_good(accounts: Accounts):
    code = accounts.code()

    with pytest.raises(InvalidForm) as caught:
        use(accounts, code, secrets=NewSecrets("pendek", "lain", "123456"))

    rules = [found.rule for found in caught.value.findings]
    assert rules == ["password.short", "pin.trivial", "password.differs"]
    use(accounts, code)


def test_a_reset_ends_all_sessions_and_the_pin_but_keeps_the_app(accounts: Accounts):
    accounts.activate(pin=PIN)
    accounts.set_app()
    here = door()
    accounts.enter(at=here, now=NOW)

    use(accounts, accounts.code())

    assert not accounts.is_in(here)
    assert stored(accounts).pin_hash is None
    assert accounts.enter(password=OTHER) is Stage.CODE


def test_a_lost_phone_is_forgotten_with_a_code_for_that(accounts: Accounts):
    accounts.activate()
    accounts.set_app()

    use(accounts, accounts.code(factors_too=True))

    assert accounts.enter(password=OTHER) is Stage.FULL


def stored(accounts: Accounts) -> credentials.CredentialRow:
    with accounts.desk.store.reading(accounts.agency_id) as tx:
        return credentials.find(tx, STAFF)


def test_the_person_sees_in_his_trail_who_issued_a_code(accounts: Accounts):
    duty(accounts, HEAD, UnitFunction.OPERATOR, "section")

    issue_code(accounts.desk, accounts.actor(HEAD), employee_id=STAFF, now=NOW)

    (event,) = accounts.trail(STAFF)
    assert (event["action"], event["actor"]) == ("code.issued", HEAD)
    assert event["values"]["purpose"] == "activation"


@pytest.mark.parametrize(
    ("function", "unit", "allowed"),
    [
        (UnitFunction.OPERATOR, "section", True),
        (UnitFunction.OPERATOR, None, True),
        (UnitFunction.OPERATOR, "office", False),
        (UnitFunction.HR, None, True),
        (UnitFunction.ADMINISTRATOR, None, True),
        (UnitFunction.AUDITOR, None, False),
        (UnitFunction.PLANNING, None, False),
    ],
)
def test_operators_hand_out_codes_in_their_own_unit(
    accounts: Accounts, function: UnitFunction, unit: str | None, allowed: bool
):
    duty(accounts, HEAD, function, unit)

    refused = nullcontext() if allowed else pytest.raises(Forbidden, match="missing_duty")
    with refused:
        issue_code(accounts.desk, accounts.actor(HEAD), employee_id=STAFF, now=NOW)

    assert accounts.actions(STAFF) == (["code.issued"] if allowed else [])


def test_nobody_issues_a_code_for_himself(accounts: Accounts):
    duty(accounts, HEAD, UnitFunction.HR, None)

    with pytest.raises(Forbidden, match="own_case"):
        issue_code(accounts.desk, accounts.actor(HEAD), employee_id=HEAD, now=NOW)


def test_an_operator_does_not_open_the_account_of_hr_nor_take_an_app_away(accounts: Accounts):
    duty(accounts, HEAD, UnitFunction.OPERATOR, "section")
    with pytest.raises(Forbidden):
        issue_code(
            accounts.desk, accounts.actor(HEAD), employee_id=STAFF, factors_too=True, now=NOW
        )

    duty(accounts, STAFF, UnitFunction.HR, None)

    with pytest.raises(Forbidden):
        issue_code(accounts.desk, accounts.actor(HEAD), employee_id=STAFF, now=NOW)


def test_nobody_issues_codes_for_another_agency(accounts: Accounts):
    duty(accounts, HEAD, UnitFunction.HR, None)
    actor = accounts.actor(HEAD)
    other = Accounts(accounts.desk)

    with pytest.raises(NotFound):
        issue_code(
            accounts.desk, founder(other.agency_id), employee_id=EmployeeId("somebody"), now=NOW
        )
    issue_code(accounts.desk, actor, employee_id=STAFF, now=NOW)
    assert other.trail(STAFF) == []


def test_no_code_stands_in_clear_in_the_database(accounts: Accounts):
    code = accounts.code()

    with accounts.desk.store.reading(accounts.agency_id) as tx:
        rows = [tx.connection.execute(select(t)).all() for t in tables.metadata.sorted_tables]

    assert code not in repr(rows)
    assert code.replace("-", "") not in repr(rows)
