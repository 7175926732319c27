"""Who looks into the case of others leaves a trace; who works on it does not."""

import pytest

from engine.commands.views import record_view
from engine.domain.access import Verb
from engine.errors import NotFound
from tests.cases import NOW, Case, trail
from tests.ready import Offices


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case of the analyst."""
    return Case.start(offices.open("window"))


def looks(case: Case, person: str) -> list[str]:
    """What the trail of the person's day says of looks into cases."""
    events = trail(case.office, f"actor/{person}/2026-01-05")
    return [event["instance"] for event in events if event["action"] == "access.viewed"]


def look(case: Case, person: str, verb: Verb = Verb.READ_CASE) -> None:
    actor = case.office.actor(person, NOW)
    record_view(case.office.desk, actor, instance_id=case.id, verb=verb, now=NOW)


@pytest.mark.parametrize("person", ["hr_officer", "auditor"])
def test_a_look_by_duty_is_noted_in_the_readers_chain(case: Case, person: str):
    look(case, person)
    look(case, person, Verb.READ_TRAIL)

    assert looks(case, person) == [case.id, case.id]


@pytest.mark.parametrize("person", ["analyst", "division_head", "department_head"])
def test_people_of_the_case_look_without_a_note(case: Case, person: str):
    look(case, person)

    assert looks(case, person) == []


def test_who_may_not_read_learns_nothing(case: Case):
    with pytest.raises(NotFound):
        look(case, "clerk")

    assert looks(case, "clerk") == []
