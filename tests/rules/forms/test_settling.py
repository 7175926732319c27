"""What the case says wins over what is sent; computed follows, hidden goes."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.forms import Form, FormContext, initial_values, settle, validate
from engine.rules.numbers import to_jsonable
from tests.rules.forms.conftest import PLAN, SELF_SCHEMA, SELF_UI, form_of, one_field

Contexts = Callable[..., FormContext]


def test_a_form_opens_with_the_plan_of_the_case(self_assessment: Form, context: Contexts) -> None:
    rows = initial_values(self_assessment, context())["rows"]

    assert [row["indicator_id"] for row in rows] == ["i1", "i2"]
    assert rows[1]["target"] == Decimal(120)
    assert rows[1]["realisation"] is None


def test_a_literal_list_gives_the_rows_of_the_behaviour_block(
    review: Form, context: Contexts
) -> None:
    values = initial_values(review, context())

    assert [row["value"] for row in values["behaviours"]] == ["service", "accountable", "competent"]
    assert values["notes"] == []


def test_targets_sent_by_the_client_are_replaced_by_those_of_the_case(
    self_assessment: Form, context: Contexts
) -> None:
    forged = {"indicator_id": "i9", "target": "1", "achievement": "120", "realisation": "60"}

    settled = settle(self_assessment, {"rows": [forged, forged]}, context())

    assert settled.values["rows"][1]["indicator_id"] == "i2"
    assert settled.values["rows"][1]["target"] == Decimal(120)
    assert settled.values["rows"][1]["achievement"] == Decimal(50)


@pytest.mark.parametrize("sent", [[], [{}], [{}] * 5, "text", None, {"0": {}}, [1, "a"]])
def test_fixed_rows_are_as_many_as_the_case_has(
    sent: object, self_assessment: Form, context: Contexts
) -> None:
    rows = settle(self_assessment, {"rows": sent}, context()).values["rows"]

    assert [row["indicator_id"] for row in rows] == [entry["indicator_id"] for entry in PLAN]


def test_columns_may_be_filled_by_their_own_expression(context: Contexts) -> None:
    ui = {**SELF_UI, "rows": {**SELF_UI["rows"], "items": {
        **SELF_UI["rows"]["items"], "unit": {"alur:prefill": "row.kind"},
    }}}  # fmt: skip

    rows = initial_values(form_of(SELF_SCHEMA, ui), context())["rows"]

    assert [row["unit"] for row in rows] == ["main", "main"]


@pytest.mark.parametrize(
    ("language", "shown"), [("id", ["Mutu", "Lain"]), ("en", ["Quality", "Lain"])]
)
def test_what_a_row_only_shows_comes_in_the_language_of_the_reader(
    language: str, shown: list[str], context: Contexts
) -> None:
    title = {"type": "string", "title": "Indikator", "readOnly": True}
    table = {"type": "array", "title": "Nilai", "items": {"properties": {"title": title}}}
    form = one_field(table, {"alur:rows": "fixed", "alur:prefill": "score.rows"})
    rows = [{"title": "Mutu", "title_en": "Quality", "title_id": "i1"}, {"title": "Lain"}]
    reader = context(language=language, score={"rows": rows})

    opened = initial_values(form, reader)["answer"]

    assert [row["title"] for row in opened] == shown
    assert settle(form, {}, reader).values["answer"] == opened


def test_what_the_case_does_not_know_stays_empty(context: Contexts) -> None:
    form = one_field(
        {"type": "string", "readOnly": True}, {"alur:prefill": "self_assessment.notes"}
    )

    assert initial_values(form, context()) == {"answer": None}
    assert settle(form, {"answer": "forged"}, context()).values == {"answer": None}
    known = context(self_assessment={"notes": "ada"})
    assert settle(form, {"answer": "forged"}, known).values == {"answer": "ada"}


def test_hidden_answers_are_dropped_and_named(self_assessment: Form, context: Contexts) -> None:
    sent = {"obstacle_text": "Jaringan terputus sembilan hari."}

    without = settle(self_assessment, sent, context())
    shown = settle(self_assessment, {**sent, "obstacles": "on"}, context())

    assert "obstacle_text" not in without.values
    assert without.hidden == {"obstacle_text"}
    assert shown.values["obstacle_text"] == sent["obstacle_text"]


def test_a_hidden_section_hides_its_fields_also_from_sums(context: Contexts) -> None:
    schema = {
        "properties": {
            "total": {"type": "number"}, "bonus": {"type": "number"}, "on": {"type": "boolean"},
        }
    }  # fmt: skip
    ui = {
        "ui:sections": [
            {"title": "A", "fields": ["on", "total"]},
            {"title": "B", "fields": ["bonus"], "alur:showIf": "on"},
        ],
        "total": {"alur:compute": "10 if empty(bonus) else 10 + bonus"},
    }
    form = form_of(schema, ui)

    assert settle(form, {"bonus": "5"}, context()).values["total"] == 10
    assert settle(form, {"bonus": "5", "on": True}, context()).values["total"] == 15


def test_cells_are_hidden_row_by_row(context: Contexts) -> None:
    columns = {"rating": {"type": "string"}, "why": {"type": "string"}}
    table = {"type": "array", "items": {"type": "object", "properties": columns}}
    ui = {"rows": {"items": {"why": {"alur:showIf": "row.rating != 'ok'"}}}}
    rows = [{"rating": "ok", "why": "a"}, {"rating": "bad", "why": "b"}]

    settled = settle(form_of({"properties": {"rows": table}}, ui), {"rows": rows}, context())

    assert settled.values["rows"] == [{"rating": "ok"}, {"rating": "bad", "why": "b"}]
    assert settled.hidden == {"rows.0.why"}


@pytest.mark.parametrize(
    ("ratings", "suggested"),
    [
        (["above", "above", "below"], "above"),
        (["above", "as_expected", "below"], "below"),
        (["above", "as_expected", None], "as_expected"),
        ([None, None, None], None),
    ],
)
def test_the_behaviour_suggestion_is_the_mode_and_ties_go_lower(
    ratings: list[str | None], suggested: str | None, review: Form, context: Contexts
) -> None:
    rows = [{"rating": rating} for rating in ratings]

    settled = settle(review, {"behaviours": rows, "suggested": "above"}, context())

    assert settled.values["suggested"] == suggested
    assert "suggested" in settled.computed


def test_computed_fields_follow_each_other_whatever_their_order(context: Contexts) -> None:
    properties = {name: {"type": "number"} for name in ("c", "b", "a")}
    ui = {"c": {"alur:compute": "b * 2"}, "b": {"alur:compute": "a + 1"}}

    values = settle(form_of({"properties": properties}, ui), {"a": "1,5", "c": 9}, context()).values

    assert values == {"a": Decimal("1.5"), "b": Decimal("2.5"), "c": Decimal(5)}


def test_the_role_and_the_day_are_known_to_expressions(context: Contexts) -> None:
    schema = {"type": "string", "readOnly": True}

    def computed(text: str) -> object:
        return settle(one_field(schema, {"alur:compute": text}), {}, context()).values["answer"]

    assert computed("acting_as") == "employee"
    assert computed("today()") == "2026-11-23"
    assert computed("now()") == "2026-11-22T18:00:00+00:00"
    assert computed("instant('2026-11-23')") == "2026-11-22T15:00:00+00:00"
    assert computed("instant('kemarin')") is None


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


NAMES = st.sampled_from(["rows", "obstacles", "obstacle_text", "confirmed"])


@given(values=st.dictionaries(NAMES, ANY))
def test_no_values_make_settling_fail_and_the_result_can_always_be_stored(
    values: dict[str, object], self_assessment: Form, context: Contexts
) -> None:
    settled, findings = validate(self_assessment, values, context())

    assert findings
    to_jsonable(without_unknown_keys(settled))


def without_unknown_keys(settled: dict[str, object]) -> object:
    """Objects in the place of a text or of evidence are refused; their keys may be anything."""
    return {name: value for name, value in settled.items() if not isinstance(value, dict | list)}
