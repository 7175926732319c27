"""Posted names become values, buttons change rows, nothing typed is lost."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidForm
from engine.rules.forms import (
    Form,
    FormContext,
    add_evidence,
    apply_row_operation,
    parse_fields,
    settle,
)
from engine.rules.forms.cleaning import clean_text
from engine.rules.forms.form import MAX_ROWS
from tests.rules.forms.conftest import form_of, one_field

Contexts = Callable[..., FormContext]
POSTED = {
    "csrf": ["secret"],
    "_op": ["add:rows"],
    "rows.0._row": ["1"],
    "rows.0.realisation": ["1.234,5"],
    "rows.0.target": ["1"],
    "rows.0.evidence.0.kind": ["file"],
    "rows.0.evidence.0.file_id": ["f1"],
    "rows.0.evidence.link": [" https://walesi.go.id "],
    "rows.1.realisation": ["sembilan puluh"],
    "obstacle_text": ["Baris satu\r\nbaris dua"],
}


def test_posted_names_become_typed_values(self_assessment: Form) -> None:
    values = parse_fields(self_assessment, POSTED)

    assert values == {
        "rows": [
            {
                "realisation": Decimal("1234.5"),
                "evidence": [
                    {"kind": "file", "file_id": "f1"},
                    {"kind": "link", "link": "https://walesi.go.id"},
                ],
            },
            {"realisation": "sembilan puluh", "evidence": []},
        ],
        "obstacles": False,
        "obstacle_text": "Baris satu\nbaris dua",
        "confirmed": False,
    }


def test_gaps_between_row_numbers_close_and_wild_numbers_are_ignored(review: Form) -> None:
    posted = {
        "notes.7.text": ["b"], "notes.2.text": ["a"], "notes.99999.text": ["x"],
        "notes.-1.text": ["y"], "notes.٣.text": ["z"], "notes.text": ["w"],
    }  # fmt: skip

    assert parse_fields(review, posted)["notes"] == [{"text": "a"}, {"text": "b"}]


def test_a_tick_in_a_fixed_table_stays_in_its_row() -> None:
    columns = {"name": {"type": "string", "readOnly": True}, "objected": {"type": "boolean"}}
    schema = {"properties": {"rows": {
        "type": "array", "items": {"type": "object", "properties": columns},
    }}}  # fmt: skip
    ui = {"rows": {"alur:rows": "fixed", "items": {"objected": {"ui:widget": "checkbox"}}}}
    form = form_of(schema, ui)

    assert parse_fields(form, {"rows.2.objected": ["true"]})["rows"] == [
        {"objected": False}, {"objected": False}, {"objected": True},
    ]  # fmt: skip
    assert parse_fields(form, {})["rows"] == []
    assert len(parse_fields(form, {"rows.9999.objected": ["true"]})["rows"]) == MAX_ROWS + 1


def test_a_yes_or_no_question_keeps_an_empty_answer_apart_from_no() -> None:
    form = one_field({"type": "boolean"}, {"ui:widget": "radio"})

    assert parse_fields(form, {}) == {"answer": None}
    assert parse_fields(form, {"answer": ["false"]}) == {"answer": False}
    assert parse_fields(form, {"answer": ["true"]}) == {"answer": True}


def test_several_ticks_become_a_list() -> None:
    form = one_field({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}})

    assert parse_fields(form, {"answer": ["a", "b"]}) == {"answer": ["a", "b"]}


def test_numbered_choices_are_numbers() -> None:
    form = one_field({"type": "integer", "enum": [1, 2, 3, 4, 5]})

    assert parse_fields(form, {"answer": ["4"]}) == {"answer": Decimal(4)}


def test_the_sign_of_the_unit_may_be_typed_along() -> None:
    form = one_field({"type": "number"}, {"alur:unit": "hari"})

    assert parse_fields(form, {"answer": ["12 hari"]}) == {"answer": Decimal(12)}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-12-31", "2026-12-31"), ("31/12/2026", "2026-12-31"), ("1.2.2026", "2026-02-01"),
        ("31/02/2026", "31/02/2026"), ("kemarin", "kemarin"), ("", None),
    ],
)  # fmt: skip
def test_days_may_be_typed_as_people_write_them(typed: str, kept: str | None) -> None:
    form = one_field({"type": "string", "format": "date"})

    assert parse_fields(form, {"answer": [typed]}) == {"answer": kept}


def test_rows_are_added_and_removed_without_touching_the_others(review: Form) -> None:
    values = {"notes": [{"text": "a"}, {"text": "b"}]}

    assert apply_row_operation(review, values, "add:notes")["notes"][2] == {"text": None}
    assert apply_row_operation(review, values, "del:notes.0")["notes"] == [{"text": "b"}]
    assert values == {"notes": [{"text": "a"}, {"text": "b"}]}


def test_a_full_table_takes_no_more_rows(review: Form) -> None:
    full = {"notes": [{"text": "a"}] * 3}

    assert apply_row_operation(review, full, "add:notes") == full


def test_one_piece_of_evidence_is_removed_from_its_row(self_assessment: Form) -> None:
    values = parse_fields(self_assessment, POSTED)

    changed = apply_row_operation(self_assessment, values, "del:rows.0.evidence.0")

    assert [item["kind"] for item in changed["rows"][0]["evidence"]] == ["link"]
    assert changed["rows"][1] == values["rows"][1]


def test_a_stored_file_joins_the_evidence_of_its_row(self_assessment: Form) -> None:
    values = parse_fields(self_assessment, POSTED)

    changed = add_evidence(
        self_assessment, values, "rows.1.evidence", {"kind": "file", "file_id": "f2"}
    )

    assert changed["rows"][1]["evidence"] == [{"kind": "file", "file_id": "f2"}]


@pytest.mark.parametrize(
    "op",
    [
        "", "add", "add:", "add:rows", "del:rows.0", "del:notes", "add:nothing", "drop:notes",
        "del:rows.0.realisation.0", "del:rows.9.evidence.0", "del:rows.evidence.0", "add:confirmed",
    ],
)  # fmt: skip
def test_operations_that_no_button_offers_are_refused(op: str, self_assessment: Form) -> None:
    with pytest.raises(InvalidForm):
        apply_row_operation(self_assessment, parse_fields(self_assessment, POSTED), op)


@pytest.mark.parametrize("path", ["rows", "rows.0.realisation", "rows.9.evidence", "", "x.y"])
def test_evidence_goes_to_evidence_lists_only(path: str, self_assessment: Form) -> None:
    with pytest.raises(InvalidForm):
        add_evidence(self_assessment, parse_fields(self_assessment, POSTED), path, {"kind": "file"})


@given(text=st.text())
def test_any_text_typed_anywhere_is_kept(text: str, context: Contexts) -> None:
    form = form_of({"properties": {"words": {"type": "string"}, "amount": {"type": "number"}}}, {})

    values = settle(form, parse_fields(form, {"words": [text], "amount": [text]}), context()).values

    assert values["words"] == (clean_text(text) or None)
    assert isinstance(values["amount"], Decimal) or values["amount"] == (clean_text(text) or None)
