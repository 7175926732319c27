"""Signing with an own PIN or app: the kind is kept, wrong ones are counted, nothing is lost."""

from datetime import timedelta

import pytest

from engine.commands.activation import NewSecrets, issue_code, use_code
from engine.commands.complete import complete_work_item
from engine.commands.credentials import confirm_app, set_pin, start_app
from engine.commands.people import founder
from engine.domain.people import EmployeeId
from engine.domain.totp import code_at, step_at
from engine.errors import InvalidForm
from engine.store import people, results
from tests.cases import NOW, RELAY, REPORT, Case, trail
from tests.commands.accounts import PASSWORD, PIN, door
from tests.office import Office
from tests.ready import Offices

SIGNER = "division_head"
LATER = NOW + timedelta(minutes=2)


def to_be_signed(offices: Offices) -> Case:
    """A case that waits for the signature of the rater."""
    case = Case.start(offices.open("relay"))
    for element, person, answers in RELAY[:-1]:
        case.complete(person, element, answers)
    return case


def set_up(office: Office, *, pin: bool = False, app: bool = False) -> bytes:
    """Give the signer a password, and PIN or app; the app's secret."""
    desk, signer = office.desk, EmployeeId(SIGNER)
    with desk.store.reading(office.agency_id) as tx:
        nip = people.employee(tx, signer).nip
    code = issue_code(desk, founder(office.agency_id), employee_id=signer, now=NOW).code
    secrets = NewSecrets(PASSWORD, PASSWORD)
    use_code(desk, nip=nip, code=code, secrets=secrets, door=door(), now=NOW)
    actor, secret = office.actor(SIGNER, NOW), b""
    if pin:
        set_pin(desk, actor, pin=PIN, password=PASSWORD, now=NOW)
    if app:
        secret = start_app(desk, actor, password=PASSWORD, now=NOW)
        confirm_app(desk, actor, code=code_at(secret, step_at(NOW)), now=NOW)
    return secret


def kinds(case: Case) -> list[str | None]:
    """How the versions of the result are signed: in the row, and in the trail."""
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        rows = [row.signature_kind for row in results.of_instance(tx, case.id)]
    events = [e["values"]["kind"] for e in case.events if e["action"] == "signature.given"]
    return rows + events


def test_who_has_set_up_nothing_signs_with_a_click(offices: Offices):
    case = to_be_signed(offices)

    case.complete(SIGNER, "sign", REPORT)

    assert kinds(case) == ["click", "click"]


def test_a_pin_is_asked_and_its_kind_kept(offices: Offices):
    case = to_be_signed(offices)
    set_up(case.office, pin=True)

    with pytest.raises(InvalidForm, match=r"signature\.missing"):
        case.complete(SIGNER, "sign", REPORT)
    case.complete(SIGNER, "sign", REPORT, signature_code="907 351")

    assert kinds(case) == ["pin", "pin"]


def test_a_code_of_the_app_signs_once(offices: Offices):
    case = to_be_signed(offices)
    secret = set_up(case.office, pin=True, app=True)
    code = code_at(secret, step_at(LATER))

    case.complete(SIGNER, "sign", REPORT, now=LATER, signature_code=code)

    assert kinds(case) == ["totp", "totp"]
    second = Case.start(case.office, "clerk", now=LATER)
    for element, person, answers in RELAY[:-1]:
        who = "clerk" if person == "analyst" else person
        second.complete(who, element, answers, now=LATER)
    with pytest.raises(InvalidForm, match=r"signature\.wrong"):
        second.complete(SIGNER, "sign", REPORT, now=LATER, signature_code=code)


def test_a_refused_form_does_not_use_the_code_up(offices: Offices):
    case = to_be_signed(offices)
    secret = set_up(case.office, app=True)
    code = code_at(secret, step_at(LATER))

    with pytest.raises(InvalidForm):
        case.complete(SIGNER, "sign", {"agreed": "?"}, now=LATER, signature_code=code)

    case.complete(SIGNER, "sign", REPORT, now=LATER, signature_code=code)
    assert kinds(case) == ["totp", "totp"]


def test_a_form_that_is_not_right_tries_no_pin(offices: Offices):
    case = to_be_signed(offices)
    set_up(case.office, pin=True)

    for _ in range(12):
        with pytest.raises(InvalidForm) as refused:
            case.complete(SIGNER, "sign", {}, signature_code="000000")
        assert "signature" not in str(refused.value)
    case.complete(SIGNER, "sign", REPORT, signature_code=PIN)

    assert kinds(case) == ["pin", "pin"]


def test_wrong_pins_are_counted_noted_and_slowed_but_the_case_stays(offices: Offices):
    case = to_be_signed(offices)
    set_up(case.office, pin=True)
    before = case.events

    rules = []
    for _ in range(6):
        with pytest.raises(InvalidForm) as caught:
            case.complete(SIGNER, "sign", REPORT, signature_code="483920")
        rules += [found.rule for found in caught.value.findings]

    assert rules == ["signature.wrong"] * 4 + ["sign_in.wait"] * 2
    assert case.events == before
    assert "sign" in case.open
    with pytest.raises(InvalidForm, match=r"sign_in\.wait"):
        case.complete(SIGNER, "sign", REPORT, signature_code=PIN)
    case.complete(SIGNER, "sign", REPORT, signature_code=PIN, now=NOW + timedelta(minutes=16))
    noted = trail(case.office, f"actor/{SIGNER}/2026-01-05")
    assert [e["action"] for e in noted].count("signature.refused") == 4
    assert "483920" not in repr(noted)


def test_the_same_click_again_gives_the_same_receipt_with_a_used_code(offices: Offices):
    case = to_be_signed(offices)
    secret = set_up(case.office, app=True)
    code, item = code_at(secret, step_at(LATER)), case.open["sign"].id
    first = case.complete(SIGNER, "sign", REPORT, now=LATER, signature_code=code, key="click")

    again = send_again(case, item, code)

    assert again == first.receipt


def send_again(case: Case, item: str, code: str) -> str:
    return complete_work_item(
        case.office.desk, case.office.actor(SIGNER, LATER), item_id=item, answers=REPORT,
        now=LATER, key="click", signature_code=code,
    ).receipt  # fmt: skip


def test_steps_that_sign_nothing_ask_for_nothing(offices: Offices):
    case = Case.start(offices.open("relay"))
    set_up(case.office, pin=True)
    (draft, review, *_) = RELAY
    case.complete(draft[1], draft[0], draft[2])

    done = case.complete(SIGNER, review[0], review[2])

    assert done.receipt
