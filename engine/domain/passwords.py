"""What a password, a signing PIN and a typed code must be; no rules about kinds of characters."""

import re
from collections.abc import Iterator
from unicodedata import normalize

from engine.domain.people import Employee
from engine.errors import Finding

MIN_LENGTH, MAX_LENGTH = 10, 200
MIN_DISTINCT = 5
PIN_DIGITS = 6
PIN_MIN_DISTINCT = 3
NAME_PART = 4
RUNS = ("01234567890", "09876543210", "qwertyuiop", "abcdefghijklmnopqrstuvwxyz")
# What people in Indonesian offices are known to choose first; digits around them do not help.
COMMON = frozenset(
    {"password", "passw0rd", "katasandi", "rahasia", "indonesia", "bismillah", "sayang",
     "qwerty", "admin", "kinerja", "pegawai", "kabupaten", "merdeka", "garuda"}
)  # fmt: skip


def normal(secret: str) -> str:
    """The same text for every keyboard and phone (NFKC)."""
    return normalize("NFKC", secret)


def password_findings(password: str, person: Employee) -> tuple[Finding, ...]:
    """Every reason why the person may not use the password."""
    return tuple(Finding(rule, element_id="password") for rule in _password_rules(password, person))


def _password_rules(password: str, person: Employee) -> Iterator[str]:
    plain = normal(password).casefold()
    if len(plain) < MIN_LENGTH:
        yield "password.short"
    if len(plain) > MAX_LENGTH:
        yield "password.long"
    if any(part in plain for part in (person.nip, *birth_dates(person.nip))):
        yield "password.nip"
    words = re.findall(r"\w+", normal(person.name).casefold())
    if any(len(word) >= NAME_PART and word in plain for word in words):
        yield "password.name"
    letters = re.sub(r"[\W\d_]", "", plain)
    runs = any(plain in run or run in plain for run in RUNS)
    if len(set(plain)) < MIN_DISTINCT or letters in COMMON or runs:
        yield "password.common"


def pin_findings(pin: str, person: Employee) -> tuple[Finding, ...]:
    """Every reason why the person may not sign with the PIN."""
    if not (pin.isascii() and pin.isdecimal() and len(pin) == PIN_DIGITS):
        return (Finding("pin.digits", element_id="pin"),)
    trivial = len(set(pin)) < PIN_MIN_DISTINCT or any(pin in run for run in RUNS)
    if trivial or pin in birth_dates(person.nip) or pin in person.nip:
        return (Finding("pin.trivial", element_id="pin"),)
    return ()


def birth_dates(nip: str) -> tuple[str, ...]:
    """The birth date of a NIP as people write it; its first eight digits are year, month, day."""
    year, month, day = nip[:4], nip[4:6], nip[6:8]
    return (
        f"{year}{month}{day}",
        f"{day}{month}{year}",
        f"{day}{month}{year[2:]}",
        f"{year[2:]}{month}{day}",
    )


def digits(text: str) -> str:
    """What was typed without spaces, dots and dashes: NIP and codes are written in groups."""
    return re.sub(r"[\s.-]", "", text)
