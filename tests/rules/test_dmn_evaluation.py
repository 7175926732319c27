"""Decision tables at work: each hit policy does what DMN 1.3 says (trap T10)."""

import hashlib
import sys
from decimal import Decimal
from types import FrameType

import pytest

from engine.errors import DecisionFailed, ExpressionFailed
from engine.rules.dmn import evaluate, parse_table
from tests.rules.tables import table_of, table_xml

SCORE = [("score", "number", "")]
THREE_ROWS = [
    ([">= 110"], ['"above"']),
    (["[90..110)"], ['"as_expected"']),
    (["< 90"], ['"below"']),
]
NESTED = [([">= 50"], ['"low"']), ([">= 70"], ['"middle"']), ([">= 90"], ['"high"'])]
RANKED = [("rating", "string", '"high","middle","low"')]
POINTS = [("points", "number", "")]
NUMBERS = [([">= 50"], ["5"]), ([">= 70"], ["7.5"]), ([">= 90"], ["2"])]


@pytest.mark.parametrize(
    ("score", "rating", "row"),
    [
        ("110", "above", "row_1"),
        ("109.99", "as_expected", "row_2"),
        ("109.995", "above", "row_1"),
        ("90", "as_expected", "row_2"),
        ("89.994", "below", "row_3"),
        ("89.995", "as_expected", "row_2"),
        ("-1", "below", "row_3"),
    ],
)
def test_numbers_are_rounded_half_up_before_they_meet_a_boundary(
    score: str, rating: str, row: str
) -> None:
    found = evaluate(table_of(THREE_ROWS, inputs=SCORE), {"score": Decimal(score)})

    assert found.outputs == {"rating": rating}
    assert found.rule_ids == (row,)


def test_the_trace_names_file_values_rows_and_remarks() -> None:
    content = table_xml(THREE_ROWS, inputs=SCORE)

    found = evaluate(parse_table(content, file="t.dmn"), {"score": Decimal("90.004"), "other": 1})

    assert found.table_id == "rating_table"
    assert found.table_sha256 == hashlib.sha256(content).hexdigest()
    assert found.inputs == {"score": Decimal("90.00")}
    assert found.annotations == ("baris 2",)


def test_inputs_may_be_expressions_over_nested_data_and_whole_numbers() -> None:
    table = table_of(THREE_ROWS, inputs=[("mean(review.scores)", "number", "")])

    assert evaluate(table, {"review": {"scores": [100, 120]}}).outputs == {"rating": "above"}


def test_unique_refuses_two_hits_instead_of_taking_the_first() -> None:
    with pytest.raises(DecisionFailed) as failed:
        evaluate(table_of(NESTED, inputs=SCORE, policy="UNIQUE"), {"score": 95})

    assert failed.value.code == "several_rules"
    assert failed.value.params["rules"] == "row_1, row_2, row_3"


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_no_row_fails_under_every_policy_in_which_one_row_decides(policy: str) -> None:
    table = table_of(NESTED, inputs=SCORE, outputs=RANKED, policy=policy)

    with pytest.raises(DecisionFailed) as failed:
        evaluate(table, {"score": Decimal("49.99")})

    assert (failed.value.code, failed.value.params["table"]) == ("no_rule", "rating_table")


def test_any_accepts_several_rows_that_agree_and_refuses_others() -> None:
    agreeing = table_of([([">= 50"], ['"x"']), ([">= 70"], ['"x"'])], inputs=SCORE, policy="ANY")
    assert evaluate(agreeing, {"score": 80}).outputs == {"rating": "x"}
    assert evaluate(agreeing, {"score": 80}).rule_ids == ("row_1", "row_2")

    with pytest.raises(DecisionFailed) as failed:
        evaluate(table_of(NESTED, inputs=SCORE, policy="ANY"), {"score": 80})
    assert failed.value.code == "outputs_differ"


def test_first_takes_the_first_row_and_its_last_empty_row_takes_the_rest() -> None:
    table = table_of([*NESTED, (["-"], ['"none"'])], inputs=SCORE, policy="FIRST")

    assert evaluate(table, {"score": 95}).outputs == {"rating": "low"}
    assert evaluate(table, {"score": 95}).rule_ids == ("row_1",)
    assert evaluate(table, {"score": 10}).outputs == {"rating": "none"}
    assert evaluate(table, {"score": None}).outputs == {"rating": "none"}


