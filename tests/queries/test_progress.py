"""The overview of a period: who counts which files, and that the figures add up."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.appraisal import OrganisationAchievement, Predicate
from engine.domain.distribution import DistributionCheck
from engine.domain.people import EmployeeId, UnitId
from engine.errors import Forbidden, NotFound
from engine.queries.progress import Overview, overview
from engine.store import cycles
from engine.store.cycles import AchievementRow
from tests.cases import NOW, RELAY, Case
from tests.office import Office
from tests.ready import Offices

MUCH_LATER = NOW + timedelta(days=400)
# In Jayapura it is Monday already, in UTC still Sunday.
MONDAY_THERE = datetime(2026, 1, 11, 16, tzinfo=UTC)


def seen_by(
    office: Office, person: str, *, now: datetime = NOW, cycle_id: str | None = None
) -> Overview | None:
    with office.desk.store.reading(office.agency_id) as tx:
        return overview(tx, office.actor(person, now), now, "Asia/Jayapura", cycle_id=cycle_id)


def finish(case: Case, *, now: datetime = NOW) -> None:
    for element, person, answers in RELAY:
        case.complete(person, element, answers, now=now)


def test_a_file_is_finished_in_time_or_late_and_counted_once(offices: Offices) -> None:
    office = offices.open("relay")
    finish(Case.start(office, "analyst"))
    Case.start(office, "clerk")

    early, late = seen_by(office, "hr_officer"), seen_by(office, "hr_officer", now=MUCH_LATER)

    assert [(unit.finished, unit.on_time, unit.late) for unit in early.units] == [(1, 1, 0)]
    assert [(unit.finished, unit.on_time, unit.late) for unit in late.units] == [(1, 0, 1)]
    assert early.files == late.files == 2
    assert early.units[0].percent == 50


def test_weeks_begin_on_the_monday_of_the_agency(offices: Offices) -> None:
    office = offices.open("relay")
    finish(Case.start(office, "analyst"), now=MONDAY_THERE)

    weeks = seen_by(office, "hr_officer", now=MUCH_LATER).weeks

    assert [(week.monday, week.finished) for week in weeks] == [(date(2026, 1, 12), 1)]


def test_predicates_of_a_unit_stand_beside_the_guide_of_its_achievement(offices: Offices) -> None:
    office = offices.open("relay")
    case = Case.start(office, "analyst")
    finish(case)
    with office.desk.store.transaction(office.agency_id) as tx:
        row = AchievementRow(
            office.cycle_id, UnitId(case.row.unit_id), OrganisationAchievement.GOOD.value,
            EmployeeId("hr_officer"), NOW,
        )  # fmt: skip
        cycles.set_achievement(tx, row)

    (unit,) = seen_by(office, "hr_officer").predicates

    assert sum(unit.counts.values()) == 1
    assert set(unit.counts) <= set(Predicate)
    assert unit.achievement is OrganisationAchievement.GOOD
    assert unit.check is DistributionCheck.INFEASIBLE_FOR_SIZE


def test_a_rater_counts_only_the_files_that_he_rates(offices: Offices) -> None:
    office = offices.open("relay")
    Case.start(office, "analyst")
    Case.start(office, "division_head")

    seen = seen_by(office, "division_head")

    assert seen.files == 1
    assert seen_by(office, "hr_officer").files == 2


def test_who_rates_nobody_and_has_no_duty_has_no_overview(offices: Offices) -> None:
    office = offices.open("relay")
    Case.start(office, "analyst")

    with pytest.raises(Forbidden):
        seen_by(office, "analyst")


def test_a_period_without_files_of_ones_own_looks_missing(offices: Offices) -> None:
    office = offices.open("relay")
    Case.start(office, "analyst")

    with pytest.raises(NotFound):
        seen_by(office, "division_head", cycle_id="other")


def test_before_the_first_file_readers_find_nothing_to_count(offices: Offices) -> None:
    assert seen_by(offices.open("relay"), "hr_officer") is None
