"""The daily log: what somebody did on a day, its limits, its months, and what is said of it."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from engine.errors import Finding

LEAST_LETTERS, MOST_LETTERS = 10, 2_000
# With at most two places.
MOST_QUANTITY = Decimal(1_000_000)


class EntryState(StrEnum):
    """How far an entry has come; a returned one waits for its correction."""

    ENTERED = "entered"
    VERIFIED = "verified"
    RETURNED = "returned"


class NoteKind(StrEnum):
    """What a note on an entry is; the rater directs and returns, the employee asks."""

    DIRECTION = "direction"
    COMMENT = "comment"
    REQUEST = "request"
    RETURN = "return"


# These wait for an answer of the other one.
AWAITING = frozenset({NoteKind.DIRECTION, NoteKind.REQUEST, NoteKind.RETURN})
BY_RATER = frozenset({NoteKind.DIRECTION, NoteKind.COMMENT})
BY_EMPLOYEE = frozenset({NoteKind.REQUEST, NoteKind.COMMENT})


@dataclass(frozen=True)
class LogRules:
    """The limits of `[daily_log]` in a system.

    After `late_after_days` an entry needs a reason; minutes of one entry and of a whole day; on
    `lock_day` of the next month a month may be changed for the last time; a request is to be
    answered within so many working days.
    """

    late_after_days: int
    least_minutes: int
    most_minutes: int
    most_minutes_a_day: int
    most_evidence: int
    lock_day: int
    answer_days: int

    def is_late(self, day: date, today: date) -> bool:
        """Whether an activity of that day needs a reason why it is entered only today."""
        return day < today - timedelta(days=self.late_after_days)

    def last_change(self, day: date) -> date:
        """The last day on which entries of that day's month may be entered or corrected."""
        return month_end(day) + timedelta(days=self.lock_day)

    def is_locked(self, day: date, today: date) -> bool:
        """Whether the month of that day is closed for changes."""
        return today > self.last_change(day)

    def locked_through(self, today: date) -> date:
        """The last day of the latest month that is locked."""
        month = today.replace(day=1) - timedelta(days=1)
        return month if self.is_locked(month, today) else _before_month(month)


@dataclass(frozen=True)
class Activity:
    """What is entered for a day; `task` is a result of the plan as it is written there, or empty.

    `quantity` counts what came out, 0 or more. `evidence` counts all pieces. Of an activity that
    was given back, `first_entered` is the day that says whether it came late.
    """

    day: date
    text: str
    minutes: int | None
    quantity: Decimal | None
    task: str = ""
    planned: bool = False
    late_reason: str = ""
    evidence: int = 0
    first_entered: date | None = None


def findings(
    activity: Activity, rules: LogRules, period: tuple[date, date], today: date, others: int
) -> list[Finding]:
    """Everything that is wrong with an entry, each at its field.

    `others` are the minutes of the other entries of that day.
    """
    is_inside = period[0] <= activity.day <= period[1]
    wrong: Mapping[str, tuple[str, bool]] = {
        "future": ("day", activity.day > today),
        "outside": ("day", not is_inside),
        "month_locked": ("day", is_inside and rules.is_locked(activity.day, today)),
        "activity": ("activity", not LEAST_LETTERS <= len(activity.text.strip()) <= MOST_LETTERS),
        "minutes": ("minutes", not _within(activity.minutes, rules)),
        "day_full": ("minutes", _overflows(activity.minutes, others, rules)),
        "quantity": ("quantity", not _countable(activity.quantity)),
        "late": ("late_reason", _unexplained(activity, rules, activity.first_entered or today)),
        "evidence": ("evidence", activity.evidence > rules.most_evidence),
    }
    params = {
        "day": activity.day.strftime("%d-%m-%Y"),
        "lock": rules.last_change(min(activity.day, period[1])).strftime("%d-%m-%Y"),
        "letters": str(LEAST_LETTERS),
        "least": str(rules.least_minutes),
        "most": str(rules.most_minutes),
        "day_most": str(rules.most_minutes_a_day),
        "others": str(others),
        "late_after": str(rules.late_after_days),
        "pieces": str(rules.most_evidence),
    }
    return [
        Finding(f"daily_log.{rule}", element_id=place, params=params)
        for rule, (place, is_wrong) in wrong.items()
        if is_wrong
    ]


def _within(minutes: int | None, rules: LogRules) -> bool:
    return minutes is not None and rules.least_minutes <= minutes <= rules.most_minutes


def _overflows(minutes: int | None, others: int, rules: LogRules) -> bool:
    return _within(minutes, rules) and (minutes or 0) + others > rules.most_minutes_a_day


def _countable(quantity: Decimal | None) -> bool:
    if quantity is None or not quantity.is_finite():
        return False
    exponent = quantity.as_tuple().exponent
    return 0 <= quantity <= MOST_QUANTITY and isinstance(exponent, int) and exponent >= -2


def _unexplained(activity: Activity, rules: LogRules, entered: date) -> bool:
    length = len(activity.late_reason.strip())
    least = LEAST_LETTERS if rules.is_late(activity.day, entered) else 0
    return not least <= length <= MOST_LETTERS


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _before_month(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def months_between(after: date | None, first: date, through: date) -> tuple[date, ...]:
    """The last days of the months that end after `after` and not after `through`, from `first`."""
    ends, day = [], first
    while (end := month_end(day)) <= through:
        if after is None or end > after:
            ends.append(end)
        day = end + timedelta(days=1)
    return tuple(ends)
