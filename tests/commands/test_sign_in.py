"""Guessing, enumeration, fixation, expiry and bypass at the door of the product."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.commands.activation import NewSecrets
from engine.commands.credentials import change_password
from engine.commands.desk import Desk
from engine.commands.sessions import close_other_sessions, close_own_session, see_session
from engine.commands.sign_in import confirm_code
from engine.domain.attempts import ADDRESS
from engine.domain.people import EmployeeId
from engine.domain.totp import code_at, step_at
from engine.errors import InvalidForm, NotFound, TooManyAttempts
from engine.store import sessions, tables
from engine.store.database import Transaction
from engine.store.sessions import Stage
from tests.commands.accounts import NIP, NOW, OTHER, PASSWORD, STAY, Accounts, door
from tests.commands.organisations import HEAD, STAFF

NOBODY = EmployeeId("198512122010121999")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def accounts(desk: Desk) -> Accounts:
    made = Accounts(desk)
    made.activate(STAFF)
    return made


def test_the_right_password_opens_a_session_and_leaves_an_event(accounts: Accounts):
    here = door()

    assert accounts.enter(at=here) is Stage.FULL

    assert accounts.is_in(here)
    assert accounts.actions()[-1] == "session.opened"


@pytest.mark.parametrize(
    "nip", ["19900202 201502 2 001", "199002022015022001 ", "1990.0202.2015.02.2.001"]
)
def test_a_nip_may_be_typed_in_groups(accounts: Accounts, nip: str):
    assert accounts.enter(EmployeeId(nip)) is Stage.FULL


def test_unknown_unset_and_wrong_are_answered_the_same_and_hashed_once_each(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
):
    answers, hashed = [], []
    genuine = accounts.desk.passwords._hasher.verify
    hasher = type(accounts.desk.passwords._hasher)
    monkeypatch.setattr(
        hasher, "verify", lambda self, *given: hashed.append(given) or genuine(*given)
    )

    for who in (STAFF, HEAD, NOBODY):
        with pytest.raises(InvalidForm) as caught:
            accounts.enter(who, "salah sekali ini")
        answers.append(repr(caught.value.findings) + str(caught.value))

    assert len(set(answers)) == 1
    assert len(hashed) == 3
    assert len({stored.rsplit("$", 2)[0] for stored, _ in hashed}) == 1


def test_every_kind_of_stranger_waits_the_same(accounts: Accounts):
    waits = {who: guess_until_refused(accounts, who) for who in (STAFF, HEAD, NOBODY)}

    assert len(set(waits.values())) == 1


def guess_until_refused(accounts: Accounts, who: EmployeeId) -> tuple[int, int]:
    at, tries = door(f"10.1.{len(who)}.1"), 0
    while True:
        try:
            accounts.enter(who, "salah sekali ini", at=replace(at, token_hash=door().token_hash))
        except InvalidForm:
            tries += 1
        except TooManyAttempts as refused:
            return tries, refused.wait_s


def test_while_waiting_even_the_right_password_is_not_looked_at(accounts: Accounts):
    guess_until_refused(accounts, STAFF)
    there = f"10.1.{len(STAFF)}.1"

    with pytest.raises(TooManyAttempts):
        accounts.enter(at=door(there))
    assert accounts.enter(at=door(there), now=NOW + 16 * MINUTE) is Stage.FULL


def test_hammering_while_waiting_makes_nobody_wait_longer(accounts: Accounts):
    _, wait = guess_until_refused(accounts, STAFF)

    for _ in range(5):
        with pytest.raises(TooManyAttempts) as again:
            accounts.enter(at=door(f"10.1.{len(STAFF)}.1"))
        assert again.value.wait_s == wait


def test_strangers_everywhere_do_not_keep_the_owner_from_his_usual_place(accounts: Accounts):
    accounts.enter(at=door("10.0.0.1"))
    for number in range(40):
        with pytest.raises((InvalidForm, TooManyAttempts)):
            accounts.enter(STAFF, "salah sekali ini", at=door(f"203.0.113.{number}"))

    with pytest.raises(TooManyAttempts) as elsewhere:
        accounts.enter(at=door("10.9.9.9"))
    assert elsewhere.value.wait_s <= 60
    assert accounts.enter(at=door("10.0.0.1")) is Stage.FULL


def test_an_own_account_does_not_clear_the_record_of_an_address(accounts: Accounts):
    at = "203.0.113.7"
    for number in range(ADDRESS.free):
        with pytest.raises(InvalidForm):
            accounts.enter(EmployeeId(f"{198001012010010000 + number}"), "x", at=door(at))
        if number % 10 == 0:
            accounts.enter(at=door(at))

    with pytest.raises(TooManyAttempts):
        accounts.enter(EmployeeId("198001012010019999"), "x", at=door(at))


def test_a_crowd_guessing_at_once_gets_no_more_tries_than_one(accounts: Accounts):
    outcomes: list[str] = []

    def guess() -> None:
        try:
            accounts.enter(STAFF, "salah sekali ini", at=door("203.0.113.9"))
        except (InvalidForm, TooManyAttempts) as error:
            outcomes.append(type(error).__name__)

    crowd = [threading.Thread(target=guess) for _ in range(12)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert sorted(outcomes) == ["InvalidForm"] * 5 + ["TooManyAttempts"] * 7


def test_wrong_tries_are_noted_with_the_delay_and_without_what_was_typed(accounts: Accounts):
    guess_until_refused(accounts, STAFF)

    refused = [e["values"] for e in accounts.trail() if e["action"] == "session.refused"]

    assert [found["reason"] for found in refused] == ["password"] * len(refused)
    assert refused[-1]["wait_s"] > 0
    assert "salah" not in repr(accounts.trail())


def test_the_code_of_the_app_is_asked_before_any_page_opens(accounts: Accounts):
    secret, later = accounts.set_app(), NOW + 2 * MINUTE
    half, whole = door(), door()

    assert accounts.enter(at=half, now=later) is Stage.CODE
    assert not accounts.is_in(half, now=later)

    code = code_at(secret, step_at(later))
    confirm_code(accounts.desk, half_hash=half.token_hash, code=code, door=whole, now=later)
    assert accounts.is_in(whole, now=later)
    assert not accounts.is_in(half, now=later)


def test_a_code_is_used_once_even_for_two_sign_ins(accounts: Accounts):
    secret, later = accounts.set_app(), NOW + 2 * MINUTE
    code = code_at(secret, step_at(later))
    first, second = door(), door()
    for half in (first, second):
        accounts.enter(at=half, now=later)

    confirm_code(accounts.desk, half_hash=first.token_hash, code=code, door=door(), now=later)

    with pytest.raises(InvalidForm):
        confirm_code(accounts.desk, half_hash=second.token_hash, code=code, door=door(), now=later)


def test_codes_cannot_be_guessed_and_the_half_session_ends_soon(accounts: Accounts):
    accounts.set_app()
    later = NOW + 2 * MINUTE
    half = door()
    accounts.enter(at=half, now=later)

    outcomes = []
    for _ in range(8):
        try:
            confirm_code(
                accounts.desk, half_hash=half.token_hash, code="000000", door=door(), now=later
            )
        except (InvalidForm, TooManyAttempts) as error:
            outcomes.append(type(error).__name__)

    assert outcomes == ["InvalidForm"] * 4 + ["TooManyAttempts"] * 4
    with pytest.raises(NotFound):
        confirm_code(
            accounts.desk, half_hash=half.token_hash, code="1", door=door(), now=later + 6 * MINUTE
        )


def test_a_whole_session_is_no_half_one(accounts: Accounts):
    here = door()
    accounts.enter(at=here)

    with pytest.raises(NotFound):
        confirm_code(accounts.desk, half_hash=here.token_hash, code="1", door=door(), now=NOW)


def test_a_session_ends_by_idleness_and_by_age(accounts: Accounts):
    here, used = door(), door()
    for at in (here, used):
        accounts.enter(at=at)
    for hour in range(1, 12):
        now = NOW + timedelta(hours=hour)
        if accounts.is_in(used, now=now):
            see_session(
                accounts.desk, accounts.actor(), token_hash=used.token_hash, idle=STAY.idle, now=now
            )

    assert not accounts.is_in(here, now=NOW + STAY.idle)
    assert accounts.is_in(used, now=NOW + timedelta(hours=11, minutes=59))
    assert not accounts.is_in(used, now=NOW + STAY.longest)


def test_a_person_sees_his_devices_and_signs_out_of_one_or_all_others(accounts: Accounts):
    here, phone, library = door(), door(), door()
    for at in (here, phone, library):
        accounts.enter(at=at)

    close_own_session(accounts.desk, accounts.actor(), session_id=phone.token_hash[:16], now=NOW)
    assert [accounts.is_in(at) for at in (here, phone, library)] == [True, False, True]

    close_other_sessions(accounts.desk, accounts.actor(), token_hash=here.token_hash, now=NOW)
    assert [accounts.is_in(at) for at in (here, phone, library)] == [True, False, False]


def test_nobody_signs_out_somebody_else(accounts: Accounts):
    accounts.activate(HEAD)
    theirs = door()
    accounts.enter(HEAD, at=theirs)

    for session_id in (theirs.token_hash[:16], "", "%"):
        with pytest.raises(NotFound):
            close_own_session(accounts.desk, accounts.actor(), session_id=session_id, now=NOW)
    assert accounts.is_in(theirs)


def test_a_new_password_ends_every_session_but_a_fresh_one(accounts: Accounts):
    here, phone, fresh = door(), door(), door()
    for at in (here, phone):
        accounts.enter(at=at)

    change_password(
        accounts.desk, accounts.actor(), current=PASSWORD,
        secrets=NewSecrets(OTHER, OTHER), door=fresh, now=NOW,
    )  # fmt: skip

    assert [accounts.is_in(at) for at in (here, phone, fresh)] == [False, False, True]
    with pytest.raises(InvalidForm):
        accounts.enter()
    assert accounts.enter(password=OTHER) is Stage.FULL


@pytest.mark.parametrize(
    ("current", "secrets", "rule"),
    [
        ("salah sekali ini", NewSecrets(OTHER, OTHER), "password.wrong"),
        (PASSWORD, NewSecrets(OTHER, OTHER + "x"), "password.differs"),
        (PASSWORD, NewSecrets("pendek", "pendek"), "password.short"),
        (PASSWORD, NewSecrets(NIP[STAFF], NIP[STAFF]), "password.nip"),
    ],
)
def test_a_password_is_changed_only_by_rule(
    accounts: Accounts, current: str, secrets: NewSecrets, rule: str
):
    here = door()
    accounts.enter(at=here)

    with pytest.raises(InvalidForm) as caught:
        change_password(
            accounts.desk, accounts.actor(), current=current, secrets=secrets, door=door(), now=NOW
        )

    assert rule in [found.rule for found in caught.value.findings]
    assert accounts.is_in(here)


def test_the_database_holds_no_token_password_pin_or_secret_in_clear(accounts: Accounts):
    accounts.set_pin()
    secret = accounts.set_app()
    accounts.enter(at=door(), now=NOW + 2 * MINUTE)

    with accounts.desk.store.reading(accounts.agency_id) as tx:
        stored = repr(every_row(tx))
        (own, *_) = sessions.of_employee(tx, STAFF, now=NOW) or (None,)

    assert own is None
    for kept in (PASSWORD, "907351", repr(secret)[2:-1], secret.hex()):
        assert kept not in stored


def every_row(tx: Transaction) -> list[object]:
    return [tx.connection.execute(select(t)).all() for t in tables.metadata.sorted_tables]
