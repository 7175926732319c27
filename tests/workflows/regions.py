"""How tests ask a region's own files: its forms, its tables, its named paths."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.errors import Finding
from engine.rules.deadlines import Calendar
from engine.rules.dmn import evaluate, parse_table
from engine.rules.forms import FormContext, initial_values, load_form, validate
from tests.office import ROOT
from tests.workflows.scenario import Scenario

NOON = datetime(2026, 1, 20, 5, tzinfo=UTC)
PAPER = [{"kind": "paper", "number": "DOK-12/2025"}]
CASE = {"plan": [], "is_unit_head": False}


def refused(
    system: str, form: str, answers: Mapping[str, object], acting_as: str = "rater", **data: object
) -> dict[str, str]:
    """What a form finds wrong: field path -> rule, after `answers` over what it opens with."""
    _, found = _checked(system, form, answers, acting_as, data)
    return {finding.element_id or "": finding.rule for finding in found}


def settled(
    system: str, form: str, answers: Mapping[str, object], acting_as: str, **data: object
) -> Mapping[str, object]:
    """What counts of `answers` over what a form opens with, computed fields among it."""
    return _checked(system, form, answers, acting_as, data)[0]


def _checked(
    system: str, form: str, answers: Mapping[str, object], acting_as: str, data: Mapping[str, Any]
) -> tuple[Mapping[str, object], Sequence[Finding]]:
    schema = ROOT / f"forms/{system}/{form}-schema.json"
    ui = schema.with_name(f"{form}-uischema.json")
    loaded = load_form(form, schema.read_bytes(), ui.read_bytes(), file=schema.name)
    calendar = Calendar("Asia/Jakarta", frozenset())
    context = FormContext({"case": CASE, **data}, acting_as, NOON, calendar)
    return validate(loaded, {**initial_values(loaded, context), **answers}, context)


def decide(system: str, table: str, data: Mapping[str, object]) -> Mapping[str, object]:
    """What a table of a system says about these data."""
    file = ROOT / f"workflows/{system}/{table}.dmn"
    return evaluate(parse_table(file.read_bytes(), file=file.name), data).outputs


def opened(scenario: Scenario, element: str, person: str) -> Mapping[str, Any]:
    """What the form of an open step shows to a person before anything is typed."""
    return scenario._filled(scenario._item(element), scenario._actor(person), {})


def is_open(scenario: Scenario, element: str) -> bool:
    """Does somebody have this step to do?"""
    return element in {item.element_id for item in scenario._open()}
