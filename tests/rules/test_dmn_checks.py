"""Overlaps and gaps: found at deploy, proved against every value of small domains."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import DecisionFailed, Finding, Severity
from engine.rules.dmn import DecisionTable, check_table, evaluate
from tests.rules.tables import Column, table_of

RATING = ("rating", "string", '"below","as_expected","above"')
SCORE = ("score", "number", "")
IDEA = ("idea", "boolean", "")


def rules_of(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def checked(rows: Sequence[Sequence[str]], *inputs: Column, policy: str = "UNIQUE") -> list[str]:
    """The rule ids found in a table whose n-th row gives the text "n"."""
    numbered = [(cells, [f'"{place}"']) for place, cells in enumerate(rows)]
    return rules_of(check_table(table_of(numbered, inputs=inputs, policy=policy)))


def test_a_complete_table_has_no_findings() -> None:
    rows = [[">= 110", "true"], [">= 110", "false"], ["[90..110)", "-"], ["< 90", "-"]]

    assert checked(rows, SCORE, IDEA) == []


def test_scores_come_in_hundredths_so_that_neighbours_leave_no_gap() -> None:
    assert checked([["<= 89.99"], [">= 90"]], SCORE) == []
    assert checked([["< 90"], ["> 89.99"]], SCORE) == []
    assert checked([["<= 89.98"], [">= 90"]], SCORE) == ["dmn.gap"]
    assert checked([["<= 90"], [">= 90"]], SCORE) == ["dmn.overlap"]
    assert checked([["< 76.605"], ["> 76.605"]], SCORE) == []


def test_a_gap_names_a_case_and_the_table() -> None:
    table = table_of([([">= 110", "true"], ['"a"'])], inputs=[SCORE, IDEA])

    finding = check_table(table)[0]

    assert finding.rule == "dmn.gap"
    assert (finding.element_id, finding.file) == ("rating_table", "rating_table.dmn")
    assert finding.params["case"] == "score = 109,99; idea = false"


def test_an_overlap_names_both_rows_and_a_case() -> None:
    rows = [(["< 100", "-"], ['"a"']), ([">= 90", "true"], ['"b"']), ([">= 100", "false"], ['"c"'])]
    table = table_of([*rows, (["[95..96]", "false"], ['"a"'])], inputs=[SCORE, IDEA])

    overlaps = [found for found in check_table(table) if found.rule == "dmn.overlap"]

    assert [(found.element_id, found.params["other"]) for found in overlaps] == [
        ("row_2", "1"),
        ("row_4", "1"),
    ]
    assert overlaps[0].params["case"] == "score = 90; idea = true"
    assert overlaps[0].line is not None


def test_texts_need_their_allowed_values_or_a_row_for_anything_else() -> None:
    rows = [['"below"'], ['"as_expected"'], ['"above"']]

    assert checked(rows, RATING) == []
    assert checked(rows, ("rating", "string", "")) == ["dmn.gap"]
    assert checked([['"above"'], ['not("above")']], ("rating", "string", "")) == []
    assert checked(rows[:2], RATING) == ["dmn.gap"]


def test_numbers_within_a_declared_domain_need_no_rows_outside_it() -> None:
    rows = [["[0..50)"], ["[50..120]"]]

    assert checked(rows, ("score", "number", "[0..120]")) == []
    assert checked(rows, SCORE) == ["dmn.gap", "dmn.gap"]


def test_dates_come_in_days() -> None:
    start = ("start", "date", "")

    assert checked([['<= date("2026-01-31")'], ['>= date("2026-02-01")']], start) == []
    assert checked([['<= date("2026-01-30")'], ['>= date("2026-02-01")']], start) == ["dmn.gap"]


def test_any_may_overlap_where_the_results_are_the_same() -> None:
    same = table_of([(["< 100"], ['"a"']), ([">= 90"], ['"a"'])], inputs=[SCORE], policy="ANY")

    assert check_table(same) == ()
    assert checked([["< 100"], [">= 90"]], SCORE, policy="ANY") == ["dmn.overlap"]


def test_an_all_empty_row_is_the_last_of_a_first_table_or_refused() -> None:
    assert checked([["> 5"], ["-"]], SCORE, policy="FIRST") == []
    assert checked([["-"], ["> 5"]], SCORE, policy="FIRST") == ["dmn.empty_row"]
    assert checked([["> 5"], ["-"]], SCORE, policy="COLLECT") == ["dmn.empty_row"]
    assert "dmn.empty_row" in checked([["> 5"], [""]], SCORE, policy="UNIQUE")


def test_collecting_tables_may_leave_cases_without_a_row() -> None:
    assert checked([["> 5"], ["> 7"]], SCORE, policy="COLLECT") == []
    assert checked([["> 5"], ["> 7"]], SCORE, policy="RULE ORDER") == []


def test_priorities_need_the_allowed_outputs_in_their_order() -> None:
    assert checked([["> 5"], ["<= 5"]], SCORE, policy="PRIORITY") == ["dmn.priority_without_values"]


@pytest.mark.parametrize(
    ("policy", "aggregation", "outputs", "rule"),
    [
        ("FIRST", "SUM", [("a", "number", "")], "dmn.aggregation_without_collect"),
        ("COLLECT", "SUM", [("a", "string", "")], "dmn.aggregation_outputs"),
        ("COLLECT", "MAX", [("a", "number", ""), ("b", "number", "")], "dmn.aggregation_outputs"),
    ],
)
def test_aggregations_need_collect_and_one_number(
    policy: str, aggregation: str, outputs: list[Column], rule: str
) -> None:
    results = ["1" if kind == "number" else '"x"' for _, kind, _ in outputs]
    table = table_of(
        [(["> 5"], results), (["<= 5"], results)],
        inputs=[SCORE],
        outputs=outputs,
        policy=policy,
        aggregation=aggregation,
    )

    assert rule in rules_of(check_table(table))


def test_an_empty_result_is_pointed_out_but_allowed() -> None:
    table = table_of([(["> 5"], [""]), (["<= 5"], ['"x"'])], inputs=[SCORE])

    (finding,) = check_table(table)

    assert (finding.rule, finding.severity) == ("dmn.output_empty", Severity.WARNING)


def test_a_table_of_a_thousand_rows_is_checked() -> None:
    rows = [[f"[{place}..{place + 1})", "-"] for place in range(998)]

    assert set(checked([["< 0", "-"], *rows, [">= 998.5", "-"]], SCORE, IDEA)) == {"dmn.gap"}


def test_a_table_too_complex_to_prove_is_refused_not_waved_through() -> None:
    width = 20
    rows = [
        ["true" if column == place else "-" for column in range(width)] for place in range(width)
    ]

    found = checked(
        [*rows, ["false"] * width],
        *((f"a{column}", "boolean", "") for column in range(width)),
        policy="FIRST",
    )

    assert found == ["dmn.too_complex"]


number_cells = st.sampled_from(
    ["-", "< 2", ">= 2", "[1..3)", "(1..3]", "3", "not(2)", "1, 3", "<= 1", "> 3", "[2..2]"]
)
text_cells = st.sampled_from(["-", '"a"', '"b"', 'not("a")', '"a","b"', 'not("a","b")'])
flag_cells = st.sampled_from(["-", "true", "false"])
rows_of_three = st.lists(st.tuples(number_cells, text_cells, flag_cells), min_size=1, max_size=6)
EVERY_CASE = list(
    product(
        [Decimal(cents) / 4 for cents in range(2, 16)],
        ["a", "b", "c"],
        [False, True],
    )
)


def hits(table: DecisionTable, case: tuple[Decimal, str, bool]) -> int | None:
    """How many rows match: 0, 1, or None for several; told by the evaluation itself."""
    try:
        evaluate(table, dict(zip(("n", "t", "f"), case, strict=True)))
    except DecisionFailed as failed:
        return 0 if failed.code == "no_rule" else None
    return 1


@given(rows_of_three)
@settings(max_examples=60)
def test_the_checks_agree_with_trying_every_case(rows: list[tuple[str, str, str]]) -> None:
    table = table_of(
        [(cells, [f'"{place}"']) for place, cells in enumerate(rows)],
        inputs=[("n", "number", ""), ("t", "string", ""), ("f", "boolean", "")],
    )

    counted = [hits(table, case) for case in EVERY_CASE]
    found = rules_of(check_table(table))

    assert ("dmn.gap" in found) == (0 in counted)
    assert ("dmn.overlap" in found) == (None in counted)
