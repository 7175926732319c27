"""Figures of other books: counted days, medians, and when complaints are too many."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.measured import (
    Complaint,
    Threshold,
    category_of,
    complaint_figures,
    frequent,
    threshold_of,
)

DAY = date(2026, 3, 2)
RULE = Threshold(10, 30, Decimal(30), 20)
TABLE = {"count": 10, "days": 30, "share_percent": 30, "share_from": 20}


def closed(days: int, *, right: bool = True) -> Complaint:
    return Complaint("lambat", DAY, DAY + timedelta(days=days), right)


def coming(count: int, category: str = "lambat", day: date = DAY) -> list[Complaint]:
    return [Complaint(category, day, None, False)] * count


@pytest.mark.parametrize(
    ("days", "median"),
    [([3], "3"), ([1, 3], "2"), ([1, 2, 9], "2"), ([2, 3, 4, 40], "3.5"), ([0], "0.5"), ([], None)],
)
def test_half_of_the_closed_complaints_took_so_many_days(days: list[int], median: str | None):
    found = complaint_figures([*(closed(n) for n in days), *coming(2)]).median_days

    assert found == (None if median is None else Decimal(median))


def test_only_closed_complaints_are_handled_and_only_some_right_the_first_time():
    found = complaint_figures([closed(1), closed(2, right=False), *coming(3)])

    assert (found.received, found.handled, found.right_first) == (5, 2, 1)


def test_the_thirtieth_day_before_the_latest_is_too_early():
    first, last = DAY, DAY + timedelta(days=29)

    assert frequent([*coming(9, day=first), *coming(1, day=last)], RULE) == {"lambat": 10}
    late = last + timedelta(days=1)
    assert frequent([*coming(9, day=first), *coming(1, day=late)], RULE) == {}


@pytest.mark.parametrize(
    ("same", "others", "many"), [(6, 14, True), (5, 15, False), (6, 13, False)]
)
def test_a_share_counts_only_among_enough_complaints(same: int, others: int, many: bool):
    rest = [one for n in range(others) for one in coming(1, f"hal {n}")]

    assert bool(frequent([*coming(same), *rest], RULE)) == many


def test_without_complaints_nothing_is_frequent():
    assert frequent([], RULE) == {}


def test_a_category_is_the_same_however_it_is_typed():
    assert category_of("  Antrean   PANJANG ") == "antrean panjang"


def test_a_threshold_says_what_is_wrong_with_it():
    assert threshold_of(None) is None
    assert threshold_of(TABLE) == RULE
    for wrong in ({"count": 0}, {"days": "30"}, {"share_percent": True}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            threshold_of({**TABLE, **wrong})
    with pytest.raises(TypeError):
        threshold_of([])
    with pytest.raises(KeyError):
        threshold_of({"count": 10})
