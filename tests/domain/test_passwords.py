"""What may be a password or a PIN, for one person."""

import pytest

from engine.domain.passwords import password_findings, pin_findings
from engine.domain.people import AgencyId, Employee, EmployeeId, EmployeeKind

NIP = "198704122010012003"
PERSON = Employee(EmployeeId("e"), AgencyId("a"), NIP, "Dr. Siti Wenda, M.Si.", EmployeeKind.PNS)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("kopi pagi", "password.short"),
        ("k" + "opi pahit " * 20, "password.long"),
        (f"x{NIP}", "password.nip"),
        ("lahir 12041987", "password.nip"),
        ("pagi19870412!", "password.nip"),
        ("sitiwenda kopi", "password.name"),
        ("SITI dan kopi", "password.name"),
        ("aaaaaaaaaaaa", "password.common"),
        ("1234567890", "password.common"),
        ("Rahasia2026!", "password.common"),
        ("ｒａｈａｓｉａ202699", "password.common"),
    ],
)
def test_a_password_that_others_guess_is_refused(password: str, rule: str):
    assert rule in [found.rule for found in password_findings(password, PERSON)]


@pytest.mark.parametrize(
    "password", ["kopi pahit di teras", "kuda-batu-langit", "tempat parkir 88"]
)
def test_any_other_long_password_will_do(password: str):
    assert password_findings(password, PERSON) == ()


@pytest.mark.parametrize(
    ("pin", "rule"),
    [
        ("12345", "pin.digits"),
        ("12345a", "pin.digits"),
        ("٢٨٧٠٨٢", "pin.digits"),
        ("123456", "pin.trivial"),
        ("654321", "pin.trivial"),
        ("111111", "pin.trivial"),
        ("121212", "pin.trivial"),
        ("120487", "pin.trivial"),
        ("870412", "pin.trivial"),
        ("201001", "pin.trivial"),
    ],
)
def test_a_pin_that_others_guess_is_refused(pin: str, rule: str):
    assert [found.rule for found in pin_findings(pin, PERSON)] == [rule]


def test_any_other_six_digits_will_do():
    assert pin_findings("907351", PERSON) == ()
