"""Conditions that a browser decides without scripts, as rules of a style sheet."""

import pytest

from api.web.form_css import form_css, identifier
from tests.rules.forms.conftest import form_of


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ("answer == 'a'", "form:not(:has([data-c=answer][value=a]:checked))"),
        ("answer != 'a'", "form:has([data-c=answer][value=a]:checked)"),
        (
            "answer == 'a' or answer == 'b'",
            ("form:not(:has([data-c=answer][value=a]:checked, [data-c=answer][value=b]:checked))"),
        ),
        ("answer == 'a' and amount > 1", None),
        ("answer == 'a' or answer != 'b'", None),
        ("not answer", None),
        ("empty(answer)", None),
    ],
)
def test_simple_conditions_become_rules_and_others_do_not(condition: str, rule: str | None) -> None:
    schema = {
        "properties": {
            "answer": {"type": "string", "enum": ["a", "b"]}, "amount": {"type": "number"},
            "more": {"type": "string"},
        }
    }  # fmt: skip

    css = form_css(form_of(schema, {"more": {"alur:showIf": condition}}))

    assert css == (f"{rule} [data-f=more]{{display:none}}" if rule else "")


@pytest.mark.parametrize(
    ("condition", "rule"),
    [
        ("agreed == False", "form:not(:has([data-c=agreed][value=false]:checked))"),
        ("agreed != True", "form:has([data-c=agreed][value=true]:checked)"),
        (
            "not empty(agreed) and not agreed",
            (
                "form:not(:has([data-c=agreed]:checked)) [data-f=more]{display:none}\n"
                "form:has([data-c=agreed][value=true]:checked)"
            ),
        ),
        (
            "score == 1 or score == 5",
            (
                r"form:not(:has([data-c=score][value=\31 ]:checked,"
                r" [data-c=score][value=\35 ]:checked))"
            ),
        ),
        ('any_equal(topics, "gap")', "form:not(:has([data-c=topics][value=gap]:checked))"),
        ("ticked == False", None),
        ("agreed == score", None),
        ("not empty(ticked)", None),
        ('any_equal(score, "gap")', None),
        ('any_equal(earlier.topics, "gap")', None),
    ],
)
def test_yes_and_no_numbers_and_several_choices_are_left_to_the_style_sheet(
    condition: str, rule: str | None
) -> None:
    topics = {"type": "array", "items": {"type": "string", "enum": ["gap", "other"]}}
    schema = {
        "properties": {
            "agreed": {"type": "boolean"}, "ticked": {"type": "boolean"},
            "score": {"type": "integer", "enum": [1, 5]}, "topics": topics,
            "more": {"type": "string"},
        }
    }  # fmt: skip
    ui = {
        "agreed": {"ui:widget": "radio"}, "ticked": {"ui:widget": "checkbox"},
        "score": {"ui:widget": "radio"}, "topics": {"ui:widget": "checkboxes"},
        "more": {"alur:showIf": condition},
    }  # fmt: skip

    css = form_css(form_of(schema, ui))

    assert css == (f"{rule} [data-f=more]{{display:none}}" if rule else "")


@pytest.mark.parametrize(
    ("value", "written"),
    [("as_expected", "as_expected"), ("1", r"\31 "), ("-1", r"\-1"), ("a.b-1", r"a\.b-1")],
)
def test_values_are_written_as_identifiers_without_quotes(value: str, written: str) -> None:
    assert identifier(value) == written


def test_a_condition_inside_a_table_looks_at_its_own_row() -> None:
    columns = {"rating": {"type": "string", "enum": ["a", "b"]}, "why": {"type": "string"}}
    schema = {"properties": {"rows": {
        "type": "array", "items": {"type": "object", "properties": columns},
    }}}  # fmt: skip
    ui = {"rows": {"items": {"why": {"alur:showIf": "row.rating != 'a'"}}}}

    assert form_css(form_of(schema, ui)) == (
        r"[data-row=rows]:has([data-c=rows\.rating][value=a]:checked) "
        r"[data-f=rows\.why]{display:none}"
    )
