"""Files of decision tables: what dmn-js writes is read, everything else is refused by name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Finding, InvalidDefinition
from engine.rules.dmn import Aggregation, HitPolicy, check_table, parse_table
from engine.rules.dmn.cells import Kind
from tests.rules.tables import DMN, table_xml

SCORE = [("score", "number", "")]
ONE_ROW = [([">= 5"], ['"x"'])]
GOOD = table_xml(ONE_ROW, inputs=SCORE).decode()
FROM_DMN_JS = Path(__file__).with_name("follow_up.dmn").read_bytes()


def findings_of(content: str) -> tuple[Finding, ...]:
    with pytest.raises(InvalidDefinition) as refused:
        parse_table(content.encode(), file="t.dmn")
    return refused.value.findings


def test_a_file_of_dmn_js_is_read_with_labels_annotations_and_lines() -> None:
    table = parse_table(FROM_DMN_JS, file="follow_up.dmn")

    assert (table.id, table.name, table.file) == ("follow_up", "Tindak lanjut", "follow_up.dmn")
    assert (table.hit_policy, table.aggregation) == (HitPolicy.COLLECT, Aggregation.COUNT)
    assert table.inputs[0].label == "Predikat"
    assert table.inputs[0].expression.names == {"review.predicate"}
    assert table.inputs[0].kind is Kind.STRING
    assert table.outputs[0].name == "action"
    assert (table.rules[0].id, table.rules[0].annotation) == ("rule_1", "PP 30/2019")
    assert table.rules[0].line == 14


def test_the_hit_policy_is_unique_where_none_is_written() -> None:
    table = parse_table(GOOD.replace(' hitPolicy="UNIQUE"', "").encode(), file="t.dmn")

    assert table.hit_policy is HitPolicy.UNIQUE


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (DMN, "http://www.omg.org/spec/BPMN/20100524/MODEL", "dmn.version"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="BEST"', "dmn.hit_policy"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="AVG"', "dmn.hit_policy"),
        ("<text>score</text>", "<text></text>", "dmn.input_without_expression"),
        ('typeRef="number"', 'typeRef="time"', "dmn.unknown_type"),
        ('typeRef="string"', "", "dmn.unknown_type"),
        ('name="rating"', 'name="ra ting"', "dmn.output_name"),
        ('name="rating"', 'name="__class__"', "dmn.output_name"),
        ("&gt;= 5", "&gt;= 5 or True", "dmn.bad_cell"),
        ("&gt;= 5", "__import__('os').system('x')", "dmn.bad_cell"),
        ("&gt;= 5", "1,5", "dmn.comma_number"),
        ('<text>"x"</text>', "<text>open('/etc/passwd')</text>", "dmn.bad_cell"),
        ('<text>"x"</text>', '<text>"x", "y"</text>', "dmn.not_a_value"),
        ('<text>"x"</text>', "<text>5</text>", "dmn.cell_wrong_type"),
        ('id="row_1_in_1"', 'id="row_1"', "dmn.same_id"),
        ("<rule ", '<rule expressionLanguage="python" ', "dmn.language"),
        ("</decision>", '</decision><decision id="second"/>', "dmn.one_table"),
        ("</decision>", '<literalExpression id="l"/></decision>', "dmn.unsupported"),
        (
            "<decisionTable",
            '<requiredDecision href="#rating_table"/><decisionTable',
            "dmn.unsupported",
        ),
        (
            "</decision>",
            '</decision><import id="i" locationURI="http://127.0.0.1"/>',
            "dmn.unsupported",
        ),
    ],
)
def test_what_would_not_be_executed_is_refused_by_name(old: str, new: str, rule: str) -> None:
    assert old in GOOD

    found = findings_of(GOOD.replace(old, new))

    assert rule in [finding.rule for finding in found]
    assert all(finding.file == "t.dmn" and finding.line for finding in found)


def test_all_bad_cells_are_named_at_once_with_id_and_line() -> None:
    rows = [(["> x"], ['"a"']), (["> 5"], ["a"]), (["1,5"], ['"a"'])]

    found = findings_of(table_xml(rows, inputs=SCORE).decode())

    assert [(finding.rule, finding.element_id) for finding in found] == [
        ("dmn.bad_cell", "row_1_in_1"),
        ("dmn.bad_cell", "row_2_out_1"),
        ("dmn.comma_number", "row_3_in_1"),
    ]
    assert len({finding.line for finding in found}) == 3
    assert found[0].params == {"column": "score", "text": "> x"}


def test_results_outside_the_allowed_values_are_refused() -> None:
    content = table_xml(
        [(["> 5"], ['"high"'])], inputs=SCORE, outputs=[("rating", "string", '"low","middle"')]
    )

    (finding,) = findings_of(content.decode())

    assert (finding.rule, finding.element_id) == ("dmn.output_not_allowed", "row_1_out_1")


@pytest.mark.parametrize(
    "text", ["__import__('os')", "score ** 99", "system('x')", "score if", "[x for x in score]"]
)
def test_code_in_an_input_expression_is_refused(text: str) -> None:
    found = findings_of(GOOD.replace("<text>score</text>", f"<text>{text}</text>"))

    assert found[0].rule == "dmn.input_expression"
    assert found[1].rule.startswith("expression.")
    assert found[0].element_id == "in_1"


def test_rows_with_too_few_cells_and_tables_without_rows_are_refused() -> None:
    rows = table_xml([([], ['"x"'])], inputs=SCORE).decode()
    assert [finding.rule for finding in findings_of(rows)] == ["dmn.row_incomplete"]

    empty = table_xml([], inputs=SCORE).decode()
    assert [finding.rule for finding in findings_of(empty)] == ["dmn.empty_table"]


def test_two_columns_of_one_name_are_refused() -> None:
    content = table_xml([(["1", "2"], ['"x"'])], inputs=[*SCORE, *SCORE])

    assert [finding.rule for finding in findings_of(content.decode())] == ["dmn.same_column"]


def test_more_than_a_thousand_rows_are_refused_before_any_cell_is_read() -> None:
    content = table_xml([(["!"], ["!"])] * 1_001, inputs=SCORE)

    assert [finding.rule for finding in findings_of(content.decode())] == ["dmn.too_large"]


def test_a_hundred_thousand_rows_are_refused_by_the_door_of_xml() -> None:
    content = GOOD.replace("</decisionTable>", "<rule/>" * 170_000 + "</decisionTable>")

    assert [finding.rule for finding in findings_of(content)] == ["xml.too_many_elements"]


@given(
    st.integers(0, len(GOOD) - 1),
    st.integers(0, 40),
    st.text("<>/=\"' &;#x09\0\ufeffé-[](),.ab{}", max_size=6),
)
def test_damaged_files_are_read_or_refused_but_never_break_the_reader(
    place: int, removed: int, inserted: str
) -> None:
    damaged = GOOD[:place] + inserted + GOOD[place + removed :]

    try:
        table = parse_table(damaged.encode(), file="t.dmn")
    except InvalidDefinition as refused:
        findings = refused.findings
    else:
        findings = (Finding("read", file=table.file), *check_table(table))

    assert findings
    assert all(finding.file == "t.dmn" for finding in findings)
