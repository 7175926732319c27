"""Storing a case between any two steps changes nothing that anybody can see."""

import random
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.run import Execution
from engine.bpmn.specs import Specs
from engine.domain.process import ReadyTask
from tests.bpmn.contexts import NOW, context, reloaded, specs_of, started
from tests.bpmn.diagrams import (
    boundary,
    call,
    catch,
    diagram,
    end,
    flows,
    gateway,
    message,
    messages,
    repeated,
    service,
    start,
    sub_process,
    timer,
    user,
)

PARALLEL = diagram(
    "main", start(), gateway("begin", default="begin_to_split"), gateway("split", "parallel"),
    user("left"), user("middle"), gateway("more", default="more_to_met"), user("extra"),
    gateway("met"),
    user("right"), boundary("remind", "right", timer("P3D"), interrupting=False),
    service("note", "echo", "noted", at="now()"), end("reminded"),
    gateway("join", "parallel"), user("check"), gateway("again", default="again_to_end"), end(),
    flows("start begin", "begin split", "split left", "split middle", "split right", "left join",
          "middle more", "more extra if middle.yes", "more met", "extra met", "met join",
          "right join",
          "remind note", "note reminded", "join check", "check again", "again begin if check.yes",
          "again end"),
)  # fmt: skip

REPEATED = diagram(
    "main", start(), user("nominate"), user("peer", repeated(over="nominate.rows", into="peers",
                                                             until="peer.yes")),
    boundary("closed", "peer", timer("P14D")), gateway("meet"), user("ask", repeated(times="2",
                                                                                 sequential=True)),
    gateway("again", default="again_to_end"), end(),
    flows("start nominate", "nominate peer", "peer meet", "closed meet", "meet ask", "ask again",
          "again nominate if any_equal(column(ask, 'yes'), True)", "again end"),
)  # fmt: skip

INNER = diagram(
    "sp_inner", start("s"), user("decide", alur_due="appeal_window"),
    boundary("almost", "decide", timer("before('due', 'P3D')", "timeDate"), interrupting=False),
    end("reminded"), gateway("which", default="which_to_kept"), end("kept", "kept"),
    end("granted", "granted"),
    flows("s decide", "almost reminded", "decide which", "which granted if decide.yes",
          "which kept"),
)  # fmt: skip
CALLED = diagram(
    "main", start(), gateway("begin", default="begin_to_stage"),
    sub_process("stage", start("in"), user("draft"), call("inner_call", "sp_inner"),
                end("out", "x"), flows("in draft", "draft inner_call", "inner_call out")),
    boundary("withdrawn", "stage", message("withdraw")), end("end_withdrawn", "withdrawn"),
    gateway("ok", default="ok_to_end"), end(),
    flows("start begin", "begin stage", "withdrawn end_withdrawn", "stage ok",
          "ok begin if sp_inner.outcome == 'kept'", "ok end"),
    extra=messages("withdraw"),
)  # fmt: skip

WAITING = diagram(
    "main", start(), gateway("begin", default="begin_to_split"),
    gateway("split", "inclusive", default="split_to_base"), user("base"), user("one"), user("two"),
    gateway("join", "inclusive", default="join_to_event"), gateway("event", "eventBased"),
    catch("answer", message("answer")),
    catch("silence", timer("deadline('review')", "timeDate")), gateway("meet"), user("close"),
    gateway("again", default="again_to_end"), end(),
    flows("start begin", "begin split", "split base", "split one if case.first",
          "split two if case.second or case.first", "base join", "one join", "two join",
          "join event", "event answer", "event silence", "answer meet", "silence meet",
          "meet close", "close again", "again begin if close.yes", "again end"),
    extra=messages("answer"),
)  # fmt: skip

DEFINITIONS = {
    "parallel": specs_of(PARALLEL),
    "repeated": specs_of(REPEATED),
    "called": specs_of(CALLED, INNER),
    "waiting": specs_of(WAITING),
}


