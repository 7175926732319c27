"""Whatever the gate lets through never gets stuck and never runs for ever."""

import json
import random

import pytest

from engine.bpmn.lint import lint_diagram
from engine.bpmn.simulate import World, play
from engine.bpmn.specs import ProcessFiles, build_specs
from engine.errors import Finding, InvalidDefinition, errors_of
from engine.rules.forms import load_form
from tests.bpmn.simulate.blocks import Builder, damaged
from tests.bpmn.simulate.systems import SCHEMA
from tests.evidence import Evidence
from tests.security.corpus.drawing import FORM
from tests.security.corpus.gate import SURROUNDINGS
from tests.session import count

DIAGRAMS = count(40, 1_000)
PLAYS = 4


@pytest.fixture(scope="module")
def world() -> World:
    return World({FORM: load_form("answer", json.dumps(SCHEMA).encode(), b"{}")})


def troubles(content: bytes, world: World) -> list[Finding] | None:
    """What went wrong in plays of an accepted diagram; None for a refused one."""
    if errors_of(lint_diagram(content, file="a.bpmn", surroundings=SURROUNDINGS)):
        return None
    try:
        specs = build_specs(ProcessFiles({"a.bpmn": content}))
    except InvalidDefinition:
        return None
    results = [play(specs, "sample", world=world, seed=seed) for seed in range(PLAYS)]
    return [result.finding for result in results if result.finding is not None]


def test_a_sound_diagram_is_accepted_and_plays_to_its_end(rng: random.Random, world: World) -> None:
    for _ in range(DIAGRAMS // 2):
        content = Builder(rng).diagram(depth=2).drawn()

        assert troubles(content, world) == [], content.decode()


def test_a_damaged_diagram_is_refused_or_plays_to_its_end(
    rng: random.Random, world: World, evidence: Evidence
) -> None:
    refused = 0
    for _ in range(DIAGRAMS):
        content = damaged(Builder(rng).diagram(depth=3), rng).drawn()
        found = troubles(content, world)
        refused += found is None

        assert found in (None, []), content.decode()

    assert 0 < refused < DIAGRAMS
    evidence.record("gate.damaged_diagrams", DIAGRAMS)
    evidence.record("gate.refused", refused)
