"""The attack corpus of decision tables: each is refused by the name of its rule."""

import pytest

from engine.errors import InvalidDefinition
from engine.rules.dmn import check_table, parse_table
from tests.rules.tables import table_xml

TEXT = ("kind", "string", '"a","b"')
NUMBER = ("score", "number", "[0..120]")
CODE = (
    "__import__('os').system('id')", "().__class__.__bases__", "lambda: 1", "[x for x in y]",
    "open('/etc/passwd')", "function(x) x", "if a then b else c", "${7*7}", "{{7*7}}", "a.b.c()",
    "for x in [1] return x", "java.lang.Runtime", "score > 1 and drop()", "1; import os", '@"x"',
)  # fmt: skip
WRONG_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e9", "0x10", "1_000", "１", "٣", "²", "9" * 400)

CIRCLE = (
    '<decision id="other"><informationRequirement id="i"><requiredDecision href="#rating_table"/>'
    "</informationRequirement></decision><decision id"
)
ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def met(content: bytes) -> set[str]:
    """The rules that refuse a table."""
    try:
        return {finding.rule for finding in check_table(parse_table(content, file="t.dmn"))}
    except InvalidDefinition as refused:
        return {finding.rule for finding in refused.findings}


def one_cell(cell: str, result: str = '"x"', column: tuple[str, str, str] = NUMBER) -> bytes:
    return table_xml([((cell,), (result,))], inputs=[column], outputs=[("out", "string", "")])


@pytest.mark.parametrize("code", CODE)
def test_code_in_a_cell_is_no_cell(code: str) -> None:
    assert met(one_cell(code)) & {"dmn.bad_cell", "dmn.cell_wrong_type"}
    assert met(one_cell("-", code)) & {"dmn.not_a_value", "dmn.bad_cell"}


# A plain path of names is what a column may ask for; whether it is known is asked later.
@pytest.mark.parametrize("code", [code for code in CODE if code != "java.lang.Runtime"])
def test_code_as_the_input_of_a_column_is_refused(code: str) -> None:
    assert "dmn.input_expression" in met(one_cell("-", column=(code, "number", "")))


@pytest.mark.parametrize("text", WRONG_NUMBERS)
def test_numbers_in_other_notations_are_no_numbers(text: str) -> None:
    assert met(one_cell(text)) & {"dmn.bad_cell", "dmn.cell_wrong_type", "dmn.cell_too_long"}


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([(("<= 60",), ('"a"',)), (("[60..120]",), ('"b"',))], "dmn.overlap"),
        ([(("< 60",), ('"a"',)), (("> 60",), ('"b"',))], "dmn.gap"),
        ([(("1,5",), ('"a"',))], "dmn.comma_number"),
        ([(("[2..1]",), ('"a"',))], "dmn.interval_empty"),
        ([(("-",), ('"a"',)), (("1",), ('"b"',))], "dmn.empty_row"),
        ([], "dmn.empty_table"),
        ([(('"a"',), ('"a"',))], "dmn.cell_wrong_type"),
        ([((), ('"a"',))], "dmn.row_incomplete"),
        ([(("x" * 5_000,), ('"a"',))], "dmn.cell_too_long"),
    ],
)
def test_a_table_that_would_decide_wrongly_is_refused(
    rows: list[tuple[tuple[str, ...], tuple[str, ...]]], rule: str
) -> None:
    assert rule in met(table_xml(rows, inputs=[NUMBER]))


@pytest.mark.parametrize("rows", [1_001, 100_000])
def test_a_table_of_too_many_rows_is_refused(rows: int) -> None:
    content = table_xml([((str(n),), ('"a"',)) for n in range(rows)], inputs=[NUMBER])

    assert met(content) & {"dmn.too_large", "xml.too_large", "xml.too_many_elements"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<decision id", CIRCLE, "dmn."),
        ('hitPolicy="UNIQUE"', 'hitPolicy="BEST"', "dmn.hit_policy"),
        ("<text>-</text>", '<text expressionLanguage="javascript">1</text>', "dmn."),
        ("<inputExpression id", '<inputExpression expressionLanguage="javascript" id', "dmn."),
        ("<description>", "<extensionElements><x/></extensionElements><description>", "dmn."),
        ("</definitions>", "<x/></definitions>", "dmn."),
        ("<definitions", f"{ENTITY}<definitions", "xml."),
    ],
)  # fmt: skip
def test_other_ways_to_decide_are_refused(old: str, new: str, rule: str) -> None:
    content = one_cell("-").decode()

    assert old in content
    assert any(found.startswith(rule) for found in met(content.replace(old, new, 1).encode()))
