"""A seventh system: Walesi copied and changed in files of HR alone, checked, published, played.

The steps are those of workflows/README.md, "A system of your own".
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.commands.organisation_units import assign_system
from engine.commands.systems import check_system, deploy_system
from engine.errors import Severity
from tests.office import DIVISION, FOUNDED, Office, found_office, open_desk
from tests.postgres import TestDatabase
from tests.workflows.copying import Copy, copied, draw, edit_json
from tests.workflows.promises import appraisal_of, run_between, run_until
from tests.workflows.regions import opened
from tests.workflows.scenario import Scenario, read_path

KEY = "lembah"
FEW_PLAYS = 20
WHY = "Sebagian hasil di atas rencana itu dicapai bersama unit lain, bukan oleh pegawai sendiri."
INDICATOR = """
[[indicators]]
id = "discipline"
axis = "behaviour"
weight = 10
title = "Disiplin"
title_en = "Discipline"

[deadlines]
hear_elders = { days = 7, counting = "calendar" }
"""
ROLE = """
[roles.elders]
kind = "office"
office = "sekretaris_daerah"
title = "Dewan kampung"
title_en = "Village elders"

[lanes]
"Dewan kampung" = ["elders"]
"""
MEASURE = """
<bpmn:serviceTask id="measure_discipline" name="Hitung disiplin">
  <bpmn:extensionElements>
    <spiffworkflow:serviceTaskOperator id="anchored" resultVariable="discipline">
      <spiffworkflow:parameters>
        <spiffworkflow:parameter id="rating" type="any" value="rate_indicators.discipline" />
      </spiffworkflow:parameters>
    </spiffworkflow:serviceTaskOperator>
  </bpmn:extensionElements>
</bpmn:serviceTask>
"""
HEAR = """
<bpmn:userTask id="hear_elders" name="Dengar dewan kampung">
  <bpmn:extensionElements>
    <spiffworkflow:properties>
      <spiffworkflow:property name="formJsonSchemaFilename" value="hear_elders-schema.json" />
      <spiffworkflow:property name="formUiSchemaFilename" value="hear_elders-uischema.json" />
      <spiffworkflow:property name="alur:due" value="hear_elders" />
      <spiffworkflow:property name="alur:separation" value="subject" />
    </spiffworkflow:properties>
  </bpmn:extensionElements>
</bpmn:userTask>
"""
NAMES = """
hear_elders = "Hear the village elders"
measure_discipline = "Score the discipline"
"""


def edited(library: Path) -> Copy:
    """The copy with everything that makes it a system of its own."""
    made = copied(library, "walesi", KEY)
    _change_settings(made)
    draw(
        made.workflows / "wal_measure.bpmn", on="measure_communication_to_score_indicators",
        lane="Sistem", element=MEASURE,
    )  # fmt: skip
    draw(
        made.workflows / "wal_appraisal.bpmn", on="join_to_rate_indicators",
        lane="Dewan kampung", element=HEAR,
    )  # fmt: skip
    _change_forms(made)
    _change_table(made)
    edit_json(made.workflows / "paths/plain.json", _change_path)
    return made


def _change_settings(made: Copy) -> None:
    toml = made.workflows / "system.toml"
    texts = {
        'key = "walesi"': f'key = "{KEY}"',
        'title = "Distrik Walesi"': 'title = "Distrik Lembah"',
        'title_en = "Walesi district"': 'title_en = "Lembah district"',
        'axis = "behaviour"\nweight = 30': 'axis = "behaviour"\nweight = 20',
        "\n[deadlines]\n": INDICATOR,
        "\n[lanes]\n": ROLE,
        "\n[names_en]\n": f"\n[names_en]{NAMES}",
    }
    made.reword(toml.name, **texts)


def _change_forms(made: Copy) -> None:
    def ask(schema: Any) -> None:
        words = {"title": "Disiplin", "title:en": "Discipline"}
        schema["properties"]["discipline"] = {"type": "integer", "enum": [1, 2, 3, 4, 5], **words}
        schema["required"].append("discipline")

    def show(ui: Any) -> None:
        ui["ui:sections"][-1]["fields"].append("discipline")
        labels = {f"{n}": {"id": f"Tingkat {n}", "en": f"Level {n}"} for n in range(1, 6)}
        ui["discipline"] = {"ui:widget": "radio", "alur:labels": labels}

    edit_json(made.forms / "rate_indicators-schema.json", ask)
    edit_json(made.forms / "rate_indicators-uischema.json", show)
    text = {"type": "string", "title": "Pendapat", "title:en": "Opinion", "maxLength": 2000}
    heard = {
        "type": "object", "title": "Dewan kampung", "title:en": "Elders",
        "required": ["opinion"], "properties": {"opinion": text},
    }  # fmt: skip
    for name, content in (("schema", heard), ("uischema", {"opinion": {"ui:widget": "textarea"}})):
        file = made.forms / f"hear_elders-{name}.json"
        file.write_text("{}")
        edit_json(file, lambda document, content=content: document.update(content))


def _change_table(made: Copy) -> None:
    """An own table of the same name replaces the shared one: above expectation from 100 on."""
    shared = made.library / "workflows/shared/suggest_result.dmn"
    (made.workflows / shared.name).write_text(shared.read_text())
    made.reword(shared.name, **{"[90..110)": "[90..100)", "&gt;= 110": "&gt;= 100"})


def _change_path(path: Any) -> None:
    """The named path answers what is asked anew, and expects the new score."""
    steps = [step for step in path["steps"] if "open" not in step.get("expect", {})]
    told = {step["complete"]: step["with"] for step in steps if "complete" in step}
    told["annual_report"]["self_ratings"].append({"self_rating": 4})
    told["rate_indicators"]["discipline"] = 4
    told["supervisor_review"]["override_reason"] = WHY
    place = next(n for n, step in enumerate(steps) if step.get("complete") == "rate_indicators")
    steps.insert(place, {"complete": "hear_elders", "as": "sekda", "with": {"opinion": "Ringan."}})
    path["steps"] = steps


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The seventh system as files."""
    return edited(tmp_path_factory.mktemp("library"))


@pytest.fixture
def office(made: Copy, database: TestDatabase, tmp_path: Path) -> Iterator[Office]:
    """An office that has published it and assigned it to a department, on each database."""
    desk = open_desk(database, tmp_path, library=made.library)
    office = found_office(
        desk, system=KEY, deploy=lambda *told, **more: deploy_system(*told, plays=FEW_PLAYS, **more)
    )
    hr = office.actor("hr_officer", FOUNDED)
    assign_system(desk, hr, unit_id=DIVISION, system=KEY, now=FOUNDED)
    yield office
    desk.store.close()


def test_the_check_finds_nothing_wrong_with_the_copy(made: Copy) -> None:
    findings = check_system(made.library, KEY, plays=0)

    assert [f for f in findings if f.severity is Severity.ERROR] == []


def test_a_case_of_the_copy_runs_to_a_result_of_its_own(made: Copy, office: Office) -> None:
    scenario = Scenario(office, read_path(made.workflows / "paths/plain.json"))

    run_until(scenario, "supervisor_review")
    shown = opened(scenario, "supervisor_review", "division_head")
    run_between(scenario, "supervisor_review", "notify_ack")

    weights = {row["indicator_id"]: row["weight"] for row in shown["rows"]}
    assert (weights["communication"], weights["discipline"]) == (20, 10)
    assert shown["result_suggested"] == "above"
    assert appraisal_of(scenario).local_score == "103.71"
