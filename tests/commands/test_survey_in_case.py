"""What citizens said of a unit reaches the cases of its people once their survey is closed."""

from decimal import Decimal

import pytest

from engine.commands.facts import CaseFacts
from engine.domain.citizen_survey import satisfaction_index
from tests.cases import NOW, Case
from tests.office import DEPARTMENT, Office
from tests.ready import Offices
from tests.surveys import TODAY, answered, closed, opened


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


def index_of_case(office: Office) -> Decimal | None:
    case = Case.start(office)
    with office.desk.store.reading(office.agency_id) as tx:
        settings = office.desk.definitions.get(tx, case.row.definition_id).settings
        tally = CaseFacts(tx, case.row, settings, NOW, TODAY, TODAY).unit_survey()
    return satisfaction_index(tally) if tally else None


def test_a_case_meets_the_closed_survey_of_its_unit(office: Office):
    survey = opened(office)
    answered(office, survey, 5, competence=4)
    closed(office, survey)

    assert index_of_case(office) == Decimal("77.78")


def test_a_case_meets_the_survey_of_the_nearest_unit_above_that_was_asked(office: Office):
    survey = opened(office, unit_id=DEPARTMENT)
    answered(office, survey, 5)
    closed(office, survey)

    assert index_of_case(office) == Decimal("75.00")


def test_a_survey_of_the_own_unit_that_still_runs_is_not_passed_over(office: Office):
    above = opened(office, unit_id=DEPARTMENT)
    answered(office, above, 5)
    closed(office, above)
    answered(office, opened(office), 5)

    assert index_of_case(office) is None


def test_a_survey_that_still_runs_says_nothing_in_a_case(office: Office):
    answered(office, opened(office), 5)

    assert index_of_case(office) is None
