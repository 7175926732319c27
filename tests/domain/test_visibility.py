"""Who may read which answer of a case (PP 30/2019: nobody appeals blind, nobody is judged by
what he cannot see, and what is being decided stays with those who decide it)."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.access import CaseAccess
from engine.domain.people import Actor, AgencyId, Duty, EmployeeId, UnitFunction, UnitId
from engine.domain.visibility import Answer, Told, may_read_answer

AGENCY, T0 = AgencyId("kab"), datetime(2026, 2, 1, tzinfo=UTC)
CASE = CaseAccess(
    AGENCY, EmployeeId("subject"), UnitId("unit"), EmployeeId("rater"), EmployeeId("superior")
)
NOTHING_TOLD = Told(None, False, False)
DELIVERED = Told(T0 + timedelta(days=9), True, False)
APPEALED = Told(T0 + timedelta(days=9), True, True, frozenset({EmployeeId("judge")}))


def actor(name: str, function: UnitFunction | None = None) -> Actor:
    duties = frozenset({Duty(function, None)}) if function else frozenset()
    return Actor(AGENCY, EmployeeId(name), duties)


def answer(author: str, *, role: str = "rater", day: int = 1, of_appeal: bool = False) -> Answer:
    return Answer(EmployeeId(author), role, T0 + timedelta(days=day), of_appeal)


HR = actor("hr", UnitFunction.HR)
AUDITOR = actor("auditor", UnitFunction.AUDITOR)


@pytest.mark.parametrize(
    ("reader", "found", "told", "may"),
    [
        (actor("subject"), answer("rater"), NOTHING_TOLD, False),
        (actor("subject"), answer("subject"), NOTHING_TOLD, True),
        (actor("subject"), answer("rater"), DELIVERED, True),
        (actor("subject"), answer("rater"), APPEALED, True),
        (actor("subject"), answer("rater", day=10), APPEALED, False),
        (actor("subject"), answer("rater", day=10, of_appeal=True), APPEALED, False),
        (actor("subject"), answer("superior", day=20, of_appeal=True), DELIVERED, True),
        (actor("rater"), answer("subject"), NOTHING_TOLD, True),
        (actor("rater"), answer("subject", of_appeal=True), APPEALED, False),
        (actor("rater"), answer("rater", of_appeal=True), APPEALED, True),
        (actor("rater"), answer("subject", of_appeal=True), DELIVERED, False),
        (actor("rater"), answer("superior", of_appeal=True), APPEALED, False),
        (actor("rater"), answer("superior", of_appeal=True), DELIVERED, True),
        (actor("superior"), answer("subject", of_appeal=True), APPEALED, True),
        (actor("judge"), answer("subject", of_appeal=True), APPEALED, True),
        (actor("clerk"), answer("subject", of_appeal=True), APPEALED, False),
        (HR, answer("rater"), NOTHING_TOLD, True),
        (HR, answer("subject", of_appeal=True), APPEALED, False),
        (AUDITOR, answer("subject", of_appeal=True), APPEALED, True),
        (AUDITOR, answer("peer", role="peer"), DELIVERED, False),
        (actor("rater"), answer("peer", role="peer"), DELIVERED, False),
        (actor("subject"), answer("peer", role="peer"), DELIVERED, False),
        (actor("peer"), answer("peer", role="peer"), NOTHING_TOLD, True),
    ],
)
def test_each_reader_reads_what_is_his_to_read(
    reader: Actor, found: Answer, told: Told, may: bool
) -> None:
    assert may_read_answer(reader, CASE, found, told) is may


def test_the_subject_who_stands_in_for_his_rater_stays_the_subject() -> None:
    substitute = Actor(
        AGENCY, EmployeeId("subject"), substitutes_for=frozenset({EmployeeId("rater")})
    )

    assert may_read_answer(substitute, CASE, answer("superior"), NOTHING_TOLD) is False
