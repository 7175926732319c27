"""The inbox lists what a person may do, and nothing that separation of duties gives to others."""

from collections.abc import Callable
from functools import partial

from engine.domain.process import DefinitionId
from engine.queries.inbox import Inbox, inbox
from engine.queries.inbox_asked import Asked, Tab
from engine.queries.separations import open_among
from engine.store.database import Transaction
from tests.workflows.promises import run_until, stand_in
from tests.workflows.scenario import Scenario

Begun = Callable[[str], Scenario]


def listed(scenario: Scenario, person: str, tab: Tab = Tab.MINE) -> Inbox:
    desk, actor = scenario.office.desk, scenario.office.actor(person, scenario.now)

    def properties_of(tx: Transaction, definition_id: DefinitionId, element: str):
        return desk.definitions.get(tx, definition_id).properties_of(element)

    open_to = partial(open_among, actor=actor, properties_of=properties_of)
    with desk.store.reading(actor.agency_id) as tx:
        return inbox(tx, actor, Asked(tab=tab), scenario.now, open_to=open_to)


def elements(scenario: Scenario, person: str, tab: Tab = Tab.MINE) -> list[str]:
    return [row.element_id for row in listed(scenario, person, tab).rows]


def test_who_stands_in_for_the_appraised_person_has_none_of_his_tasks(begun: Begun) -> None:
    scenario = begun("plain")
    stand_in(scenario, scenario.subject, "auditor")

    assert elements(scenario, scenario.subject) == ["self_assessment"]
    assert elements(scenario, "auditor") == []


def test_the_rater_appraised_by_whom_he_stands_in_for_has_no_task_about_himself(
    begun: Begun,
) -> None:
    scenario = begun("plain")
    run_until(scenario, "supervisor_review")
    stand_in(scenario, "division_head", scenario.subject)

    assert elements(scenario, "division_head") == ["supervisor_review"]
    assert elements(scenario, scenario.subject) == []
    assert listed(scenario, scenario.subject).counts[Tab.MINE].number == 0


def test_who_took_part_does_not_find_the_task_that_another_has_to_do(begun: Begun) -> None:
    scenario = begun("no_authority")
    run_until(scenario, "confirm_authority")
    people = ("hr_officer", "hr_colleague")
    named = {person: elements(scenario, person, Tab.ROLES) for person in people}

    assert sorted(map(tuple, named.values())) == [(), ("confirm_authority",)]
