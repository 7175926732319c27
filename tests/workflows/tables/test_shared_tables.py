"""The boundary lists of the shared decision tables and the credit oracles."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from engine.errors import DecisionFailed
from engine.rules.dmn import DecisionTable, check_table, evaluate, parse_table
from engine.rules.numbers import round_half_up

SHARED = Path(__file__).parents[3] / "workflows" / "shared"
PREDICATES = ("very_good", "good", "needs_improvement", "poor", "very_poor")
MONTHS_A_YEAR = 12

Table = Callable[[str], DecisionTable]


@pytest.fixture(scope="module")
def table() -> Table:
    """A shared table by its id."""

    def read(name: str) -> DecisionTable:
        file = SHARED / f"{name}.dmn"
        return parse_table(file.read_bytes(), file=file.name)

    return read


@pytest.mark.parametrize("file", sorted(SHARED.glob("*.dmn")), ids=lambda file: file.stem)
def test_every_shared_table_is_complete_without_overlap_and_named_like_its_file(file: Path) -> None:
    found = parse_table(file.read_bytes(), file=file.name)

    assert check_table(found) == ()
    assert found.id == file.stem
    assert all(rule.annotation for rule in found.rules)


@pytest.mark.parametrize(
    ("result", "behaviour", "predicate"),
    [
        ("above", "below", "poor"),
        ("above", "as_expected", "good"),
        ("above", "above", "very_good"),
        ("as_expected", "below", "poor"),
        ("as_expected", "as_expected", "good"),
        ("as_expected", "above", "good"),
        ("below", "below", "very_poor"),
        ("below", "as_expected", "needs_improvement"),
        ("below", "above", "needs_improvement"),
    ],
)
def test_each_box_of_the_matrix_gives_its_official_predicate(
    table: Table, result: str, behaviour: str, predicate: str
) -> None:
    data = {"result": {"result_rating": result, "behaviour_rating": behaviour}}

    found = evaluate(table("official_predicate"), data)

    assert found.outputs == {"predicate": predicate}
    assert found.rule_ids == (f"official_predicate_{result}_{behaviour}",)


@pytest.mark.parametrize("rating", ["", "ABOVE", "sesuai", None])
def test_a_rating_that_does_not_exist_gives_no_predicate(table: Table, rating: str | None) -> None:
    data = {"result": {"result_rating": rating, "behaviour_rating": "above"}}

    with pytest.raises(DecisionFailed):
        evaluate(table("official_predicate"), data)


@pytest.mark.parametrize(
    ("score", "rating"),
    [
        ("0", "below"),
        ("89.99", "below"),
        ("89.994", "below"),
        ("89.995", "as_expected"),
        ("90", "as_expected"),
        ("109.99", "as_expected"),
        ("109.995", "above"),
        ("110", "above"),
        ("120", "above"),
    ],
)
def test_a_score_suggests_the_rating_of_its_range(table: Table, score: str, rating: str) -> None:
    found = evaluate(table("score_to_rating"), {"measured": {"score": Decimal(score)}})

    assert found.outputs == {"rating_suggested": rating}


@pytest.mark.parametrize("score", ["-0.01", "120.01"])
def test_a_score_outside_0_to_120_is_refused(table: Table, score: str) -> None:
    with pytest.raises(DecisionFailed):
        evaluate(table("score_to_rating"), {"measured": {"score": Decimal(score)}})


@pytest.mark.parametrize(
    ("predicate", "years", "functional", "failed", "actions"),
    [
        ("very_good", 0, False, False, ["recognition", "talent_pool_nomination"]),
        ("good", 0, False, False, ["development_plan"]),
        ("needs_improvement", 1, False, False, ["training_mandatory", "coaching_monthly"]),
        ("poor", 1, False, False, ["coaching_monthly", "behaviour_plan"]),
        ("poor", 2, False, False, ["coaching_monthly", "behaviour_plan", "improvement_plan_6m"]),
        ("very_poor", 1, False, False, ["improvement_plan_6m", "discipline_review"]),
        ("very_poor", 3, False, False, ["improvement_plan_6m", "discipline_review"]),
        ("good", 0, True, False, ["development_plan", "credit_conversion"]),
        ("good", 0, False, True, ["development_plan", "competency_retest"]),
        (
            "very_poor",
            2,
            True,
            True,
            ["improvement_plan_6m", "discipline_review", "competency_retest", "credit_conversion"],
        ),
    ],
)
def test_a_predicate_leads_to_its_follow_up_actions(
    table: Table, predicate: str, years: int, *, functional: bool, failed: bool, actions: list[str]
) -> None:
    """`years` counts the year of this result; `past` those before it."""
    data = {
        "official_predicate": {"predicate": predicate},
        "case": {"is_functional": functional},
        "past": {
            "consecutive_low": Decimal(max(years - 1, 0)),
            "failed_improvement_plan": failed,
        },
    }

    found = evaluate(table("follow_up"), data)

    assert found.outputs == {"actions": actions}


@pytest.mark.parametrize("predicate", PREDICATES)
@pytest.mark.parametrize("years", [0, 1, 2, 9])
def test_nobody_is_left_without_a_follow_up(table: Table, predicate: str, years: int) -> None:
    data = {
        "official_predicate": {"predicate": predicate},
        "case": {"is_functional": False},
        "past": {"consecutive_low": Decimal(years), "failed_improvement_plan": False},
    }

    assert evaluate(table("follow_up"), data).outputs["actions"]


@pytest.mark.parametrize(
    ("predicate", "pct"),
    list(zip(PREDICATES, ("1.50", "1.00", "0.75", "0.50", "0.25"), strict=True)),
)
def test_a_predicate_converts_to_its_share_of_the_coefficient(
    table: Table, predicate: str, pct: str
) -> None:
    found = evaluate(table("credit_conversion"), {"official_predicate": {"predicate": predicate}})

    assert found.outputs == {"pct": Decimal(pct)}


@pytest.mark.parametrize(
    ("predicate", "coefficient", "months", "points"),
    [("very_good", "12.5", 12, "18.75"), ("good", "12.5", 2, "2.08")],
)
def test_the_credit_oracles_of_the_functional_posts_come_out(
    table: Table, predicate: str, coefficient: str, months: int, points: str
) -> None:
    found = evaluate(table("credit_conversion"), {"official_predicate": {"predicate": predicate}})
    pct = found.outputs["pct"]

    assert isinstance(pct, Decimal)
    credit = pct * Decimal(coefficient) * months / MONTHS_A_YEAR

    assert round_half_up(credit) == Decimal(points)
