"""The civil servant's number: its eighteen digits read, checked and masked.

Form: birth date (8), first appointment as year and month (6), sex (1), sequence (3); in a PPPK
number the month may be a contract count from 21 on. There is no check digit. Source: Perka BKN
22/2007 and 43/2007.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.domain.people import EmployeeKind

DIGITS = 18
ADULT_YEARS = 18
PNS_AGE_LIMIT_YEARS = 35
FIRST_CONTRACT_CODE = 21
CONTRACT_KINDS = frozenset({EmployeeKind.PPPK, EmployeeKind.PPPK_PART_TIME})


class NipProblem(StrEnum):
    """What is wrong with a number; each has a sentence."""

    LENGTH = "nip.length"
    BIRTH = "nip.birth"
    APPOINTMENT = "nip.appointment"
    SEX = "nip.sex"
    SEQUENCE = "nip.sequence"
    TOO_YOUNG = "nip.too_young"
    FUTURE = "nip.future"
    OVER_AGE = "nip.over_age"


class InvalidNip(ValueError):
    """The number cannot belong to a civil servant; `problem` says why and never holds digits."""

    def __init__(self, problem: NipProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Nip:
    """A number taken apart; `month` is None where a contract count stands in its place."""

    digits: str
    born: date
    year: int
    month: int | None
    contract: int | None
    sex: int
    sequence: int

    @property
    def age_at_appointment(self) -> int:
        """Whole years at the end of the month, or of the year, of the first appointment."""
        month, day = (self.month or 12), 31
        before_birthday = (month, day) < (self.born.month, self.born.day)
        return self.year - self.born.year - before_birthday


def parse_nip(text: str, *, kind: EmployeeKind, today: date) -> Nip:
    """The parts of a number typed with or without spaces. Raises InvalidNip."""
    digits = re.sub(r"\s", "", text)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise InvalidNip(NipProblem.LENGTH)
    nip = _taken_apart(digits, kind)
    if nip.sex not in (1, 2):
        raise InvalidNip(NipProblem.SEX)
    if nip.sequence == 0:
        raise InvalidNip(NipProblem.SEQUENCE)
    if nip.born > today or (nip.year, nip.month or 1) > (today.year, today.month):
        raise InvalidNip(NipProblem.FUTURE)
    if nip.age_at_appointment < ADULT_YEARS:
        raise InvalidNip(NipProblem.TOO_YOUNG)
    return nip


def nip_warnings(nip: Nip, kind: EmployeeKind) -> tuple[NipProblem, ...]:
    """What is unusual but possible: a PNS appointed after the age of 35."""
    late = kind is EmployeeKind.PNS and nip.age_at_appointment > PNS_AGE_LIMIT_YEARS
    return (NipProblem.OVER_AGE,) if late else ()


def mask_nip(digits: str) -> str:
    """The number for lists: the birth date is personal data, so only the last four remain."""
    return "•" * max(0, len(digits) - 4) + digits[-4:]


def show_nip(digits: str) -> str:
    """The number in its printed groups: `19860926 201505 1 001`."""
    return " ".join((digits[:8], digits[8:14], digits[14:15], digits[15:]))


def sex_of(digits: str) -> str | None:
    """`male` or `female` as the fifteenth digit says; None where it says neither."""
    return {"1": "male", "2": "female"}.get(digits[14:15])


def _taken_apart(digits: str, kind: EmployeeKind) -> Nip:
    code = int(digits[12:14])
    is_month = 1 <= code <= 12
    if not is_month and not (kind in CONTRACT_KINDS and code >= FIRST_CONTRACT_CODE):
        raise InvalidNip(NipProblem.APPOINTMENT)
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError as error:
        raise InvalidNip(NipProblem.BIRTH) from error
    return Nip(
        digits=digits,
        born=born,
        year=int(digits[8:12]),
        month=code if is_month else None,
        contract=None if is_month else code,
        sex=int(digits[14]),
        sequence=int(digits[15:]),
    )
