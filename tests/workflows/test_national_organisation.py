"""Process D of the national system: what a unit achieved is proposed, advised on and decided."""

import pytest

from engine.domain.people import UnitFunction
from engine.errors import Forbidden
from engine.jobs.kept_messages import deliver_kept_messages
from engine.store import cycles
from tests.cases import problems
from tests.office import DIVISION, Office
from tests.ready import Offices
from tests.workflows.promises import path_of, run_as, run_until
from tests.workflows.regions import opened, refused
from tests.workflows.scenario import Scenario


def begun_proposal(office: Office, name: str = "organisation_advised") -> Scenario:
    """The proposal about the unit of the division head, his appraisal running beside it."""
    scenario = Scenario(office, path_of(name))
    for step in scenario.path["steps"]:
        if "begin" in step:
            scenario._open_beside(step["begin"], step["as"])
            scenario.instance_id = scenario.beside.pop()
            scenario.path = {**scenario.path, "steps": step["steps"]}
        else:
            scenario._do(step)
    return scenario


def level_of(office: Office) -> tuple[str, str] | None:
    """What is set for the unit, and by whom."""
    with office.desk.store.reading(office.agency_id) as tx:
        row = cycles.achievement(tx, office.cycle_id, DIVISION)
    return (row.level, row.decided_by) if row else None


def test_the_leader_above_decides_after_both_have_advised(offices: Offices) -> None:
    scenario = begun_proposal(offices.open("national"))
    office = scenario.office

    run_until(scenario, "decide_achievement")
    before = level_of(office)
    seen = opened(scenario, "decide_achievement", "department_head")
    run_as(scenario, "decide_achievement", "department_head")

    assert (before, seen["proposed"]) == (None, "good")
    assert level_of(office) == ("exceptional", "department_head")
    assert problems(office) == []


def test_cases_of_the_unit_that_wait_for_it_go_on(offices: Offices) -> None:
    office = offices.open("national")
    waiting = Scenario(office, path_of("plain"))
    run_until(waiting, "supervisor_review")
    run_as(waiting, "supervisor_review", "rater")
    before = waiting._open()
    proposal = begun_proposal(office)

    proposal.run()
    deliver_kept_messages(office.desk, office.agency_id, now=proposal.now)

    assert before == ()
    assert [item.element_id for item in waiting._open()] == ["discussion_record"]


def test_advice_that_does_not_come_stops_nothing(offices: Offices) -> None:
    scenario = begun_proposal(offices.open("national"))

    run_as(scenario, "propose_achievement", "official")
    scenario._do({"advance": "P10D"})

    assert [item.element_id for item in scenario._open()] == ["decide_achievement"]


def test_once_results_rest_on_an_earlier_achievement_it_stays(offices: Offices) -> None:
    scenario = begun_proposal(offices.open("national"), "organisation_fixed")

    scenario.run()

    assert level_of(scenario.office) == ("good", "hr_officer")


def test_the_head_of_the_unit_reads_it_and_decides_nothing(offices: Offices) -> None:
    office = offices.open("national")
    scenario = begun_proposal(office)
    run_until(scenario, "decide_achievement")

    assert scenario._item("decide_achievement").assignee_id == "department_head"
    with pytest.raises(Forbidden):
        run_as(scenario, "decide_achievement", "division_head")


def test_only_planning_and_hr_open_it_and_only_about_who_heads_a_unit(offices: Offices) -> None:
    office = offices.open("national")
    scenario = Scenario(office, path_of("organisation_advised"))

    for person in ("department_head", "clerk", "division_head"):
        with pytest.raises(Forbidden):
            scenario._open_beside("nat_organisation", person)
    scenario._open_beside("nat_organisation", "official")
    scenario.subject = "clerk"
    with pytest.raises(Forbidden):
        scenario._open_beside("nat_organisation", "hr")


def test_the_steps_go_to_planning_inspectorate_and_hr(offices: Offices) -> None:
    scenario = begun_proposal(offices.open("national"))
    proposed = scenario._item("propose_achievement").function
    run_as(scenario, "propose_achievement", "official")

    advised = {item.element_id: item.function for item in scenario._open()}

    assert proposed == UnitFunction.PLANNING
    assert advised == {
        "advise_inspectorate": UnitFunction.INSPECTORATE, "advise_hr": UnitFunction.HR,
    }  # fmt: skip


def test_another_view_names_its_level_and_reasons() -> None:
    found = refused("national", "advise_achievement", {"view": "differs"}, "inspectorate")

    assert set(found) == {"level", "reasons"}
    assert refused("national", "advise_achievement", {"view": "agrees"}, "inspectorate") == {}


@pytest.mark.parametrize(("letters", "is_enough"), [(19, False), (20, True)])
def test_a_decision_about_a_unit_has_reasons(letters: int, is_enough: bool) -> None:
    said = {"level": "poor", "reasons": "x" * letters}

    assert ("reasons" not in refused("national", "decide_achievement", said)) is is_enough