def test_priority_takes_the_row_whose_output_stands_first_among_the_allowed_values() -> None:
    table = table_of(NESTED, inputs=SCORE, outputs=RANKED, policy="PRIORITY")

    assert evaluate(table, {"score": 80}).outputs == {"rating": "middle"}
    assert evaluate(table, {"score": 95}).rule_ids == ("row_3",)


def test_rule_order_and_output_order_give_lists_in_their_order() -> None:
    by_rule = table_of(NESTED, inputs=SCORE, outputs=RANKED, policy="RULE ORDER")
    by_output = table_of(NESTED, inputs=SCORE, outputs=RANKED, policy="OUTPUT ORDER")

    assert evaluate(by_rule, {"score": 80}).outputs == {"rating": ["low", "middle"]}
    assert evaluate(by_output, {"score": 80}).outputs == {"rating": ["middle", "low"]}
    assert evaluate(by_output, {"score": 80}).rule_ids == ("row_2", "row_1")


@pytest.mark.parametrize(
    ("aggregation", "result", "nothing"),
    [
        ("", [Decimal(5), Decimal("7.5")], []),
        ("SUM", Decimal("12.5"), Decimal(0)),
        ("MIN", Decimal(5), None),
        ("MAX", Decimal("7.5"), None),
        ("COUNT", 2, 0),
    ],
)
def test_collect_gathers_or_aggregates(aggregation: str, result: object, nothing: object) -> None:
    table = table_of(
        NUMBERS, inputs=SCORE, outputs=POINTS, policy="COLLECT", aggregation=aggregation
    )

    assert evaluate(table, {"score": 80}).outputs == {"points": result}
    if nothing is None:
        with pytest.raises(DecisionFailed):
            evaluate(table, {"score": 10})
    else:
        assert evaluate(table, {"score": 10}).outputs == {"points": nothing}


def test_repeated_outputs_are_kept_by_collect() -> None:
    table = table_of(
        [(["> 1"], ["4"]), (["> 2"], ["4"]), (["> 3"], ["5"])],
        inputs=SCORE,
        outputs=POINTS,
        policy="COLLECT",
    )

    assert evaluate(table, {"score": 9}).outputs == {"points": [Decimal(4), Decimal(4), Decimal(5)]}


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "> 1", "92"),
        ("number", "> 1", True),
        ("string", '"a"', 5),
        ("boolean", "true", "true"),
        ("boolean", "true", 1),
        ("date", '> date("2026-01-01")', "yesterday"),
        ("date", '> date("2026-01-01")', 5),
        ("string", '"a"', ["a"]),
    ],
)
def test_a_value_of_another_type_fails_instead_of_not_matching(
    kind: str, cell: str, value: object
) -> None:
    table = table_of([([cell], ['"x"'])], inputs=[("given", kind, "")])

    with pytest.raises(DecisionFailed) as failed:
        evaluate(table, {"given": value})

    assert failed.value.code == "input_wrong_type"


def test_a_value_outside_the_declared_domain_fails() -> None:
    table = table_of([(["-"], ['"x"'])], inputs=[("score", "number", "[0..120]")])

    with pytest.raises(DecisionFailed) as failed:
        evaluate(table, {"score": Decimal("120.01")})

    assert failed.value.code == "input_not_allowed"


def test_a_missing_input_is_named() -> None:
    with pytest.raises(ExpressionFailed) as failed:
        evaluate(table_of(THREE_ROWS, inputs=SCORE), {"skore": 1})

    assert failed.value.params["name"] == "score"


def test_dates_are_compared_as_dates_and_traced_as_text() -> None:
    table = table_of(
        [(['>= date("2026-02-01")'], ['date("2026-03-01")'])],
        inputs=[("start", "date", "")],
        outputs=[("end", "date", "")],
    )

    found = evaluate(table, {"start": "2026-02-28"})

    assert found.outputs == {"end": "2026-03-01"}
    assert found.inputs == {"start": "2026-02-28"}


def test_t13_an_evaluation_parses_neither_expressions_nor_cells() -> None:
    table = table_of(THREE_ROWS, inputs=[("mean([score, 100])", "number", "")])
    parsing: list[str] = []

    def watch(frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and called in (compile, eval, exec):
            parsing.append(str(called))
        if event == "call" and "lark" in frame.f_code.co_filename:
            parsing.append(frame.f_code.co_name)

    sys.setprofile(watch)
    try:
        evaluate(table, {"score": 90})
        quiet = list(parsing)
        table_of(THREE_ROWS, inputs=SCORE)
    finally:
        sys.setprofile(None)

    assert quiet == []
    assert {"parse"} <= set(parsing)
