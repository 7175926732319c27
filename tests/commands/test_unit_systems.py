"""Units have an appraisal system: launches, single starts and early plans keep to it."""

from datetime import UTC, datetime

import pytest

from engine.commands.cycles import start_appraisal
from engine.commands.early import early_offers
from engine.commands.organisation_units import assign_system
from engine.domain.people import EmployeeId, UnitId
from engine.errors import InvalidForm, OtherSystem, StaleVersion
from engine.store import organisation
from tests.cases import NOW
from tests.commands.launches import PEOPLE, cases, import_plans, launch
from tests.office import DEPARTMENT, DIVISION, SECRETARIAT, Office
from tests.queries.test_population import seen
from tests.ready import Offices, store_system

IN_JANUARY = datetime(2025, 1, 6, 2, tzinfo=UTC)
OF_DIVISION = {"division_head", "analyst", "clerk"}


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office with a national period and a second system published."""
    made = offices.open("national")
    import_plans(made)
    store_system(made.desk, made.actor("hr_officer", NOW), system="gayungan", now=NOW)
    return made


def assign(office: Office, unit: UnitId, system: str | None, version: int | None = None) -> None:
    assign_system(
        office.desk, office.actor("hr_officer", NOW), unit_id=unit, system=system, now=NOW,
        expected_version=version,
    )  # fmt: skip


def test_a_launch_takes_the_people_of_its_own_system_only(office: Office) -> None:
    assign(office, SECRETARIAT, "national")
    assign(office, DEPARTMENT, "national")
    assign(office, DIVISION, "gayungan")

    launch(office)

    assert set(cases(office)) == set(PEOPLE) - OF_DIVISION - {"sekda"}


def test_the_preview_counts_whom_other_systems_have_and_whom_none_has(office: Office) -> None:
    assign(office, SECRETARIAT, "national")
    assign(office, DIVISION, "gayungan")

    members, told = seen(office)

    assert set(members) == {"sekda", "assistant", "hr_officer", "hr_colleague", "auditor"}
    assert told.members == len(members)


def test_as_long_as_no_unit_is_assigned_everybody_is_taken(office: Office) -> None:
    members, _ = seen(office)

    assert set(members) == set(PEOPLE)


def test_a_single_start_in_another_system_is_refused(office: Office) -> None:
    assign(office, DIVISION, "gayungan")

    with pytest.raises(OtherSystem) as refused:
        start_appraisal(
            office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
            employee_id=EmployeeId("clerk"), now=NOW,
        )  # fmt: skip

    assert (refused.value.expected, refused.value.found) == ("national", "gayungan")
    assert "clerk" not in cases(office)


def test_the_plan_of_another_system_is_not_offered(office: Office) -> None:
    def offered(person: str) -> list[str]:
        with office.desk.store.reading(office.agency_id) as tx:
            found = early_offers(office.desk, tx, office.actor(person, IN_JANUARY), now=IN_JANUARY)
        return [offer.beside.process_id for offer in found]

    assign(office, SECRETARIAT, "national")
    before = offered("auditor")
    assign(office, SECRETARIAT, "gayungan")

    assert "nat_planning" in before
    assert offered("auditor") == []


def test_only_a_published_system_is_assigned_and_nothing_over_a_newer_change(
    office: Office,
) -> None:
    with pytest.raises(InvalidForm, match=r"organisation\.system"):
        assign(office, DIVISION, "walesi")
    assign(office, DIVISION, "gayungan", version=1)

    with pytest.raises(StaleVersion):
        assign(office, DIVISION, None, version=1)

    with office.desk.store.reading(office.agency_id) as tx:
        unit = organisation.unit(tx, DIVISION)
        assert (unit.system, unit.version) == ("gayungan", 2)
        kept = organisation.changes_of(tx, DIVISION)
        assert [(row.field, row.was, row.became) for row in kept] == [("system", None, "gayungan")]
