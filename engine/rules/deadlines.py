"""Deadlines as absolute instants, counted in local calendar or working days; knows the holidays."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from holidays import country_holidays

from engine.errors import ExpressionFailed, Finding, InvalidDefinition

Counting = Literal["calendar", "working"]
MAX_DAYS: Final = 3_660
_SATURDAY: Final = 5
_DURATION = re.compile(
    r"P(?:(?P<weeks>[0-9]{1,6})W)?(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,6})M)?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class Calendar:
    """The days of one agency: its zone (tz database name) and its public holidays.

    `years` names the years whose holidays are known; empty means every year is taken as known.
    """

    zone: str
    holidays: frozenset[date]
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Is `day` neither Saturday, Sunday nor holiday? Raises when its year is not known."""
        if self.years and day.year not in self.years:
            raise ExpressionFailed("deadline.year_unknown", year=str(day.year))
        return day.weekday() < _SATURDAY and day not in self.holidays


@dataclass(frozen=True)
class DeadlineRule:
    """A deadline of `system.toml`: a number of calendar or working days, 0–3,660."""

    key: str
    days: int
    counting: Counting = "calendar"

    def __post_init__(self) -> None:
        if not 0 <= self.days <= MAX_DAYS:
            raise _invalid("deadline.days_out_of_range", self.key)


def indonesian_calendar(
    zone: str, years: Iterable[int], extra: Iterable[date] = (), removed: Iterable[date] = ()
) -> Calendar:
    """The calendar of an Indonesian agency: public holidays and the joint leave (cuti bersama).

    `extra` and `removed` are the agency's overrides: the yearly decree may come late or move days.
    """
    known = frozenset(years)
    listed = country_holidays("ID", years=sorted(known), categories=("public", "government"))
    return Calendar(zone, (frozenset(listed) | frozenset(extra)) - frozenset(removed), known)


def resolve(rule: DeadlineRule, anchor: datetime, calendar: Calendar) -> datetime:
    """The first instant that is too late, in UTC: 24:00 local time of the last day.

    Day one is the day after the local date of `anchor` (an aware instant).
    """
    day = local_date(anchor, calendar)
    if rule.counting == "calendar":
        return end_of_date(day + timedelta(days=rule.days), calendar)
    left = rule.days
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return end_of_date(day, calendar)


def before(instant: datetime, duration: timedelta) -> datetime:
    """The instant `duration` before `instant`, in UTC."""
    return _aware(instant).astimezone(UTC) - duration


def start_of_date(day: date, calendar: Calendar) -> datetime:
    """00:00 local time of `day`, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(calendar.zone)).astimezone(UTC)


def end_of_date(day: date, calendar: Calendar) -> datetime:
    """24:00 local time of `day`, in UTC: the first instant after it."""
    return start_of_date(day + timedelta(days=1), calendar)


def local_date(instant: datetime, calendar: Calendar) -> date:
    """The date that the agency's wall calendar shows at `instant`."""
    return _aware(instant).astimezone(ZoneInfo(calendar.zone)).date()


def last_day(due: datetime, calendar: Calendar) -> date:
    """The local day on which `due`, the first instant that is too late, is still to come."""
    return local_date(due - timedelta(microseconds=1), calendar)


def parse_duration(text: str) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours and minutes, as in `P14D`, `PT12H`, `P2W`.

    Longer than zero and at most 3,660 days; raises InvalidDefinition. Months, years and seconds
    are refused: the first two have no fixed length, and nobody answers within seconds.
    """
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()) or text.strip().endswith("T"):
        raise _invalid("duration.invalid", text)
    parts = {name: int(count) for name, count in found.groupdict().items() if count}
    duration = timedelta(**parts)
    if not timedelta() < duration <= timedelta(days=MAX_DAYS):
        raise _invalid("duration.out_of_range", text)
    return duration


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ExpressionFailed("deadline.instant_without_zone", instant=instant.isoformat())
    return instant


def _invalid(rule: str, text: str) -> InvalidDefinition:
    return InvalidDefinition([Finding(rule, params={"text": text[:40]})])
