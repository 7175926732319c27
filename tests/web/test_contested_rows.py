"""The decision on an appeal shows what was contested and nothing else."""

from dataclasses import replace

from lxml import html

from api.web.form_view import form_view
from engine.rules.forms import initial_values, load_form
from tests.web.test_form_view import SHIPPED, context, drawn


def test_a_decision_asks_only_about_what_was_contested() -> None:
    file = next(file for file in SHIPPED if file.stem == "appeal_decision-schema")
    ui = file.with_name("appeal_decision-uischema.json")
    form = load_form("appeal_decision", file.read_bytes(), ui.read_bytes(), file=file.name)
    lines = [
        {"indicator_id": f"i{n}", "indicator": f"Indikator {n}", "contested": n == 2}
        for n in (1, 2, 3)
    ]

    def rows_of(lines: list[dict[str, object]]) -> html.HtmlElement:
        appeal = {"contested_results": lines, "contested_parts": ["procedure"]}
        case = {"file_appeal": appeal, "result": {}, "case": {"is_unit_head": False}}
        asked = replace(context(), data=case)
        return drawn(form_view(form, initial_values(form, asked), asked))

    some, none = rows_of(lines), rows_of(lines[:1])
    seen = [
        row for row in some.xpath("//tbody[@data-row='findings']") if "hidden" not in row.attrib
    ]
    assert [row.get("id") for row in seen] == ["f-findings-1"]
    assert "Indikator 2" in seen[0].text_content()
    assert "hidden" in none.xpath("//*[@data-f='findings']")[0].attrib
