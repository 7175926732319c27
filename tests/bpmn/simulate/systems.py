"""A small system for tests of the gate: one diagram, one form, one table, made-up operations."""

import json
from collections.abc import Mapping

from engine.bpmn.environment import OperationResult
from engine.domain.bundle import Bundle
from engine.domain.code_words import CodeWords
from engine.domain.settings import (
    Counting,
    DeadlineSetting,
    Relation,
    Role,
    RoleKind,
    SystemSettings,
)
from tests.security.corpus.drawing import FORM, LANE

OPERATIONS = {"noted": ("source",)}
SCHEMA = {
    "type": "object",
    "title": "Jawaban",
    "title:en": "Answer",
    "required": ["ok", "score"],
    "properties": {
        "ok": {"type": "boolean", "title": "Setuju", "title:en": "Agreed"},
        "score": {
            "type": "number",
            "title": "Nilai",
            "title:en": "Score",
            "minimum": 0,
            "maximum": 120,
        },
        "level": {
            "type": "string",
            "title": "Tingkat",
            "title:en": "Level",
            "enum": ["low", "high"],
        },
    },
}
UI = {
    "level": {
        "alur:labels": {
            "low": {"id": "Rendah", "en": "Low"},
            "high": {"id": "Tinggi", "en": "High"},
        }
    }
}
SETTINGS = SystemSettings(
    key="small",
    title={"id": "Contoh", "en": "Sample"},
    main_process="sample",
    deadlines={"window": DeadlineSetting("window", 14, Counting.CALENDAR)},
    roles={
        "employee": Role("employee", RoleKind.SUBJECT, {"id": "Pegawai", "en": "Employee"}),
        "rater": Role(
            "rater", RoleKind.RELATION, {"id": "Penilai", "en": "Rater"}, relation=Relation.RATER
        ),
    },
    lanes={LANE: ("employee",), "Penilai": ("rater",)},
    codes=CodeWords(
        {"grade": {"good": {"id": "Baik", "en": "Good"}, "poor": {"id": "Kurang", "en": "Poor"}}}
    ),
)
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
  namespace="http://camunda.org/schema/1.0/dmn">
<decision id="grade" name="Tingkat"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i" label="Nilai"><inputExpression id="ie" typeRef="number"><text>{name}</text>
</inputExpression></input>
<output id="o" name="grade" typeRef="string" />
<rule id="r1"><inputEntry id="c1"><text>&gt;= 90</text></inputEntry>
<outputEntry id="v1"><text>"good"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c2"><text>{rest}</text></inputEntry>
<outputEntry id="v2"><text>"poor"</text></outputEntry></rule>
</decisionTable></decision></definitions>
"""


def table(name: str = "review.score", rest: str = "&lt; 90") -> bytes:
    """A decision table that grades a number."""
    return TABLE.format(name=name, rest=rest).encode()


def system(
    diagrams: Mapping[str, bytes],
    tables: Mapping[str, bytes] | None = None,
    schema: Mapping[str, object] = SCHEMA,
) -> Bundle:
    """A bundle of the diagrams (by stem), with the form that every sample task uses."""
    ui_file = FORM.replace("-schema", "-uischema")
    files = {
        f"forms/small/{FORM}": json.dumps(schema).encode(),
        f"forms/small/{ui_file}": json.dumps(UI).encode(),
        "workflows/small/system.toml": b"",
    }
    files |= {f"workflows/small/{stem}.bpmn": content for stem, content in diagrams.items()}
    files |= {f"workflows/small/{stem}.dmn": content for stem, content in (tables or {}).items()}
    return Bundle("small", files)


def never_ends(_operation: str, _params: object, _data: object) -> OperationResult:
    """An operation that hangs."""
    while True:
        pass


def grows(_operation: str, _params: object, _data: object) -> OperationResult:
    """An operation that eats the memory."""
    return OperationResult({"x": bytearray(4_000_000_000)})
