"""Whom a launch takes, what stands in the way, and how much work it makes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.commands.foresight import foreseen
from engine.commands.population import declare_conflict, exclude_person, name_rater
from engine.domain.people import AgencyId, EmployeeId, EmployeeKind, PositionId, UnitId
from engine.domain.population import ConflictKind, Filters, PostKind, RelationKind
from engine.errors import NotFound
from engine.queries.cycle_views import cycle_head
from engine.queries.forecast import Forecast
from engine.queries.population import Member
from engine.store import cycles, people
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow
from tests.cases import NOW, Case
from tests.commands.launches import PEOPLE, import_plans
from tests.office import DEPARTMENT, DIVISION, SECRETARIAT, SINCE, Office
from tests.ready import Offices

TWO_RATERS, TWO_POSTS = ConflictKind.TWO_RATERS, ConflictKind.TWO_POSTS


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office of the national system where everybody has a plan."""
    made = offices.open("national")
    import_plans(made)
    return made


def seen(office: Office, filters: Filters | None = None) -> tuple[dict[str, Member], Forecast]:
    with office.desk.store.reading(office.agency_id) as tx:
        cycle = cycles.get(tx, office.cycle_id)
        found, told = foreseen(office.desk, tx, cycle, filters or Filters(), now=NOW)
    return {member.employee_id: member for member in found.members}, told


def add(office: Office, *rows: object) -> None:
    with office.desk.store.transaction(office.agency_id) as tx:
        for row in rows:
            people.add(tx, [row])


def post(person: str, position: str, unit: UnitId, *, kind: str = "definitive") -> AssignmentRow:
    key = f"a-{person}-{position}"
    return AssignmentRow(key, EmployeeId(person), PositionId(position), unit, kind, SINCE)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), set(PEOPLE)),
        (Filters(units=frozenset({DIVISION})), {"division_head", "analyst", "clerk"}),
        (
            Filters(units=frozenset({DEPARTMENT})),
            {"department_head", "division_head", "analyst", "clerk"},
        ),
        (Filters(posts=frozenset({PostKind.FUNCTIONAL})), {"analyst"}),
        (
            Filters(units=frozenset({SECRETARIAT}), posts=frozenset({PostKind.HEAD})),
            {"sekda"},
        ),
        (Filters(kinds=frozenset({EmployeeKind.PPPK})), set()),
    ],
)
def test_the_chosen_are_taken_and_nobody_else(
    office: Office, filters: Filters, expected: set[str]
) -> None:
    members, told = seen(office, filters)

    assert set(members) == expected
    assert told.members == len(expected)


def test_who_has_a_case_or_is_left_out_or_has_left_is_not_counted(office: Office) -> None:
    Case.start(office, "analyst")
    exclude_person(
        office.desk, office.actor("hr_officer", NOW), cycle_id=office.cycle_id,
        employee_id=EmployeeId("clerk"), reason="x", now=NOW,
    )  # fmt: skip
    add(office, EmployeeRow(EmployeeId("gone"), "1", "Pergi", "pns", active=False))

    members, _ = seen(office)

    assert set(PEOPLE) - set(members) == {"analyst", "clerk"}
    assert set(members) <= set(PEOPLE)


def test_every_obstacle_is_found_and_the_sums_add_up(office: Office) -> None:
    add(
        office,
        EmployeeRow(EmployeeId("lost"), "2", "Tanpa Jabatan", "pns"),
        PositionRow(PositionId("second"), SECRETARIAT, "Kedua", PositionId("assistant")),
        post("clerk", "second", SECRETARIAT),
    )
    declare_conflict(
        office.desk, office.actor("hr_officer", NOW), kind=RelationKind.MARRIED, now=NOW,
        people_ids=(EmployeeId("analyst"), EmployeeId("division_head")),
    )  # fmt: skip

    members, told = seen(office)

    assert set(members["sekda"].conflicts) == {ConflictKind.NO_RATER}
    assert set(members["analyst"].conflicts) == {ConflictKind.RELATED}
    assert set(members["lost"].conflicts) == {ConflictKind.NO_UNIT}
    assert set(members["clerk"].conflicts) == {TWO_POSTS, TWO_RATERS}
    assert members["clerk"].possible_raters == ("division_head", "assistant")
    assert dict(told.conflicts) == {
        ConflictKind.NO_UNIT: 1, ConflictKind.NO_RATER: 1, ConflictKind.RELATED: 1,
        TWO_POSTS: 1, TWO_RATERS: 1,
    }  # fmt: skip
    assert told.members == len(PEOPLE) + 1
    assert told.starting == told.members - 3


def test_two_who_hold_the_post_above_in_the_same_way_are_two_possible_raters(
    office: Office,
) -> None:
    add(office, post("auditor", "division_head", DIVISION))

    members, _ = seen(office)

    assert TWO_RATERS in members["clerk"].conflicts
    assert set(members["clerk"].possible_raters) == {"division_head", "auditor"}


def test_an_acting_official_beside_the_holder_is_no_second_rater(office: Office) -> None:
    add(office, post("auditor", "division_head", DIVISION, kind="acting_daily"))

    members, _ = seen(office)

    assert members["clerk"].conflicts == ()
    assert members["clerk"].raters[0] == "auditor"


def test_whom_hr_names_settles_two_raters(office: Office) -> None:
    add(office, post("auditor", "division_head", DIVISION))
    name_rater(
        office.desk, office.actor("hr_officer", NOW), employee_id=EmployeeId("clerk"),
        rater_id=EmployeeId("auditor"), dates=(date(2026, 1, 1), None), now=NOW,
    )  # fmt: skip

    members, _ = seen(office)

    assert members["clerk"].conflicts == ()


def test_the_work_of_everybody_above_adds_up_and_ends_with_the_last_deadline(
    office: Office,
) -> None:
    members, told = seen(office)

    starting = [m for m in members.values() if ConflictKind.NO_RATER not in m.conflicts]
    by_person = {load.employee_id: load for load in told.loads}
    assert sum(load.rates for load in told.loads) == told.starting == len(starting)
    assert sum(load.oversees for load in told.loads) == sum(bool(m.raters[1]) for m in starting)
    # Rating, dialogue, reply to a request and signature; one statement more in an appeal.
    assert by_person["division_head"].steps == 4 * by_person["division_head"].rates
    assert by_person["division_head"].most == 5 * by_person["division_head"].rates
    # Who is only the superior of a rater has work when there is an appeal.
    assert told.ends_by < told.ends_with_appeal
    last = max(load.last for load in told.loads if load.last)
    assert NOW + timedelta(days=90) < last <= told.ends_with_appeal


def test_another_agency_sees_nobody(office: Office) -> None:
    elsewhere = replace(office, agency_id=AgencyId("other"))

    with pytest.raises(NotFound):
        seen(elsewhere)
    with (
        office.desk.store.reading(AgencyId("other")) as tx,
        pytest.raises(NotFound),
    ):
        cycle_head(tx, office.cycle_id)
