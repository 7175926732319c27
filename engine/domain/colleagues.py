"""Who may be asked about a person as a colleague or as one of his staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.domain.people import EmployeeId

MONTHS_OF_YEAR = 12
SAME_TEAM, SUBORDINATE = "same_team", "subordinate"


class Unfit(StrEnum):
    """Why somebody is not asked; each has a sentence."""

    UNKNOWN = "colleague.unknown"
    OWN = "colleague.own"
    ABOVE = "colleague.above"
    BELOW = "colleague.below"
    NOT_BELOW = "colleague.not_below"
    RELATED = "colleague.related"
    OTHER_UNIT = "colleague.other_unit"
    TOO_SHORT = "colleague.too_short"
    ASKED_OFTEN = "colleague.asked_often"
    TWICE = "colleague.twice"


@dataclass(frozen=True)
class Limits:
    """`[colleagues]` of a system: months together in one unit, reviews a person and cycle.

    `at_most` so many of each kind are suggested; with `subordinates` the staff of a leader is
    asked, too.
    """

    months: int
    reviews: int
    at_most: int
    subordinates: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody in service who may be suggested, and since when he has his post."""

    employee_id: EmployeeId
    nip: str
    name: str
    since: date


def limits_of(settings: Mapping[str, object]) -> Limits | None:
    """The limits of a system; None where it has none."""
    table = settings.get("colleagues")
    if not isinstance(table, Mapping):
        return None
    return Limits(
        months=int(table["months"]),
        reviews=int(table["reviews"]),
        at_most=int(table["at_most"]),
        subordinates=table.get("subordinates") is True,
    )


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    whole = day.year * MONTHS_OF_YEAR + day.month - 1 - months
    year, month = divmod(whole, MONTHS_OF_YEAR)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")
