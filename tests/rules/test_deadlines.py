"""Deadlines: the last minute that counts, in each zone and around each odd day of the calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ExpressionFailed, InvalidDefinition
from engine.rules.deadlines import (
    Calendar,
    DeadlineRule,
    before,
    end_of_date,
    indonesian_calendar,
    last_day,
    parse_duration,
    resolve,
    start_of_date,
)

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
FOURTEEN = DeadlineRule("appeal_window", 14)
START = datetime(2020, 1, 1, tzinfo=UTC)
JAKARTA = Calendar(WIB, frozenset())


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "end"),
    [(WIB, "2026-01-15T17:00"), (WITA, "2026-01-15T16:00"), (WIT, "2026-01-15T15:00")],
)
def test_the_window_ends_at_midnight_after_day_14_of_the_agencys_zone(zone: str, end: str) -> None:
    calendar = Calendar(zone, frozenset())

    due = resolve(FOURTEEN, utc("2026-01-01T12:00"), calendar)

    assert due == utc(end)
    last_minute = (due - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
    assert f"{last_minute:%Y-%m-%d %H:%M}" == "2026-01-15 23:59"


@pytest.mark.parametrize(
    ("anchor", "last_day"),
    [
        ("2026-01-01T16:59:59", date(2026, 1, 15)),
        ("2026-01-01T17:00:00", date(2026, 1, 16)),
        ("2025-12-31T16:59:59", date(2026, 1, 14)),
        ("2025-12-31T17:00:00", date(2026, 1, 15)),
    ],
)
def test_day_one_follows_the_local_date_not_the_date_in_utc(anchor: str, last_day: date) -> None:
    assert resolve(FOURTEEN, utc(anchor), JAKARTA) == end_of_date(last_day, JAKARTA)


def test_the_same_instant_may_be_two_dates_in_two_zones() -> None:
    anchor = utc("2026-03-01T16:30")

    in_wib = resolve(FOURTEEN, anchor, JAKARTA)
    in_wit = resolve(FOURTEEN, anchor, Calendar(WIT, frozenset()))

    assert in_wib == end_of_date(date(2026, 3, 15), JAKARTA)
    assert in_wit == end_of_date(date(2026, 3, 16), Calendar(WIT, frozenset()))


@pytest.mark.parametrize(
    ("anchor", "days", "last_day"),
    [
        ("2028-02-15T03:00", 14, date(2028, 2, 29)),
        ("2028-02-16T03:00", 14, date(2028, 3, 1)),
        ("2027-02-15T03:00", 14, date(2027, 3, 1)),
        ("2026-12-17T03:00", 14, date(2026, 12, 31)),
        ("2026-12-18T03:00", 14, date(2027, 1, 1)),
        ("2026-12-18T03:00", 0, date(2026, 12, 18)),
    ],
)
def test_leap_days_and_the_end_of_the_year(anchor: str, days: int, last_day: date) -> None:
    due = resolve(DeadlineRule("any", days), utc(anchor), JAKARTA)

    assert due == end_of_date(last_day, JAKARTA)


def test_working_days_skip_weekends_idul_fitri_and_the_joint_leave() -> None:
    """1447 H: 18–24 March 2026 are off (Nyepi, Idul Fitri, cuti bersama), 21 and 22 a weekend."""
    calendar = indonesian_calendar(WIB, [2026])
    rule = DeadlineRule("invite", 5, "working")

    due = resolve(rule, utc("2026-03-16T03:00"), calendar)

    assert due == end_of_date(date(2026, 3, 30), calendar)
    assert not calendar.is_working(date(2026, 3, 20))
    assert calendar.is_working(date(2026, 3, 17))


def test_an_agency_may_add_and_remove_days_off() -> None:
    friday = utc("2026-02-06T03:00")
    rule = DeadlineRule("invite", 1, "working")
    plain = indonesian_calendar(WIB, [2026])
    local = indonesian_calendar(WIB, [2026], extra=[date(2026, 2, 9)], removed=[date(2026, 2, 17)])

    assert resolve(rule, friday, plain) == end_of_date(date(2026, 2, 9), plain)
    assert resolve(rule, friday, local) == end_of_date(date(2026, 2, 10), local)
    assert local.is_working(date(2026, 2, 17))


def test_working_days_of_a_year_without_known_holidays_are_refused_not_guessed() -> None:
    calendar = indonesian_calendar(WIB, [2026])

    with pytest.raises(ExpressionFailed) as failed:
        resolve(DeadlineRule("invite", 5, "working"), utc("2026-12-30T03:00"), calendar)

    assert (failed.value.code, failed.value.params["year"]) == ("deadline.year_unknown", "2027")


@given(
    st.integers(0, 15 * 365 * 24 * 60).map(lambda passed: START + timedelta(minutes=passed)),
    st.integers(0, 400),
    st.sampled_from([WIB, WITA, WIT]),
)
def test_a_deadline_is_a_local_midnight_after_exactly_so_many_days(
    anchor: datetime, days: int, zone: str
) -> None:
    calendar = Calendar(zone, frozenset())

    due = resolve(DeadlineRule("any", days), anchor, calendar)

    assert timedelta(days=days) < due - anchor <= timedelta(days=days + 1)
    assert due.utcoffset() == timedelta(0)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 60))
def test_working_days_agree_with_counting_them_one_by_one(day: date, days: int) -> None:
    holidays = frozenset(day + timedelta(days=number) for number in range(3, 90, 7))
    calendar = Calendar(WIB, holidays)

    due = resolve(DeadlineRule("any", days, "working"), start_of_date(day, calendar), calendar)

    passed = [day + timedelta(days=number) for number in range(1, 200)]
    within = [one for one in passed if end_of_date(one, calendar) <= due]
    assert sum(calendar.is_working(one) for one in within) == days


def test_the_last_day_that_is_on_time_lies_before_the_first_instant_that_is_too_late() -> None:
    due = resolve(FOURTEEN, utc("2026-01-01T03:00"), JAKARTA)

    assert last_day(due, JAKARTA) == date(2026, 1, 15)
    assert last_day(due + timedelta(hours=2), JAKARTA) == date(2026, 1, 16)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ExpressionFailed) as failed:
        resolve(FOURTEEN, datetime(2026, 1, 1), JAKARTA)  # noqa: DTZ001 - the fault under test

    assert failed.value.code == "deadline.instant_without_zone"


def test_reminders_lie_before_their_deadline() -> None:
    due = resolve(FOURTEEN, utc("2026-01-01T03:00"), JAKARTA)

    assert before(due, parse_duration("P3D")) == utc("2026-01-12T17:00")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P14D", timedelta(days=14)),
        ("P2W", timedelta(weeks=2)),
        ("PT12H", timedelta(hours=12)),
        ("P1DT30M", timedelta(days=1, minutes=30)),
        ("P1W2D", timedelta(days=9)),
    ],
)
def test_durations_are_weeks_days_hours_and_minutes(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "14D", "P1M", "P1Y", "PT5S", "P-1D", "P1.5D", "R3/P1D", "P１D", "p1d"],
)
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        parse_duration(text)

    assert refused.value.findings[0].rule == "duration.invalid"


@pytest.mark.parametrize("text", ["P0D", "PT0M", "P3661D", "P999999W", "PT999999H"])
def test_durations_of_nothing_or_more_than_ten_years_are_refused(text: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        parse_duration(text)

    assert refused.value.findings[0].rule == "duration.out_of_range"


def test_a_deadline_of_negative_or_endless_days_is_refused() -> None:
    for days in (-1, 3_661):
        with pytest.raises(InvalidDefinition):
            DeadlineRule("appeal_window", days)
