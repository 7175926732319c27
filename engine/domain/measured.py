"""Measured figures that come from other books: complaints, days of attendance, training hours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from engine.domain.people import EmployeeId
from engine.domain.scoring import HUNDRED, rounded

# A complaint that was closed on the day it came took half a day: a median is never nothing.
SAME_DAY = Decimal("0.5")


class FigureKind(StrEnum):
    """What is measured."""

    COMPLAINTS = "complaints"
    ATTENDANCE = "attendance"
    TRAINING = "training"


class Leave(StrEnum):
    """Kinds of authorised leave, which are no absence."""

    ANNUAL = "annual"
    SICK = "sick"
    MATERNITY = "maternity"
    HAJJ = "hajj"
    IMPORTANT = "important"
    LONG = "long"
    STUDY = "study"


@dataclass(frozen=True)
class Complaint:
    """One complaint of a citizen; `closed` is None while it is open."""

    category: str
    received: date
    closed: date | None
    right_first: bool
    employee_id: EmployeeId | None = None


@dataclass(frozen=True)
class ComplaintFigures:
    """Complaints of some time; `median_days` at two places, None while none is closed."""

    received: int
    handled: int
    right_first: int
    median_days: Decimal | None


@dataclass(frozen=True)
class Threshold:
    """When complaints about one thing ask for a repair.

    So many of one category within `days` days up to the latest complaint, or that share of all of
    them in percent, once there are `share_from`.
    """

    count: int
    days: int
    share_percent: Decimal
    share_from: int


def category_of(text: str) -> str:
    """A category as complaints are counted by: small letters and single spaces."""
    return " ".join(text.split()).lower()


def complaint_figures(complaints: Sequence[Complaint]) -> ComplaintFigures:
    """How many came, were closed, were closed right the first time, and in how many days.

    Calendar days; of the closed ones, since nobody knows how long the open ones take.
    """
    closed = [one for one in complaints if one.closed]
    right = sum(one.right_first for one in closed)
    return ComplaintFigures(len(complaints), len(closed), right, _median(_days(closed)))


def _days(closed: Sequence[Complaint]) -> list[Decimal]:
    taken = ((one.closed - one.received).days for one in closed if one.closed)
    return sorted(max(Decimal(days), SAME_DAY) for days in taken)


def _median(ordered: Sequence[Decimal]) -> Decimal | None:
    if not ordered:
        return None
    middle = len(ordered) // 2
    return rounded((ordered[middle] + ordered[-middle - 1]) / 2)


def frequent(complaints: Sequence[Complaint], threshold: Threshold) -> Mapping[str, int]:
    """The categories of a unit that are complained of too often, with how many complaints."""
    if not complaints:
        return {}
    since = max(one.received for one in complaints) - timedelta(days=threshold.days - 1)
    counted = Counter(one.category for one in complaints if one.received >= since)
    total = counted.total()
    shared = total >= threshold.share_from
    return {
        category: count
        for category, count in sorted(counted.items())
        if count >= threshold.count
        or (shared and HUNDRED * count / total >= threshold.share_percent)
    }


def threshold_of(entry: object) -> Threshold | None:
    """The threshold of a system's `[complaints]`; None without that table.

    Raises ValueError, KeyError or TypeError that names what is wrong.
    """
    if entry is None:
        return None
    if not isinstance(entry, Mapping):
        raise TypeError("complaints must be a table")
    numbers = {name: entry[name] for name in ("count", "days", "share_percent", "share_from")}
    for name, number in numbers.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise ValueError(f"complaints.{name} must be a whole number from 1")
    return Threshold(
        numbers["count"], numbers["days"], Decimal(numbers["share_percent"]), numbers["share_from"]
    )
