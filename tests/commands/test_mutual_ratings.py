"""Colleagues who rate each other very high: that it is so may be told, never who they are."""

from decimal import Decimal

import pytest

from engine.commands.complete import complete_work_item
from engine.commands.heard import is_mutual
from engine.domain.confidence import is_high
from engine.domain.people import EmployeeId
from engine.store import instances, work_items
from tests.cases import Case
from tests.commands.test_confidence import LATER
from tests.office import Office
from tests.ready import Offices

QUESTIONS = ("helps", "listens", "shares")
BORDER = Decimal("4.8")


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cases ask colleagues in confidence."""
    return offices.open("chorus")


def spoken(office: Office, subject: str, **said: str) -> Case:
    """A case in which each of these peers gave the same rating to every question."""
    case = Case.start(office, subject)
    rater = "division_head"
    case.complete(rater, "name_peers", {"rows": [{"employee_id": peer} for peer in said]})
    with office.desk.store.reading(office.agency_id) as tx:
        asked = {item.assignee_id: item for item in work_items.of_instance(tx, case.id)}
    for peer, rating in said.items():
        answers = {
            **dict.fromkeys(QUESTIONS, rating),
            "strength": "Tekun dan selalu menolong rekan.",
        }
        complete_work_item(
            office.desk, office.actor(peer, LATER), item_id=asked[EmployeeId(peer)].id,
            answers=answers, now=LATER,
        )  # fmt: skip
    return case


def found(office: Office, case: Case) -> bool:
    with office.desk.store.reading(office.agency_id) as tx:
        return is_mutual(
            tx, instances.get(tx, case.id), "voice", lambda words: is_high(words, QUESTIONS, BORDER)
        )


def test_two_who_rate_each_other_five_are_found_from_either_side(office: Office):
    analyst = spoken(office, "analyst", clerk="5", auditor="3", assistant="4")
    clerk = spoken(office, "clerk", analyst="5", auditor="3", assistant="4")

    assert found(office, analyst)
    assert found(office, clerk)


@pytest.mark.parametrize(("back", "other"), [("4", "5"), ("3", "3")])
def test_praise_that_is_not_returned_by_the_same_person_is_none(office, back: str, other: str):
    analyst = spoken(office, "analyst", clerk="5", auditor="3", assistant="4")
    spoken(office, "clerk", analyst=back, auditor=other, assistant="4")

    assert not found(office, analyst)


def test_who_is_not_appraised_himself_returns_nothing(office: Office):
    assert not found(office, spoken(office, "analyst", clerk="5", auditor="5", assistant="5"))


def test_the_border_itself_is_high():
    assert is_high({"a": 5, "b": "5", "c": 4}, ("a", "b", "c"), Decimal("4.66"))
    assert is_high({"a": 5}, ("a",), Decimal(5))
    assert not is_high({"a": 0}, ("a",), Decimal(1))
