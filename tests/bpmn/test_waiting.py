"""What a case waits for: reminders, deadlines, messages, and whichever comes first."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.errors import (
    ExecutionFailed,
    InvalidDefinition,
    NotFound,
)
from tests.bpmn.contexts import (
    NOW,
    facts,
    finish,
    later,
    open_work,
    reloaded,
    specs_of,
    started,
    work,
)
from tests.bpmn.diagrams import (
    boundary,
    catch,
    diagram,
    end,
    flows,
    gateway,
    message,
    messages,
    properties,
    repeated,
    service,
    start,
    timer,
    user,
)

REMINDED = diagram(
    "main", start(), user("self_assessment", alur_due="self_assessment"),
    boundary("remind", "self_assessment", timer("before('due', 'P3D')", "timeDate"),
             interrupting=False),
    service("tell", "notify"), end("told"), end(),
    flows("start self_assessment", "self_assessment end", "remind tell", "tell told"),
)  # fmt: skip


def test_a_reminder_is_counted_back_from_the_due_date_of_its_task():
    specs = specs_of(REMINDED)
    case = started(specs)

    # Seven days after Monday 5 January end on Monday 12 January at 24:00 in Jakarta.
    (remind,) = case.timers
    assert case.due(work(case, "self_assessment").task_id) == datetime(2026, 1, 12, 17, tzinfo=UTC)
    assert remind.due_at == datetime(2026, 1, 9, 17, tzinfo=UTC)

    case = reloaded(specs, case, remind.due_at)
    case.advance()
    assert [effect.operation for effect in case.effects] == ["notify"]
    assert facts(case)[0] == ("timer_fired", "remind", {"due_at": remind.due_at.isoformat()})
    assert open_work(case) == ["self_assessment"]


def test_a_due_date_may_count_from_a_date_of_the_case():
    content = diagram(
        "main", start(), user("appeal", alur_due="appeal_window", alur_due_from="case.received"),
        end(), flows("start appeal", "appeal end"),
    )  # fmt: skip
    case = started(specs_of(content), case={"received": "2026-01-01T01:00:00+00:00"})

    due = case.due(work(case, "appeal").task_id)

    assert due == datetime(2026, 1, 15, 17, tzinfo=UTC)


def test_a_due_date_may_count_from_nothing_but_an_instant_of_the_data():
    content = diagram(
        "main", start(), user("appeal", alur_due="appeal_window", alur_due_from="case.received"),
        end(), flows("start appeal", "appeal end"),
    )  # fmt: skip

    for given in ({}, {"received": "kemarin"}, {"received": "2026-01-01T01:00:00"}):
        case = started(specs_of(content), case=given)
        with pytest.raises(ExecutionFailed):
            case.due(work(case, "appeal").task_id)


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("P14D", "timeDuration", later(days=14)),
        ("'P2W'", "timeDuration", later(days=14)),
        ("deadline('appeal_window')", "timeDate", datetime(2026, 1, 19, 17, tzinfo=UTC)),
        ("deadline('review', case.at)", "timeDate", datetime(2026, 1, 22, 17, tzinfo=UTC)),
        ("instant('2026-02-01')", "timeDate", datetime(2026, 1, 31, 17, tzinfo=UTC)),
        ("before(now(), 'PT1H')", "timeDate", None),
    ],
)
def test_timers_take_durations_deadlines_and_instants(text, kind, due):
    content = diagram(
        "main", start(), catch("wait", timer(text, kind)), end(), flows("start wait", "wait end")
    )
    case = started(specs_of(content), case={"at": "2026-01-01T01:00:00+00:00"})

    assert [found.due_at for found in case.timers] == ([due] if due else [])
    assert case.completed is (due is None)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("'besok'", "timeDate", "bpmn.not_an_instant"),
        ("today()", "timeDate", "bpmn.not_an_instant"),
        ("'2026-02-01T00:00:00'", "timeDate", "bpmn.not_an_instant"),
        ("'14 hari'", "timeDuration", "bpmn.not_a_duration"),
        ("before(now(), 'lama')", "timeDate", "bpmn.not_a_duration"),
        ("before('due', 'P1D')", "timeDate", "bpmn.no_due_date"),
        ("instant('30-01-2026')", "timeDate", "bpmn.not_a_date"),
    ],
)
def test_a_wrong_timer_fails_by_name_at_its_element(text, kind, code):
    content = diagram(
        "main", start(), catch("wait", timer(text, kind)), end(), flows("start wait", "wait end")
    )

    with pytest.raises(ExecutionFailed) as failure:
        started(specs_of(content))

    assert (failure.value.code, failure.value.place) == (code, "wait")


def test_a_deadline_moved_by_people_is_kept():
    content = diagram(
        "main", start(), user("appeal"), boundary("late", "appeal", timer("P14D")), end(),
        end("end_late"), flows("start appeal", "appeal end", "late end_late"),
    )  # fmt: skip
    specs = specs_of(content)
    case = started(specs)
    case.set_due(case.timers[0].task_id, later(days=20))

    case = reloaded(specs, case, later(days=19))
    case.advance()

    assert open_work(case) == ["appeal"]
    assert case.timers[0].due_at == later(days=20)
    with pytest.raises(NotFound):
        case.set_due(work(case, "appeal").task_id, NOW)


EITHER = diagram(
    "main", start(), gateway("event", "eventBased"),
    catch("answer", message("result")
          + properties({"alur:correlation": "case.correlation"})),
    catch("silence", timer("P14D")), gateway("meet"), user("close"), end(),
    flows("start event", "event answer", "event silence", "answer meet", "silence meet",
          "meet close", "close end"),
    extra=messages("result"),
)  # fmt: skip


def test_a_message_is_awaited_with_its_correlation_and_lands_under_its_element():
    specs = specs_of(EITHER)
    case = reloaded(specs, started(specs, case={"correlation": "unit-1/2026"}))
    (awaited,) = case.awaited
    assert (awaited.element_id, awaited.name, awaited.correlation) == (
        "answer", "result", "unit-1/2026",
    )  # fmt: skip
    assert [found.element_id for found in case.timers] == ["silence"]

    assert case.receive("other", {}) is False
    assert case.receive("result", {"level": "above", "score": Decimal("1.5")}) is True

    case = reloaded(specs, case)
    assert case.data(work(case, "close").task_id)["answer"] == {
        "level": "above", "score": Decimal("1.5"),
    }  # fmt: skip
    assert (case.timers, case.awaited) == ((), ())
    assert case.receive("result", {}) is False


def test_a_message_received_is_recorded():
    case = started(specs_of(EITHER), case={"correlation": "a"})
    case.receive("result", {})

    assert facts(case) == [("message_received", "answer", {"name": "result"})]


def test_behind_an_event_gateway_silence_ends_the_waiting():
    specs = specs_of(EITHER)
    case = reloaded(specs, started(specs, case={"correlation": "a"}), later(days=14))
    case.advance()

    assert open_work(case) == ["close"]
    assert [(kind, element) for kind, element, _ in facts(case)] == [("timer_fired", "silence")]
    assert case.awaited == ()


def test_two_timers_behind_one_gateway_are_refused():
    content = EITHER.replace(
        b'<bpmn:messageEventDefinition messageRef="msg_result"></bpmn:messageEventDefinition>',
        timer("P1D").encode(),
    )

    with pytest.raises(InvalidDefinition, match=r"bpmn\.two_timers event"):
        specs_of(content)


@pytest.mark.parametrize("stored", [False, True])
def test_a_repeated_step_opens_after_a_deadline_that_passed_before_it(stored: bool):
    specs = specs_of(diagram(
        "main", start(), user("object"), boundary("silent", "object", timer("P3D")),
        user("approve"), user("answer", repeated(over="rows", into="answers")),
        boundary("late", "answer", timer("P10D")), end(),
        flows("start object", "object approve", "silent approve", "approve answer", "answer end",
              "late end"),
    ))  # fmt: skip
    case = reloaded(specs, started(specs, rows=[{"name": "a"}, {"name": "b"}]), later(days=4))
    case.advance()

    case = reloaded(specs, case, later(days=4)) if stored else case
    finish(case, "approve")

    assert open_work(case) == ["answer", "answer"]
