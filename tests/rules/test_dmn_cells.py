"""Cells of decision tables: what S-FEEL text means and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.dmn.cells import BadCell, Kind, Literal, parse_cell, parse_literals


@pytest.mark.parametrize(
    ("text", "kind", "inside", "outside"),
    [
        ("90", "number", ["90", "90.00"], ["89.99", "90.01"]),
        ("-3.5", "number", ["-3.5"], ["3.5"]),
        (">= 110", "number", ["110", "120"], ["109.99"]),
        ("> 110", "number", ["110.01"], ["110"]),
        ("<= 50", "number", ["50", "-1"], ["50.01"]),
        ("<50", "number", ["49.99"], ["50"]),
        ("[90..110]", "number", ["90", "110"], ["89.99", "110.01"]),
        ("[90..110)", "number", ["90", "109.99"], ["89.99", "110"]),
        ("(90..110]", "number", ["90.01", "110"], ["90", "110.01"]),
        ("]90..110[", "number", ["90.01", "109.99"], ["90", "110"]),
        ("[ 90.5 .. 110.25 )", "number", ["90.5", "110.24"], ["110.25"]),
        ("1, 2, >= 5", "number", ["1", "2", "7"], ["3", "4.99"]),
        ("not(1, 2)", "number", ["3"], ["1", "2"]),
        ("not([90..110))", "number", ["89.99", "110"], ["90"]),
    ],
)
def test_number_cells(text: str, kind: str, inside: list[str], outside: list[str]) -> None:
    cell = parse_cell(text, Kind(kind))

    assert all(cell.matches(Decimal(value)) for value in inside)
    assert not any(cell.matches(Decimal(value)) for value in outside)


@pytest.mark.parametrize(
    ("text", "kind", "inside", "outside"),
    [
        ('"baik"', "string", "baik", "kurang"),
        ('"baik","sangat_baik"', "string", "sangat_baik", "kurang"),
        ('not("baik", "kurang")', "string", "cukup", "baik"),
        ('"a, b"', "string", "a, b", "a"),
        ('"-"', "string", "-", "x"),
        ('"1,5"', "string", "1,5", "1"),
        ("true", "boolean", True, False),
        ("false", "boolean", False, True),
        ("not(true)", "boolean", False, True),
        ('date("2026-01-31")', "date", date(2026, 1, 31), date(2026, 1, 30)),
        ('>= date("2026-01-31")', "date", date(2026, 2, 1), date(2026, 1, 30)),
        (
            '[date("2026-01-01")..date("2026-02-01"))',
            "date",
            date(2026, 1, 31),
            date(2026, 2, 1),
        ),
    ],
)
def test_cells_of_other_kinds(text: str, kind: str, inside: Literal, outside: Literal) -> None:
    cell = parse_cell(text, Kind(kind))

    assert cell.matches(inside)
    assert not cell.matches(outside)


@pytest.mark.parametrize("text", ["", "-", "  -  "])
def test_an_empty_cell_matches_everything_even_a_missing_value(text: str) -> None:
    cell = parse_cell(text, Kind.NUMBER)

    assert cell.anything
    assert cell.matches(None)
    assert cell.matches(Decimal(-5))


def test_a_missing_value_matches_nothing_else_not_even_a_negation() -> None:
    assert not parse_cell("not(1)", Kind.NUMBER).matches(None)
    assert not parse_cell("< 5", Kind.NUMBER).matches(None)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("1,5", "number", "dmn.comma_number"),
        (">= 1,5", "number", "dmn.comma_number"),
        ("NaN", "number", "dmn.bad_cell"),
        ("１", "number", "dmn.bad_cell"),
        ("1e5", "number", "dmn.bad_cell"),
        ("90.", "number", "dmn.bad_cell"),
        ("1 2", "number", "dmn.bad_cell"),
        ("? > 5", "number", "dmn.bad_cell"),
        ("__import__('os')", "string", "dmn.bad_cell"),
        ("baik", "string", "dmn.bad_cell"),
        ("'baik'", "string", "dmn.bad_cell"),
        ('"a\\"', "string", "dmn.bad_cell"),
        ('"a" or "b"', "string", "dmn.bad_cell"),
        ('not("a"), "b"', "string", "dmn.bad_cell"),
        ('> "a"', "string", "dmn.bad_cell"),
        ("null", "string", "dmn.bad_cell"),
        ("> true", "boolean", "dmn.bad_cell"),
        ("True", "boolean", "dmn.bad_cell"),
        ('date("2026-02-30")', "date", "dmn.bad_cell"),
        ('"2026-02-03"', "date", "dmn.cell_wrong_type"),
        ('"90"', "number", "dmn.cell_wrong_type"),
        ("90", "string", "dmn.cell_wrong_type"),
        ('1, "a"', "number", "dmn.cell_wrong_type"),
        ("[5..1]", "number", "dmn.interval_empty"),
        ("(5..5]", "number", "dmn.interval_empty"),
        ("1, " * 200 + "1", "number", "dmn.cell_too_long"),
    ],
)
def test_what_is_no_test_of_the_columns_kind_is_refused(text: str, kind: str, code: str) -> None:
    with pytest.raises(BadCell) as refused:
        parse_cell(text, Kind(kind))

    assert refused.value.code == code


def test_outputs_are_values_never_conditions() -> None:
    assert parse_literals("0.50", Kind.NUMBER) == (Decimal("0.50"),)
    assert parse_literals('"a", "b"', Kind.STRING) == ("a", "b")
    assert parse_literals("", Kind.STRING) == ()
    for text in ("> 5", "[1..2]", "not(1)"):
        with pytest.raises(BadCell):
            parse_literals(text, Kind.NUMBER)


bounds = st.decimals(min_value=-999, max_value=999, places=2)


@given(bounds, bounds, bounds, st.sampled_from("[(]"), st.sampled_from("])["))
def test_intervals_mean_what_their_brackets_say(
    low: Decimal, high: Decimal, value: Decimal, opening: str, closing: str
) -> None:
    low, high = min(low, high), max(low, high) + 1
    cell = parse_cell(f"{opening}{low}..{high}{closing}", Kind.NUMBER)

    above = value >= low if opening == "[" else value > low
    below = value <= high if closing == "]" else value < high
    assert cell.matches(value) == (above and below)
