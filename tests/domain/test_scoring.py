"""Measures suggest ratings; their rounding and limits are exact."""

from decimal import Decimal

import pytest

from engine.domain.scoring import attainment, credit_points, measured_mean, plain_mean


@pytest.mark.parametrize(
    ("realisation", "target", "inverse", "expected"),
    [
        ("92", "100", False, Decimal(92)),
        ("130", "100", False, Decimal(120)),
        ("-5", "100", False, Decimal(0)),
        ("5", "4", True, Decimal(80)),
        ("0", "100", False, Decimal(0)),
        ("0", "3", True, Decimal(120)),
        ("2", "0", True, Decimal(0)),
    ],
)
def test_attainment_is_a_percentage_from_0_to_120(
    realisation: str, target: str, inverse: bool, expected: Decimal
) -> None:
    assert attainment(Decimal(realisation), Decimal(target), inverse=inverse) == expected


def test_a_line_without_a_divisor_measures_nothing() -> None:
    assert attainment(Decimal(5), Decimal(0)) is None
    assert attainment(Decimal(0), Decimal(0), inverse=True) is None


def test_the_mean_is_rounded_half_up_once_at_the_end() -> None:
    assert plain_mean([Decimal("89.995")]) == Decimal("90.00")
    assert plain_mean([Decimal(100) / 3, Decimal(100) / 3, Decimal(100) / 3]) == Decimal("33.33")
    assert plain_mean([]) is None


def test_only_measurable_main_results_count() -> None:
    plan = [
        {"indicator_id": "a", "kind": "main", "target": Decimal(100), "inverse": False},
        {"indicator_id": "b", "kind": "additional", "target": Decimal(100), "inverse": False},
        {"indicator_id": "c", "kind": "main", "target": None, "inverse": False},
        {"indicator_id": "d", "kind": "main", "target": Decimal(10), "inverse": True},
    ]
    rows = [
        {"indicator_id": "a", "realisation": Decimal(92)},
        {"indicator_id": "b", "realisation": Decimal(10)},
        {"indicator_id": "c", "realisation": Decimal(10)},
        {"indicator_id": "d", "realisation": Decimal(8)},
    ]

    assert measured_mean(plan, rows) == Decimal("106.00")


def test_an_empty_row_is_not_zero() -> None:
    plan = [
        {"indicator_id": "a", "kind": "main", "target": Decimal(100), "inverse": False},
        {"indicator_id": "b", "kind": "main", "target": Decimal(100), "inverse": False},
    ]

    assert measured_mean(plan, [{"indicator_id": "a", "realisation": Decimal(80)}]) == Decimal(
        "80.00"
    )
    assert measured_mean(plan, []) is None


@pytest.mark.parametrize(
    ("pct", "coefficient", "months", "expected"),
    [
        ("1.50", "12.5", "12", "18.75"),
        ("1.00", "12.5", "2", "2.08"),
        ("0.75", "25", "12", "18.75"),
        ("0.25", "50", "7", "7.29"),
        ("1.00", "12.5", "0", "0.00"),
    ],
)
def test_credit_is_pro_rata_and_rounded_half_up(
    pct: str, coefficient: str, months: str, expected: str
) -> None:
    assert credit_points(Decimal(pct), Decimal(coefficient), Decimal(months)) == Decimal(expected)
