"""The inbox lists what a person may do, and nothing that separation of duties gives to others."""

from collections.abc import Callable
from functools import partial

from engine.commands.desk import Desk
from engine.commands.permissions import work_access
from engine.domain.access import can
from engine.domain.people import Actor
from engine.domain.process import DefinitionId
from engine.queries.handing_on import rows_of
from engine.queries.inbox import Inbox, inbox
from engine.queries.inbox_asked import Asked, Tab
from engine.queries.separations import DOING, open_among
from engine.store import instances
from engine.store.database import Transaction
from engine.store.work_items import WorkItemRow
from tests.workflows.promises import run_until, stand_in
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


def test_one_look_at_many_rows_says_what_the_command_says_of_each(begun: Begun) -> None:
    scenario = begun("appeal_changed")
    run_until(scenario, "appeal_decision")
    desk, open_now = scenario.office.desk, scenario._open()

    for person in sorted(PEOPLE):
        actor = scenario.office.actor(person, scenario.now)
        with desk.store.reading(actor.agency_id) as tx:
            rows = rows_of(tx, [item.id for item in open_now])
            told = open_among(tx, rows, actor=actor, properties_of=partial(_properties, desk))
            asked = {item.id for item in open_now if _may(desk, tx, actor, item)}
        assert told == asked
