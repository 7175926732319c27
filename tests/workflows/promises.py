"""Ways to leave a named path: other persons, other answers, other people in the office."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.domain.people import EmployeeId
from engine.queries.cases import case_view
from engine.store import appraisals, follow_ups, results
from engine.store.appraisals import AppraisalRow
from engine.store.people import SubstitutionRow
from engine.store.results import ResultRow
from tests.office import ROOT
from tests.workflows.scenario import Scenario, overlaid, read_path


def path_of(name: str) -> Mapping[str, Any]:
    """A named path of the national system."""
    return read_path(ROOT / f"workflows/national/paths/{name}.json")


def run_until(scenario: Scenario, element: str) -> None:
    """Follow the path up to the step that hands in `element`."""
    run_between(scenario, None, element)


def run_between(scenario: Scenario, first: str | None, last: str) -> None:
    """Follow the path from the step that hands in `first` up to the one that hands in `last`."""
    steps = scenario.path["steps"]
    elements = [step.get("complete") for step in steps]
    start = 0 if first is None else elements.index(first)
    for step in steps[start : elements.index(last, start)]:
        scenario._do(step)


def run_as(
    scenario: Scenario, element: str, person: str, answers: Mapping[str, Any] | None = None
) -> None:
    """Hand in what the path says of `element`, with other answers over it, as a person."""
    told = next(s["with"] for s in scenario.path["steps"] if s.get("complete") == element)
    scenario._do({"complete": element, "as": person, "with": overlaid(told, answers or {})})


def appeal(scenario: Scenario) -> None:
    """From the answer to the result to the decision, as in the path of a changed result."""
    follower = object.__new__(Scenario)
    follower.__dict__ |= {**scenario.__dict__, "path": path_of("appeal_changed")}
    run_between(follower, "notify_ack", "rater_statement")
    rater = str(appraisal_of(scenario).rater_id)
    run_as(follower, "rater_statement", rater)
    run_as(follower, "employee_statement", "subject")


def change_people(scenario: Scenario, **rows: Any) -> None:
    """New rows of the office's people, as an import of the day."""
    office = scenario.office
    import_people(
        office.desk, founder(office.agency_id), people=Organisation(**rows), now=scenario.now
    )


def stand_in(scenario: Scenario, absent: str, substitute: str) -> None:
    """Somebody stands in for somebody in the first half of the year."""
    row = SubstitutionRow(
        f"s-{absent}", EmployeeId(absent), EmployeeId(substitute),
        date(2026, 1, 1), date(2026, 6, 30),
    )  # fmt: skip
    change_people(scenario, substitutions=(row,))


def appraisal_of(scenario: Scenario) -> AppraisalRow:
    """The figures of the case."""
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        return appraisals.get(tx, scenario.instance_id)


def versions_of(scenario: Scenario) -> tuple[ResultRow, ...]:
    """All versions of the result."""
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        return results.of_instance(tx, scenario.instance_id)


def seen_by(scenario: Scenario, person: str) -> list[int]:
    """The versions of the result that the case page shows to a person."""
    desk, actor = scenario.office.desk, scenario.office.actor(person, scenario.now)
    with desk.store.reading(actor.agency_id) as tx:
        view = case_view(
            tx, actor, scenario.instance_id, now=scenario.now,
            settings_of=lambda tx, key: desk.definitions.get(tx, key).settings,
        )  # fmt: skip
    return [row.version for row in view.results]


def stages_of(scenario: Scenario, person: str) -> list[str]:
    """How far each stage is on the case page of a person."""
    desk, actor = scenario.office.desk, scenario.office.actor(person, scenario.now)
    with desk.store.reading(actor.agency_id) as tx:
        view = case_view(
            tx, actor, scenario.instance_id, now=scenario.now,
            settings_of=lambda tx, key: desk.definitions.get(tx, key).settings,
        )  # fmt: skip
    return [step.state for step in view.steps]


def decider_of(scenario: Scenario) -> str | None:
    """Who has the appeal to decide."""
    return scenario._item("appeal_decision").assignee_id


def actions_of(scenario: Scenario) -> set[str]:
    """The follow-up actions of the case."""
    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        return {row.kind for row in follow_ups.of_instance(tx, scenario.instance_id)}
