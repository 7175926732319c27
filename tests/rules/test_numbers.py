"""Numbers: one representation from what a person types to what is stored."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid, InvalidNumber
from engine.rules.numbers import (
    check_keys,
    format_number,
    from_jsonable,
    parse_number,
    round_half_up,
    to_jsonable,
)

scores = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
stored_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | scores,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("92", "92"),
        ("-3,25", "-3.25"),
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("12.345.678,90", "12345678.90"),
        (" 87,5 ", "87.5"),
        ("0,01", "0.01"),
        ("-0", "0"),
        ("007", "7"),
    ],
)
def test_indonesian_notation_is_read(typed: str, value: str) -> None:
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "number.empty"),
        ("   ", "number.empty"),
        ("9" * 31, "number.too_long"),
        ("1.5", "number.dot_is_thousands"),
        ("0.123", "number.dot_is_thousands"),
        ("1234.567", "number.dot_is_thousands"),
        ("1.23.456", "number.dot_is_thousands"),
        ("1,2,3", "number.not_a_number"),
        ("1,", "number.not_a_number"),
        (",5", "number.not_a_number"),
        ("1,234.5", "number.not_a_number"),
        ("NaN", "number.not_a_number"),
        ("Infinity", "number.not_a_number"),
        ("1e5", "number.not_a_number"),
        ("１２", "number.not_a_number"),
        ("٣", "number.not_a_number"),
        ("1_000", "number.not_a_number"),
        ("0x10", "number.not_a_number"),
        ("1 000", "number.not_a_number"),
        ("12\n3", "number.not_a_number"),
        ("--5", "number.not_a_number"),
    ],
)
def test_what_is_no_number_or_ambiguous_is_refused_with_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidNumber) as refused:
        parse_number(typed)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("1234.50", None, "1.234,5"),
        ("100.00", None, "100"),
        ("100", 2, "100,00"),
        ("109.995", 2, "110,00"),
        ("-0.001", 2, "0,00"),
        ("-1234567.8", None, "-1.234.567,8"),
        ("1E+3", None, "1.000"),
    ],
)
def test_numbers_are_shown_in_indonesian_notation(
    value: str, places: int | None, shown: str
) -> None:
    assert format_number(Decimal(value), places) == shown


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_what_is_shown_reads_back_as_the_same_number(value: Decimal) -> None:
    assert parse_number(format_number(value)) == value


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("89.995", "90.00"), ("89.994999", "89.99"), ("-2.005", "-2.01"), ("2.675", "2.68")],
)
def test_rounding_is_half_up_away_from_zero(value: str, rounded: str) -> None:
    assert str(round_half_up(Decimal(value))) == rounded


@given(stored_values)
def test_stored_values_come_back_equal_and_of_the_same_type(value: object) -> None:
    stored = to_jsonable(value)
    restored = from_jsonable(stored)

    assert restored == value
    assert json.dumps(to_jsonable(restored)) == json.dumps(stored)


def test_a_decimal_is_stored_as_a_tagged_string() -> None:
    assert to_jsonable({"skor": [Decimal("12.50"), 3]}) == {"skor": [{"$decimal": "12.50"}, 3]}


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, (1,), {1: 2}, b"x", Decimal("NaN")])
def test_what_cannot_be_stored_exactly_is_refused(value: object) -> None:
    with pytest.raises((Invalid, InvalidNumber)):
        to_jsonable(value)


@pytest.mark.parametrize(
    "forged",
    [
        {"$decimal": "NaN"},
        {"$decimal": "1e999999999"},
        {"$decimal": 5},
        {"$decimal": "1", "b": 2},
        {"$other": 1},
    ],
)
def test_forged_tags_are_refused_on_reading(forged: object) -> None:
    with pytest.raises(Invalid):
        from_jsonable(forged)


@pytest.mark.parametrize("key", ["$decimal", "$anything", "typename"])
def test_reserved_keys_are_refused_in_untrusted_answers_and_the_place_is_named(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_keys({"baris": [{"a": 1}, {"b": {key: "1"}}]})

    (finding,) = refused.value.findings
    assert (finding.rule, finding.element_id) == ("data.reserved_key", "baris[1].b")


def test_answers_nested_without_end_are_refused() -> None:
    value: object = 1
    for _ in range(5_000):
        value = [value]

    with pytest.raises(Invalid) as refused:
        check_keys(value)

    assert refused.value.findings[0].rule == "data.too_deep"
