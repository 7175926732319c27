"""Who works part time on a contract is appraised by quarter and by year, side by side."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.commands.cycles import open_cycle
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.population import choose_population
from engine.domain.people import EmployeeId, EmployeeKind
from engine.domain.population import Filters
from engine.queries.histories import histories_of
from engine.store import appraisals, people
from engine.store.people import EmployeeRow
from tests.cases import NOW
from tests.commands.launches import PEOPLE, cases, import_plans, launch
from tests.office import Office
from tests.ready import Offices
from tests.workflows.promises import path_of
from tests.workflows.scenario import Scenario

CLERK = EmployeeId("clerk")
LOW = {
    "result_rating_decided": "below",
    "override_reason": "Dua dari tiga hasil kerja tidak selesai sampai akhir periode ini.",
    "weaknesses": "Tenggat hasil kerja utama terlewat dua kali.",
    "recommendation": "Pendampingan mingguan.",
}
QUARTER = date(2025, 10, 1), date(2025, 12, 31)


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office whose clerk is a PPPK paruh waktu, with the period of the year open."""
    office = offices.open("national")
    with office.desk.store.reading(office.agency_id) as tx:
        nip = people.employee(tx, CLERK).nip
    clerk = EmployeeRow(CLERK, nip, "Nama clerk", EmployeeKind.PPPK_PART_TIME.value)
    import_people(
        office.desk, founder(office.agency_id), people=Organisation(), changed=(clerk,), now=NOW
    )
    return office


@pytest.fixture
def quarter(office: Office) -> Office:
    """The same office in the period of the last quarter, which takes part-time contracts only."""
    hr = office.actor("hr_officer", NOW)
    cycle_id = open_cycle(
        office.desk, hr, system="national", name="Triwulan IV 2025", starts=QUARTER[0],
        ends=QUARTER[1], now=NOW,
    )  # fmt: skip
    kinds = frozenset({EmployeeKind.PPPK_PART_TIME})
    choose_population(office.desk, hr, cycle_id=cycle_id, filters=Filters(kinds=kinds), now=NOW)
    return replace(office, cycle_id=cycle_id)


def test_the_quarter_takes_who_works_part_time_and_nobody_else(quarter: Office) -> None:
    import_plans(quarter)

    launch(quarter)

    assert set(cases(quarter)) == {CLERK}


def test_the_year_takes_him_too_whatever_became_of_the_quarter(
    office: Office, quarter: Office
) -> None:
    import_plans(quarter)
    launch(quarter)
    import_plans(office)

    launch(office)

    with office.desk.store.reading(office.agency_id) as tx:
        mine = appraisals.of_employee(tx, CLERK)
        others = {p for p in PEOPLE if appraisals.of_employee(tx, p)} - {CLERK}
    assert {row.cycle_id for row in mine} == {office.cycle_id, quarter.cycle_id}
    assert "analyst" in others


def test_a_low_quarter_is_no_low_year(office: Office, quarter: Office) -> None:
    finish_low(office)
    before = low_years(office)

    finish_low(quarter)

    assert before == 1
    assert low_years(office) == 1


def finish_low(office: Office) -> None:
    """The appraisal of the analyst, ended with results below expectation."""
    path: Any = path_of("plain")
    steps = [step if "expect" not in step else {"expect": {}} for step in path["steps"]]
    for step in steps:
        if step.get("complete") == "supervisor_review":
            step["with"] = {**step["with"], **LOW}
    Scenario(office, {**path, "steps": steps}).run()


def low_years(office: Office) -> int:
    year = date(2026, 1, 1), date(2026, 12, 31)
    with office.desk.store.reading(office.agency_id) as tx:
        return histories_of(tx, [EmployeeId("analyst")], "none", *year).low[EmployeeId("analyst")]
