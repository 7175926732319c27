"""Codes of RFC 6238, with the vectors of its appendix B, and each usable once."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.totp import code_at, matching_step, provisioning_address, step_at

SECRET = b"12345678901234567890"
NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(second: int, code: str):
    assert code_at(SECRET, second // 30) == code


def test_a_code_is_taken_one_step_early_or_late_and_no_more():
    taken = [
        matching_step(SECRET, code_at(SECRET, step_at(NOW) + away), NOW, after=0) is not None
        for away in (-2, -1, 0, 1, 2)
    ]

    assert taken == [False, True, True, True, False]


def test_a_code_is_taken_once():
    code = code_at(SECRET, step_at(NOW))

    used = matching_step(SECRET, code, NOW, after=0)

    assert used == step_at(NOW)
    assert matching_step(SECRET, code, NOW + timedelta(seconds=20), after=used) is None


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "٢٨٧٠٨٢", "0" * 500])
def test_what_is_no_code_matches_nothing(code: str):
    assert matching_step(SECRET, code, NOW, after=0) is None


def test_the_address_for_the_app_names_the_account():
    address = provisioning_address(SECRET, account="1980…003", issuer="Alur Kinerja")

    assert address.startswith("otpauth://totp/Alur%20Kinerja%3A1980")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in address
