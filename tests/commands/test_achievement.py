"""What an organisation achieved reaches every waiting case, and stays once results rest on it."""

import pytest

from engine.domain.appraisal import OrganisationAchievement
from engine.errors import Conflict, Forbidden
from engine.store import cycles
from tests.cases import SECRET, Case, refusals, trail
from tests.commands.contests import RATED, WORDS, set_achievement, to_be_rated
from tests.office import DIVISION, SECRETARIAT, Office
from tests.ready import Offices

POOR = OrganisationAchievement.POOR


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose cases wait for the achievement of their unit."""
    return offices.open("contest")


def level(office: Office) -> str | None:
    with office.desk.store.reading(office.agency_id) as tx:
        found = cycles.achievement(tx, office.cycle_id, DIVISION)
    return found.level if found else None


def test_every_case_of_the_unit_that_waits_goes_on_and_no_other(office: Office):
    cases = [Case.start(office, person) for person in ("analyst", "clerk", "auditor")]
    for case, person in zip(cases, ("analyst", "clerk", "auditor"), strict=True):
        case.complete(person, "report", WORDS)

    assert set_achievement(office) == 2

    assert [set(case.open) for case in cases] == [{"rate"}, {"rate"}, set()]


def test_a_case_that_comes_later_gets_what_was_set_before(office: Office):
    set_achievement(office)
    case = Case.start(office)

    case.complete("analyst", "report", WORDS)

    assert set(case.open) == {"rate"}


def test_the_reason_stands_sealed_in_the_event(office: Office):
    set_achievement(office)

    event = trail(office, f"cycle/{office.cycle_id}")[-1]
    assert event["action"] == "achievement.set"
    assert event["values"]["level"] == "good"
    assert "reason_sealed" in event["values"]
    assert SECRET not in str(event)


def test_it_may_be_corrected_while_no_result_rests_on_it(office: Office):
    to_be_rated(office)

    set_achievement(office, level=POOR)

    assert level(office) == POOR


def test_a_change_is_refused_once_a_result_rests_on_it(office: Office):
    case = to_be_rated(office)
    case.complete("division_head", "rate", RATED)

    with pytest.raises(Conflict):
        set_achievement(office, level=POOR)

    assert level(office) == OrganisationAchievement.GOOD
    assert set_achievement(office, unit=SECRETARIAT, level=POOR) == 0


@pytest.mark.parametrize("person", ["analyst", "division_head", "auditor"])
def test_only_hr_sets_it(office: Office, person: str):
    with pytest.raises(Forbidden):
        set_achievement(office, person)

    assert level(office) is None
    assert refusals(office, person) == ["missing_duty"]
