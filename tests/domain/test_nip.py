"""A civil servant's number is taken apart, checked for what it can mean, and masked."""

from datetime import date

import pytest

from engine.domain.nip import InvalidNip, NipProblem, mask_nip, nip_warnings, parse_nip, show_nip
from engine.domain.people import EmployeeKind

TODAY = date(2026, 3, 1)
PNS, PPPK = EmployeeKind.PNS, EmployeeKind.PPPK


def problem(text: str, kind: EmployeeKind = PNS) -> NipProblem:
    with pytest.raises(InvalidNip) as caught:
        parse_nip(text, kind=kind, today=TODAY)
    return caught.value.problem


def test_a_number_is_read_with_and_without_spaces():
    nip = parse_nip("19860926 201505 1 001", kind=PNS, today=TODAY)

    assert nip.digits == "198609262015051001"
    assert (nip.born, nip.year, nip.month) == (date(1986, 9, 26), 2015, 5)
    assert (nip.sex, nip.sequence, nip.contract) == (1, 1, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19860926201505100", NipProblem.LENGTH),
        ("1986092620150510011", NipProblem.LENGTH),
        ("19860926201505100X", NipProblem.LENGTH),
        ("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", NipProblem.LENGTH),
        ("", NipProblem.LENGTH),
        ("198602302015051001", NipProblem.BIRTH),
        ("198613012015051001", NipProblem.BIRTH),
        ("198609262015131001", NipProblem.APPOINTMENT),
        ("198609262015001001", NipProblem.APPOINTMENT),
        ("198609262015053001", NipProblem.SEX),
        ("198609262015050001", NipProblem.SEX),
        ("198609262015051000", NipProblem.SEQUENCE),
        ("200809262015051001", NipProblem.TOO_YOUNG),
        ("198609262026041001", NipProblem.FUTURE),
        ("202709262044051001", NipProblem.FUTURE),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_its_reason(text: str, expected: NipProblem):
    assert problem(text) is expected


def test_the_month_of_the_eighteenth_birthday_is_old_enough():
    assert parse_nip("199703312015031001", kind=PNS, today=TODAY).age_at_appointment == 18
    assert problem("199704012015031001") is NipProblem.TOO_YOUNG


def test_a_contract_count_stands_only_in_the_number_of_a_contract_employee():
    nip = parse_nip("199001012023211002", kind=PPPK, today=TODAY)

    assert (nip.month, nip.contract, nip.sequence) == (None, 21, 2)
    assert problem("199001012023211002", PNS) is NipProblem.APPOINTMENT
    assert problem("199001012023201002", PPPK) is NipProblem.APPOINTMENT


def test_a_late_appointment_is_a_warning_for_permanent_staff_only():
    late = "197001012010011001"

    assert nip_warnings(parse_nip(late, kind=PNS, today=TODAY), PNS) == (NipProblem.OVER_AGE,)
    assert nip_warnings(parse_nip(late, kind=PPPK, today=TODAY), PPPK) == ()


def test_the_error_and_the_mask_give_no_birth_date_away():
    with pytest.raises(InvalidNip) as caught:
        parse_nip("198602302015051001", kind=PNS, today=TODAY)

    assert "1986" not in str(caught.value)
    assert mask_nip("198609262015051001") == "•" * 14 + "1001"
    assert show_nip("198609262015051001") == "19860926 201505 1 001"
