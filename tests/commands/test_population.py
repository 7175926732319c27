"""HR settles what stands in the way of single people, never in a matter of his own."""

from datetime import date

import pytest

from engine.commands.population import declare_conflict, exclude_person, name_rater
from engine.domain.people import EmployeeId
from engine.domain.population import RelationKind
from engine.errors import Forbidden, InvalidForm
from tests.cases import NOW
from tests.commands.launches import cases, import_plans, launch, refused
from tests.office import Office
from tests.ready import Offices


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office of the national system where everybody has a plan."""
    made = offices.open("national")
    import_plans(made)
    return made


def name(office: Office, person: str, rater: str) -> None:
    name_rater(
        office.desk, office.actor("hr_officer", NOW), employee_id=EmployeeId(person),
        rater_id=EmployeeId(rater), dates=(date(2026, 1, 1), None), now=NOW,
    )  # fmt: skip


def test_who_had_nobody_is_rated_by_whom_hr_names(office: Office):
    name(office, "sekda", "auditor")

    done = launch(office)

    assert refused(office, done.id) == {}
    assert "sekda" in cases(office)


def test_who_is_left_out_is_not_launched(office: Office):
    exclude_person(
        office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
        employee_id=EmployeeId("clerk"), reason="RAHASIA tugas belajar", now=NOW,
    )  # fmt: skip

    launch(office)

    assert "clerk" not in cases(office)


def test_a_spouse_does_not_rate(office: Office):
    pair = EmployeeId("clerk"), EmployeeId("division_head")
    declare_conflict(
        office.desk, office.actor("hr_officer", NOW), people_ids=pair,
        kind=RelationKind.MARRIED, now=NOW,
    )  # fmt: skip

    done = launch(office)

    assert refused(office, done.id)["clerk"] == "related"
    with pytest.raises(InvalidForm, match="related"):
        name(office, "clerk", "division_head")


@pytest.mark.parametrize(("person", "rater"), [("hr_officer", "auditor"), ("clerk", "hr_officer")])
def test_nobody_names_his_own_rater_or_himself(office: Office, person: str, rater: str):
    with pytest.raises(Forbidden) as refusal:
        name(office, person, rater)

    assert refusal.value.reason == "own_case"
