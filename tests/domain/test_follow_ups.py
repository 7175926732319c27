"""What `[follow_ups]` and `[recap]` may say, and what they mean."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.follow_ups import FollowUpStep, follow_ups_of
from engine.domain.monthly_recap import FigureSource, Month, RecapFigure, Take, recap_of, seal_of

PLAIN = {"title": "Pelatihan", "owner": "hr", "days": 30}
ROLES = {"hr": {}, "rater": {}}
DONE, PLAN, NOTE = FollowUpStep.DONE, FollowUpStep.PLAN, FollowUpStep.CHECKPOINT


def kind(**more: object):
    return follow_ups_of({"follow_ups": {"training": {**PLAIN, **more}}}, ROLES)["training"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": -1}, {"days": 731}, {"days": "30"}, {"owner": "nobody"}, {"colour": "red"},
        {"checkpoint": "note-schema.json"}, {"checkpoints": 3}, {"checkpoints": 25},
    ],
)  # fmt: skip
def test_a_kind_that_nobody_could_do_is_refused(wrong: Mapping[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        kind(**wrong)


def test_steps_come_in_their_order() -> None:
    plan = kind(plan="plan-schema.json", checkpoint="note-schema.json", checkpoints=2)

    steps = [
        plan.next_step(taken) for taken in ({}, {PLAN: 1}, {PLAN: 1, NOTE: 1}, {PLAN: 1, NOTE: 2})
    ]

    assert steps == [PLAN, NOTE, NOTE, DONE]
    assert kind().next_step({}) is DONE
    assert plan.due_on(date(2026, 1, 5)) == date(2026, 2, 4)


def test_only_the_answers_that_mean_failure_are_one() -> None:
    judged = kind(failed={"verdict": "not_met"})

    assert judged.has_failed({"verdict": "not_met"})
    assert not judged.has_failed({"verdict": "met"})
    assert not kind().has_failed({"verdict": "not_met"})


@pytest.mark.parametrize(
    ("take", "figure"), [("count", 3), ("above_zero", 2), ("sum", 5), ("last", 4)]
)
def test_a_figure_is_made_of_the_records_of_a_month(take: str, figure: int) -> None:
    known = RecapFigure("late", {}, FigureSource.RECORD, take=Take(take), otherwise=Decimal(9))

    assert known.of([Decimal(1), Decimal(0), Decimal(4)]) == figure
    assert known.of([]) == 9


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "record", "title": "Terlambat"}, {"source": "guess", "title": "Terlambat"},
        {"source": "attendance"}, {"source": "attendance", "title": "x", "take": "most"},
    ],
)  # fmt: skip
def test_a_figure_without_a_source_is_refused(wrong: Mapping[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        recap_of({"recap": {"table": "monthly_recap", "figures": {"late": wrong}}})


def test_a_system_without_a_recap_tells_payroll_nothing() -> None:
    assert recap_of({}) is None


@pytest.mark.parametrize(
    ("code", "last"), [("2026-02", "2026-02-28"), ("2024-02", "2024-02-29"),
                       ("2026-12", "2026-12-31")],
)  # fmt: skip
def test_a_month_ends_on_its_last_day(code: str, last: str) -> None:
    assert Month.of(code).last.isoformat() == last
    assert Month.of("2026-01").before == Month.of("2025-12")


def test_the_seal_of_a_month_knows_every_line_and_no_order() -> None:
    lines = [("a", '{"x":1}'), ("b", "{}")]

    assert seal_of(lines) == seal_of(lines[::-1])
    assert len({seal_of(lines), seal_of(lines[:1]), seal_of([("a", "{}"), ("b", "{}")])}) == 3
