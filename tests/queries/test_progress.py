"""The overview of a period: who counts which files, and that the figures add up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.appraisal import OrganisationAchievement
from engine.domain.distribution import DistributionCheck
from engine.domain.people import Duty, EmployeeId, UnitFunction
from engine.domain.suppression import Shown
from engine.errors import Forbidden, NotFound
from engine.queries.progress import Overview, overview
from engine.store import cycles
from engine.store.cycles import AchievementRow
from tests.cases import NOW, RELAY, Case
from tests.office import DEPARTMENT, DIVISION, SECRETARIAT, Office
from tests.queries.test_fairness import FEW, GOOD, STRICT, VERY_GOOD, page_of, rated
from tests.rated import Rated, add_rated
from tests.ready import Offices

MUCH_LATER = NOW + timedelta(days=400)
# In Jayapura it is Monday already, in UTC still Sunday.
MONDAY_THERE = datetime(2026, 1, 11, 16, tzinfo=UTC)


def seen_by(
    office: Office,
    person: str,
    *,
    now: datetime = NOW,
    cycle_id: str | None = None,
    duties: frozenset[Duty] = frozenset(),
) -> Overview | None:
    actor = office.actor(person, now)
    actor = replace(actor, duties=duties or actor.duties)
    with office.desk.store.reading(office.agency_id) as tx:
        return overview(
            tx, actor, now, "Asia/Jayapura", cycle_id=cycle_id,
            settings_of=lambda tx, key: office.desk.definitions.get(tx, key).settings,
        )  # fmt: skip


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
    people = [Rated(f"d{n}", DIVISION, STRICT, GOOD if n < 7 else VERY_GOOD) for n in range(12)]
    add_rated(office.desk.store, office.agency_id, office.cycle_id, people)
    with office.desk.store.transaction(office.agency_id) as tx:
        row = AchievementRow(
            office.cycle_id, DIVISION, OrganisationAchievement.GOOD.value,
            EmployeeId("hr_officer"), NOW,
        )  # fmt: skip
        cycles.set_achievement(tx, row)

    (unit,) = seen_by(office, "hr_officer").predicates

    assert unit.shown.total == 12
    assert unit.achievement is OrganisationAchievement.GOOD
    assert unit.check is DistributionCheck.OUTSIDE


def test_hr_sees_of_predicates_what_the_page_of_patterns_shows(offices: Offices) -> None:
    office = rated(offices)

    seen, shown = seen_by(office, "hr_officer"), page_of(office).tables

    assert [(unit.unit_id, unit.shown) for unit in seen.predicates] == [
        (line.unit_id, line.shown) for line in shown.units
    ]
    assert seen.all_predicates == shown.whole
    assert seen.is_hiding


def test_who_serves_one_unit_sees_of_it_what_who_serves_all_sees(offices: Offices) -> None:
    office = rated(offices)
    every = {unit.unit_id: unit for unit in seen_by(office, "hr_officer").predicates}

    for unit in (DIVISION, DEPARTMENT, SECRETARIAT):
        duties = frozenset({Duty(UnitFunction.TEAM, unit)})
        seen = seen_by(office, "analyst", duties=duties)

        assert seen.predicates == (every[unit],)
        assert seen.all_predicates == every[unit].shown


def test_a_rater_counts_the_predicates_of_his_own_people_exactly(offices: Offices) -> None:
    office = rated(offices)

    seen = seen_by(office, FEW)

    assert [unit.shown for unit in seen.predicates] == [Shown((0, 3, 0, 0, 0), 3)]
    assert not seen.is_hiding


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
