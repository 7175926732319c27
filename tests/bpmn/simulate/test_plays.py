"""Plays: made-up people bring a case to its end, and what goes wrong is told with its place."""

import json

import pytest

from engine.bpmn.environment import OperationResult
from engine.bpmn.playing import Limits, PlayOrder, play_here, play_many
from engine.bpmn.simulate import StubbedOperations, World, never_visited, play
from engine.bpmn.specs import ProcessFiles, Specs, build_specs
from engine.errors import Severity
from engine.rules.forms import load_form
from tests.bpmn.simulate import systems
from tests.security.corpus.drawing import (
    FORM,
    awaits,
    boundary,
    catch,
    chain,
    drawn,
    end,
    flow,
    gateway,
    message,
    service,
    start,
    timer,
    user,
)

WORLD = World({FORM: load_form("answer", json.dumps(systems.SCHEMA).encode(), b"{}")})


def specs_of(*parts: str) -> Specs:
    return build_specs(ProcessFiles({"sample.bpmn": drawn(*parts)}))


def choosing() -> Specs:
    return specs_of(
        start(), user("review"), gateway("x", default="no"), end("good", "good"),
        end("poor", "poor"), chain("start", "review", "x"),
        flow("x", "good", "review.score >= 90", "yes"), flow("x", "poor", identifier="no"),
    )  # fmt: skip


def test_the_same_seed_plays_the_same_case() -> None:
    specs = choosing()

    first, second = (play(specs, "sample", world=WORLD, seed=7) for _ in range(2))

    assert first == second
    assert first.outcome in ("good", "poor")


def test_many_plays_come_to_every_way() -> None:
    specs = choosing()

    results = [play(specs, "sample", world=WORLD, seed=seed) for seed in range(40)]

    assert {result.outcome for result in results} == {"good", "poor"}
    visited = frozenset().union(*(result.visited for result in results))
    assert visited >= {"review", "yes", "no"}
    assert never_visited(specs, "sample", visited) == ()


def test_a_way_that_no_play_takes_is_a_warning_with_its_line() -> None:
    specs = specs_of(
        start(), user("review"), gateway("x", default="no"), user("never"), end(),
        chain("start", "review", "x"), flow("x", "never", "review.score > 500", "yes"),
        flow("never", "end"), flow("x", "end", identifier="no"),
    )  # fmt: skip

    results = [play(specs, "sample", world=WORLD, seed=seed) for seed in range(10)]
    visited = frozenset().union(*(result.visited for result in results))
    found = never_visited(specs, "sample", visited)

    assert [(f.element_id, f.severity) for f in found] == [
        ("never", Severity.WARNING), ("yes", Severity.WARNING),
    ]  # fmt: skip
    assert all(f.line for f in found)


def test_timers_fire_and_messages_come() -> None:
    specs = specs_of(
        message(), start(), user("review"), boundary("late", "review", timer("P3D")),
        catch("told", awaits()), end("answered", "answered"), end("lapsed", "lapsed"),
        chain("start", "review", "told", "answered"), flow("late", "lapsed"),
    )  # fmt: skip

    outcomes = {play(specs, "sample", world=WORLD, seed=seed).outcome for seed in range(30)}

    assert outcomes == {"answered", "lapsed"}


def test_a_case_that_stops_is_stuck() -> None:
    specs = specs_of(
        start(), gateway("s", default="s_a"), user("a"), user("b"), gateway("j", "parallel"),
        end(), chain("start", "s", "a", "j", "end"), flow("s", "b", "case.is_unit_head"),
        flow("b", "j"),
    )  # fmt: skip

    found = play(specs, "sample", world=WORLD, seed=1).finding

    assert found is not None
    assert found.rule == "play.stuck"


def test_a_circle_without_people_is_endless() -> None:
    specs = specs_of(
        start(), service("a"), gateway("x", default="x_a"), end(), chain("start", "a", "x", "a"),
        flow("x", "end", "False"),
    )  # fmt: skip

    found = play(specs, "sample", world=WORLD, seed=1).finding

    assert found is not None
    assert found.rule == "play.endless"


def test_a_failing_step_is_told_with_its_element() -> None:
    specs = specs_of(
        start(), user("review"), gateway("x", default="no"), end(), end("other"),
        chain("start", "review", "x"), flow("x", "other", "review.nothing == 1"),
        flow("x", "end", identifier="no"),
    )  # fmt: skip

    found = play(specs, "sample", world=WORLD, seed=1).finding

    assert found is not None
    assert (found.rule, found.element_id) == ("play.failed", "x")


def test_a_stub_gives_only_listed_results() -> None:
    stub = StubbedOperations({"noted": ({"n": 1}, {"n": 2})})

    given = [stub("noted", {"round": number}, {}) for number in range(20)]

    assert {result.value["n"] for result in given} == {1, 2}
    assert stub("other", {}, {}) == OperationResult({})


def test_a_child_process_reports_like_the_plays_here() -> None:
    content = drawn(start(), user("review"), end(), chain("start", "review", "end"))
    order = PlayOrder(systems.system({"sample": content}), "sample", plays=10)

    report = play_many(order)

    assert report == play_here(order)
    assert report.outcomes == {"done": 10}


@pytest.mark.parametrize("operation", [systems.never_ends, systems.grows])
def test_a_play_beyond_its_limits_is_killed_and_told(operation) -> None:
    content = drawn(start(), service("a"), end(), chain("start", "a", "end"))
    order = PlayOrder(systems.system({"sample": content}), "sample", 1, operations=operation)

    report = play_many(order, Limits(cpu_seconds=3, memory_bytes=1_000_000_000))

    assert [finding.rule for finding in report.findings] == ["play.killed"]
    assert report.played == 0
