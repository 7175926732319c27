"""The local score of the five regions, to the second decimal."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.local_score import (
    Axis,
    Indicator,
    anchored,
    attendance,
    index_score,
    local_score,
    reweighted,
)
from engine.domain.scoring import attainment, rounded
from engine.domain.scoring_settings import scoring_of
from tests.office import ROOT

DEFAULTS = tomllib.loads((ROOT / "workflows/shared/defaults.toml").read_text())


def indicator(key: str, axis: Axis, weight: int) -> dict[str, Any]:
    return {"id": key, "axis": axis.value, "weight": weight, "title": key}


def scoring(results: dict[str, int], behaviour: dict[str, int], **score: Any):
    entries = [indicator(key, Axis.RESULTS, weight) for key, weight in results.items()]
    entries += [indicator(key, Axis.BEHAVIOUR, weight) for key, weight in behaviour.items()]
    return scoring_of({**DEFAULTS, "indicators": entries, "score": score})


SCALES = scoring({"a": 70}, {"b": 15, "c": 15}).scales


def of(rating: int) -> Decimal:
    return anchored(Decimal(rating), SCALES)


def ratio(realisation: str, target: str, *, inverse: bool = False) -> Decimal | None:
    return attainment(Decimal(realisation), Decimal(target), inverse=inverse)


ORACLES = {
    "walesi": (
        {"productivity": 40, "service": 30},
        {"communication": 30},
        {},
        {"productivity": ratio("230", "220"), "service": index_score(Decimal("84.2"), SCALES),
         "communication": of(3)},
        ("103.87", "100.00", "102.71"),
    ),
    "tanjungbalai": (
        {"effectiveness": 40, "efficiency": 30},
        {"information": 15, "attitude": 15},
        {},
        {"effectiveness": ratio("11", "12"), "efficiency": of(3), "information": of(4),
         "attitude": of(2)},
        ("95.24", "92.50", "94.42"),
    ),
    "gayungan": (
        {"target": 30, "complaints": 30},
        {"peers": 20, "public": 20},
        {"peers": True},
        {"target": Decimal(100),
         "complaints": (ratio("47", "50") + ratio("2.5", "3", inverse=True)) / 2,
         "peers": (of(4) + of(4) + of(3)) / 3, "public": index_score(Decimal("79.0"), SCALES)},
        ("103.50", "100.38", "102.25"),
    ),
    "jambi": (
        {"quality": 70},
        {"attendance": 15, "team": 15},
        {},
        {"quality": of(2), "attendance": attendance(Decimal(242), Decimal(0), Decimal(238)),
         "team": of(3)},
        ("75.00", "99.17", "82.25"),
    ),
    "salatiga": (
        {"quantity": 35, "quality": 35},
        {"discipline": 10, "initiative": 10, "adaptability": 10},
        {},
        {"quantity": ratio("52", "48"), "quality": of(4), "discipline": of(4),
         "initiative": of(5), "adaptability": of(4)},
        ("109.17", "113.33", "110.42"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("region", ORACLES)
def test_the_score_of_a_region_is_as_computed_by_hand(region: str) -> None:
    results, behaviour, score, measured, (on_results, on_behaviour, whole) = ORACLES[region]

    found = local_score(scoring(results, behaviour, **score).indicators, measured)

    assert (str(found.results), str(found.behaviour)) == (on_results, on_behaviour)
    assert (str(found.local), found.missing) == (whole, ())


@pytest.mark.parametrize(
    ("index", "score"),
    [("25", "45.00"), ("64.99", "69.99"), ("65", "70.00"), ("76.60", "89.98"), ("76.61", "90.00"),
     ("84.2", "102.97"), ("88.30", "109.98"), ("88.31", "110.00"), ("100", "120.00"),
     ("10", "45.00")],
)  # fmt: skip
def test_an_index_lies_on_the_curve(index: str, score: str) -> None:
    assert str(rounded(index_score(Decimal(index), SCALES))) == score


def test_authorised_leave_is_no_absence() -> None:
    on_leave = attendance(Decimal(242), Decimal(90), Decimal(152))

    assert on_leave == Decimal(100)
    assert attendance(Decimal(60), Decimal(60), Decimal(0)) is None


def test_the_weight_of_what_is_missing_goes_to_the_others_of_its_axis() -> None:
    results, behaviour, score, measured, _ = ORACLES["gayungan"]

    found = local_score(
        scoring(results, behaviour, **score).indicators, {**measured, "peers": None}
    )

    assert found.missing == ("peers",)
    assert str(found.behaviour) == "94.09"
    # 0.6 x 103.5 + 0.4 x 94.0855
    assert str(found.local) == "99.73"


def test_an_axis_without_any_measure_gives_no_whole() -> None:
    indicators = scoring({"a": 70}, {"b": 15, "c": 15}).indicators

    found = local_score(indicators, {"a": Decimal(100), "b": None, "c": None})

    assert (found.behaviour, found.local, found.missing) == (None, None, ("b", "c"))


@pytest.mark.parametrize(
    ("base", "bonus", "whole"),
    [("110.42", "3", "113.42"), ("118", "5", "120"), ("89.99", "5", "89.99"), ("86", "3", "89"),
     ("85", "5", "89.99"), ("90", "2", "92")],
)  # fmt: skip
def test_a_bonus_lifts_no_weak_work_over_the_border(base: str, bonus: str, whole: str) -> None:
    indicators = scoring({"a": 70}, {"b": 15, "c": 15}).indicators
    measured = dict.fromkeys(("a", "b", "c"), Decimal(base))

    found = local_score(indicators, measured, bonus=Decimal(bonus))

    assert found.local == Decimal(whole)


@pytest.mark.parametrize(
    ("agreed", "weights"),
    [
        ({}, (40, 30, 15, 15)),
        ({"a": 20, "b": 50, "c": 10, "d": 20}, (20, 50, 10, 20)),
        ({"a": 1, "b": 1}, (35, 35, 15, 15)),
        ({"c": 0, "d": 0}, (40, 30, 15, 15)),
    ],
)
def test_weights_agreed_for_one_person_only_divide_the_share_of_each_axis(
    agreed: dict[str, int], weights: tuple[int, ...]
) -> None:
    indicators = scoring({"a": 40, "b": 30}, {"c": 15, "d": 15}).indicators

    found = reweighted(indicators, {key: Decimal(weight) for key, weight in agreed.items()})

    assert tuple(indicator.weight for indicator in found) == weights


@given(st.lists(st.decimals(0, 120, places=2), min_size=3, max_size=3))
def test_the_whole_lies_between_the_worst_and_the_best_indicator(scores: list[Decimal]) -> None:
    indicators: tuple[Indicator, ...] = scoring({"a": 70}, {"b": 15, "c": 15}).indicators

    found = local_score(indicators, dict(zip("abc", scores, strict=True)))

    assert min(scores) <= found.local <= max(scores)


@pytest.mark.parametrize(
    ("results", "behaviour", "score", "said"),
    [
        ({"a": 60}, {"b": 20, "c": 20}, {}, "not 70"),
        ({"a": 70}, {"b": 15, "c": 15}, {"peers": True}, "not 60"),
        ({"a": 70}, {"b": 15, "c": 10}, {}, "together 100"),
        ({"a": 70}, {"b": 26, "c": 4}, {}, "at least 5"),
        ({"a": 70}, {"b": 30}, {}, "from 3"),
    ],
)
def test_weights_outside_the_law_are_refused(
    results: dict[str, int], behaviour: dict[str, int], score: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        scoring(results, behaviour, **score)


def test_other_shares_stand_with_a_reason_that_is_written_down() -> None:
    found = scoring({"a": 60}, {"b": 20, "c": 20}, envelope_reason="Perwali 1/2026 pasal 4")

    assert len(found.indicators) == 3


@pytest.mark.parametrize("rating", ["0", "0.5", "5.1", "6"])
def test_a_rating_outside_the_scale_has_no_score(rating: str) -> None:
    with pytest.raises(KeyError):
        anchored(Decimal(rating), SCALES)


@pytest.mark.parametrize(
    ("rating", "score"), [("3", "100"), ("3.5", "105"), ("3.9", "109"), ("4.75", "117.5")]
)
def test_the_mean_of_several_ratings_is_not_cut_to_the_lower_anchor(
    rating: str, score: str
) -> None:
    assert anchored(Decimal(rating), SCALES) == Decimal(score)


def test_every_shipped_system_with_indicators_stays_inside_the_law() -> None:
    systems = sorted(Path(ROOT / "workflows").glob("*/system.toml"))

    read = [scoring_of({**DEFAULTS, **tomllib.loads(path.read_text())}) for path in systems]

    assert len(read) == len(systems)


def test_a_rating_between_two_anchors_lies_on_the_line_between_them():
    assert anchored(Decimal("3.5"), SCALES) == Decimal(105)
    assert anchored(Decimal("4.25"), SCALES) == Decimal("112.5")
    assert anchored(Decimal(5), SCALES) == Decimal(120)
    with pytest.raises(KeyError):
        anchored(Decimal("5.1"), SCALES)