def place(found: ReadyTask) -> tuple[object, ...]:
    """Where a work item stands; equal in both plays, unlike its id."""
    return found.element_id, found.path, found.index or 0


def seen(case: Execution) -> dict[str, object]:
    """Everything that the rest of the product can see of a case, without ids."""
    return {
        "ready": {
            place(found): (found.lane, dict(case.data(found.task_id))) for found in case.ready
        },
        "timers": sorted((found.element_id, found.due_at) for found in case.timers),
        "awaited": sorted((found.element_id, found.name) for found in case.awaited),
        "last": dict(case.last_data),
        "completed": case.completed,
    }


def chosen(chance: random.Random, case: Execution) -> tuple[str, object, dict[str, object]]:
    """What people or time do next: a verb, its object and the values handed in."""
    values = {
        "yes": chance.random() < 0.4,
        "score": Decimal(chance.randint(0, 999)) / 10,
        "rows": [{"id": str(row)} for row in range(chance.randint(0, 3))],
    }
    items = sorted(place(found) for found in case.ready)
    names = sorted(found.name for found in case.awaited)
    if names and chance.random() < (0.15 if items else 0.6):
        return "send", chance.choice(names), values
    if items and chance.random() < 0.8:
        return "work", chance.choice(items), values
    return "wait", chance.randint(1, 8), {}


def act(case: Execution, verb: str, target: object, values: dict[str, object]) -> None:
    """Let time pass, then do it; work that a timer has withdrawn is left alone."""
    case.advance()
    if verb == "send":
        case.receive(str(target), values)
    if verb == "work":
        open_now = {place(found): found.task_id for found in case.ready}
        if target in open_now:
            case.complete(open_now[target], values)


def play(specs: Specs, chance: random.Random) -> bool:
    """One random play, once in memory and once stored after every act; has it ended?"""
    case = {"first": chance.random() < 0.5, "second": chance.random() < 0.5}
    plain, stored, now = started(specs, case=case), started(specs, case=case), NOW
    for _ in range(40):
        verb, target, values = chosen(chance, plain)
        now += timedelta(days=int(target)) if verb == "wait" else timedelta(hours=1)
        stored, known = reloaded(specs, stored, now), len(plain.records)
        plain._environment.context = context(now)
        for one in (plain, stored):
            act(one, verb, target, values)

        assert seen(stored) == seen(plain)
        assert stored.records == plain.records[known:]
        if plain.completed:
            break
    return plain.completed


@pytest.mark.parametrize("name", DEFINITIONS)
@given(seed=st.integers(0, 2**32))
def test_a_case_stored_after_every_step_equals_one_that_never_left_memory(name: str, seed: int):
    play(DEFINITIONS[name], random.Random(seed))


def handed_on(case: Execution) -> dict[object, object]:
    """What every finished element left to those behind it, by task."""
    inner = case._workflow.subprocesses.values()
    return {
        (workflow.spec.name, task.id): task.data
        for workflow in [case._workflow, *inner]
        for task in workflow.tasks.values()
        if task._state & TaskState.FINISHED_MASK
    }


@pytest.mark.parametrize("name", DEFINITIONS)
@given(seed=st.integers(0, 2**32))
def test_no_later_step_changes_what_a_finished_one_handed_on(name: str, seed: int):
    chance, now = random.Random(seed), NOW
    case = started(DEFINITIONS[name], case={"first": chance.random() < 0.5, "second": True})
    for _ in range(20):
        held = handed_on(case)
        before = deepcopy(held)
        verb, target, values = chosen(chance, case)
        now += timedelta(days=int(target)) if verb == "wait" else timedelta(hours=1)
        case._environment.context = context(now)
        act(case, verb, target, values)

        assert held == before
        if case.completed:
            break


@pytest.mark.parametrize("name", DEFINITIONS)
def test_random_plays_do_reach_the_end(name: str):
    ended = [play(DEFINITIONS[name], random.Random(seed)) for seed in range(20)]

    assert sum(ended) >= 10
