"""A substitute acts in somebody's name: both persons stand in the trail, both are bound."""

from datetime import date

import pytest

from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.domain.people import EmployeeId
from engine.errors import Forbidden
from engine.store import submissions
from engine.store.people import SubstitutionRow
from tests.cases import NOW, Case, refusals
from tests.commands.contests import RATED, WORDS, to_be_rated
from tests.office import Office
from tests.ready import Offices


@pytest.fixture
def case(offices: Offices) -> Case:
    """A case that waits for its rater, the head of the division."""
    return to_be_rated(offices.open("contest"))


def let_substitute(
    office: Office, substitute: str, absent: str = "division_head", *, until: date | None = None
) -> None:
    """From the beginning of January somebody stands in for somebody."""
    row = SubstitutionRow(
        f"s-{substitute}", EmployeeId(absent), EmployeeId(substitute),
        date(2026, 1, 1), until or date(2026, 1, 31),
    )  # fmt: skip
    import_people(
        office.desk, founder(office.agency_id), people=Organisation(substitutions=(row,)), now=NOW
    )


def test_the_event_and_the_submission_name_both_persons(case: Case):
    let_substitute(case.office, "clerk")

    case.complete("clerk", "rate", RATED)

    event = [e for e in case.events if e["action"] == "work.completed"][-1]
    assert (event["actor"], event["on_behalf_of"]) == ("clerk", "division_head")
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        kept = submissions.of_instance(tx, case.id)[-1]
    assert (kept.actor_id, kept.on_behalf_of) == ("clerk", "division_head")


def test_the_appraised_person_never_substitutes_in_the_own_case(case: Case):
    let_substitute(case.office, "analyst")

    with pytest.raises(Forbidden) as refused:
        case.complete("analyst", "rate", RATED)

    assert refused.value.reason == "own_case"
    assert refusals(case.office, "analyst") == ["own_case"]


def test_who_rated_in_the_name_of_another_does_not_hear_the_appeal(case: Case):
    let_substitute(case.office, "department_head")
    case.complete("department_head", "rate", RATED)

    with pytest.raises(Forbidden) as refused:
        case.complete("department_head", "decide", WORDS)

    assert refused.value.reason == "took_part"


def test_nobody_hears_the_appeal_in_the_name_of_who_took_part(case: Case):
    case.complete("division_head", "rate", RATED)
    let_substitute(case.office, "division_head", absent="department_head")

    with pytest.raises(Forbidden) as refused:
        case.complete("division_head", "decide", WORDS)

    assert refused.value.reason == "took_part"


def test_a_substitution_that_has_ended_gives_no_right(case: Case):
    let_substitute(case.office, "clerk", until=date(2026, 1, 4))

    with pytest.raises(Forbidden):
        case.complete("clerk", "rate", RATED)
