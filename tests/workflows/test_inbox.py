"""The inbox lists what a person may do, and nothing that separation of duties gives to others."""

from collections.abc import Callable
from functools import partial

import pytest

from engine.commands.beside import open_beside
from engine.commands.desk import Desk
from engine.commands.permissions import work_access
from engine.domain.access import can
from engine.domain.people import Actor, EmployeeId
from engine.domain.process import DefinitionId
from engine.errors import Forbidden
from engine.queries.inbox import Inbox, inbox, open_items
from engine.queries.inbox_asked import Asked, Tab
from engine.queries.separations import DOING, open_among
from engine.store import instances, work_items
from engine.store.database import Transaction
from engine.store.work_items import WorkItemRow
from tests.office import Office
from tests.ready import Offices
from tests.workflows.promises import path_of, run_as, run_until, stand_in
from tests.workflows.scenario import PEOPLE, Scenario

Begun = Callable[[str], Scenario]


def listed(scenario: Scenario, person: str, tab: Tab = Tab.MINE) -> Inbox:
    desk, actor = scenario.office.desk, scenario.office.actor(person, scenario.now)

    def properties_of(tx: Transaction, definition_id: DefinitionId, element: str):
        return desk.definitions.get(tx, definition_id).properties_of(element)

    open_to = partial(open_among, actor=actor, properties_of=properties_of)
    with desk.store.reading(actor.agency_id) as tx:
        return inbox(tx, actor, Asked(tab=tab), scenario.now, open_to=open_to)


def _properties(desk: Desk, tx: Transaction, definition_id: DefinitionId, element: str):
    return desk.definitions.get(tx, definition_id).properties_of(element)


def _may(desk: Desk, tx: Transaction, actor: Actor, item: WorkItemRow) -> bool:
    row = instances.get(tx, item.instance_id)
    properties = _properties(desk, tx, row.definition_id, item.element_id)
    access = work_access(tx, row, item, properties)
    return any(can(actor, verb, access) for verb in DOING)


def elements(scenario: Scenario, person: str, tab: Tab = Tab.MINE) -> list[str]:
    return [row.element_id for row in listed(scenario, person, tab).rows]


def differing(scenario: Scenario) -> list[tuple[str, str]]:
    """Who is offered an open step that would refuse him, or is not offered one that would not."""
    desk, found = scenario.office.desk, []
    for person in sorted(PEOPLE):
        actor = scenario.office.actor(person, scenario.now)
        only = partial(open_among, actor=actor, properties_of=partial(_properties, desk))
        with desk.store.reading(actor.agency_id) as tx:
            told = {row.item_id for row in open_items(tx, actor, open_to=only)}
            found += [
                (person, item.element_id)
                for item in work_items.of_instance(tx, scenario.instance_id)
                if item.state == "open" and _may(desk, tx, actor, item) != (item.id in told)
            ]
    return found


def mediated_by_hr(office: Office) -> Scenario:
    """Nobody stands above the rater, so HR decided the plan and is to name who hears the appeal."""
    scenario = Scenario(office, path_of("no_authority"))
    planning = path_of("planning_mediated")["steps"]
    main, (begin,) = scenario.path, [step for step in planning if "begin" in step]
    scenario.path = {"steps": begin["steps"]}
    beside = open_beside(
        office.desk, scenario._actor(scenario.subject), cycle_id=office.cycle_id,
        subject_id=EmployeeId(scenario.subject), process_id=begin["begin"], now=scenario.now,
    )  # fmt: skip
    scenario.instance_id, of_main = beside, scenario.instance_id
    run_until(scenario, "skp_mediate")
    run_as(scenario, "skp_mediate", "hr_officer")
    scenario.path, scenario.instance_id = main, of_main
    run_until(scenario, "name_authority")
    return scenario


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


def test_who_mediated_beside_the_case_does_not_find_what_the_step_would_refuse(
    offices: Offices,
) -> None:
    scenario = mediated_by_hr(offices.open("national"))

    assert elements(scenario, "hr_officer", Tab.ROLES) == []
    assert elements(scenario, "hr_colleague", Tab.ROLES) == ["name_authority"]
    assert listed(scenario, "hr_officer").counts[Tab.ROLES].number == 0
    with pytest.raises(Forbidden):
        run_as(scenario, "name_authority", "hr_officer")


def test_who_is_named_does_not_find_the_confirmation_of_it(begun: Begun) -> None:
    scenario = begun("no_authority")
    run_until(scenario, "name_authority")
    run_as(scenario, "name_authority", "hr_officer", {"nip": "$nip.hr_colleague"})

    assert elements(scenario, "hr_colleague", Tab.ROLES) == []
    assert listed(scenario, "hr_colleague").counts[Tab.ROLES].number == 0
    assert differing(scenario) == []


@pytest.mark.parametrize(
    "path", ["appeal_changed", "authority_conflict", "no_authority", "takeover", "unit_head"]
)
def test_at_every_turn_the_list_offers_everybody_what_the_step_would_take(
    begun: Begun, path: str
) -> None:
    scenario = begun(path)
    stand_in(scenario, "department_head", "division_head")
    stand_in(scenario, "division_head", "hr_colleague")

    for step in scenario.path["steps"]:
        assert differing(scenario) == []
        scenario._do(step)
