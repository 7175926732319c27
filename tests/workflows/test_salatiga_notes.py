"""What was written during Salatiga's year lies before those who rate and are rated at its end."""

from decimal import Decimal

import pytest

from engine.commands.recognised import recognised
from engine.domain.measured import FigureKind
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import run_between, run_until
from tests.workflows.regions import opened
from tests.workflows.scenario import Scenario, read_path
from tests.workflows.test_imported_figures import bring_in
from tests.workflows.test_national_feedback import shown


@pytest.fixture
def noted(offices: Offices) -> Scenario:
    """A year with three notes, a training and two ideas."""
    file = ROOT / "workflows/salatiga/paths/noted_all_year.json"
    return Scenario(offices.open("salatiga"), read_path(file))


def said(scenario: Scenario, element: str, person: str) -> list[str]:
    return [step for _, step, _ in shown(scenario, element, person)]


def test_the_notes_of_the_year_and_the_answers_lie_before_the_rater_and_the_employee(
    noted: Scenario,
) -> None:
    run_until(noted, "self_assessment")
    own = said(noted, "self_assessment", "clerk")
    run_between(noted, "self_assessment", "rate_indicators")
    at_the_indicators = said(noted, "rate_indicators", "division_head")
    run_between(noted, "rate_indicators", "supervisor_review")

    at_the_rating = said(noted, "supervisor_review", "division_head")

    assert [own.count("observe"), own.count("submit_idea")] == [3, 2]
    assert at_the_indicators == own
    assert at_the_rating == [s for s in own if s in ("observe", "comment_observation")]
    assert "comment_observation" in at_the_rating


def test_an_idea_that_the_rater_endorsed_is_seen_by_everybody_with_the_consent_of_its_author(
    noted: Scenario,
) -> None:
    run_until(noted, "self_assessment")
    stranger = noted.office.actor("analyst", noted.now)

    page = recognised(noted.office.desk, stranger, now=noted.now)

    (idea,) = page.rows
    ((form, values),) = idea.answers
    assert [title["id"] for title in page.titles] == ["Ide yang diakui"]
    assert (idea.person.id, form.key) == (noted.subject, "submit_idea")
    assert values["title"] == "Loket antar berkas"
    assert set(values) == {"title", "problem", "idea", "effect"}


def test_attendance_that_was_brought_in_lies_beside_discipline(noted: Scenario) -> None:
    run_until(noted, "rate_indicators")
    before = opened(noted, "rate_indicators", "division_head")

    bring_in(
        noted, FigureKind.ATTENDANCE,
        {"month": "2025-01", "duty": 21, "present": 15, "on_call": 2, "leave_sick": 4},
    )  # fmt: skip

    after = opened(noted, "rate_indicators", "division_head")
    days = ("duty_days", "present_days", "on_call_days", "leave_days")
    assert [before[name] for name in days] == [None] * 4
    assert [after[name] for name in days] == [Decimal(number) for number in (21, 15, 2, 4)]
