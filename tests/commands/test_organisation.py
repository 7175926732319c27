"""The organisation changes with its dates: nothing overlaps, nothing turns in a circle."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from engine.commands.organisation_agency import change_agency
from engine.commands.organisation_positions import PositionDetails, add_position, change_position
from engine.commands.organisation_posts import NewPost, end_post, give_post
from engine.commands.organisation_substitutes import end_substitute, record_substitute
from engine.commands.organisation_units import add_unit, change_unit, close_unit
from engine.domain.people import (
    Actor,
    AssignmentKind,
    Duty,
    EmployeeId,
    PositionId,
    UnitFunction,
    UnitId,
)
from engine.errors import Forbidden, InvalidForm, NotFound
from engine.store import organisation, staffing
from tests.cases import NOW
from tests.office import DEPARTMENT, DIVISION, Office
from tests.ready import Offices

TODAY, LATER, END = date(2026, 1, 5), date(2026, 2, 1), date(2026, 3, 31)
CLERK, HEAD = PositionId("clerk"), PositionId("division_head")


@pytest.fixture
def office(offices: Offices) -> Office:
    """An office with its people."""
    return offices.open("window")


def hr(office: Office) -> Actor:
    return office.actor("hr_officer", NOW)


def rules(deed: Callable[[], object]) -> list[tuple[str | None, str]]:
    """What a deed is refused for: each field with its rule."""
    with pytest.raises(InvalidForm) as refused:
        deed()
    return [(found.element_id, found.rule) for found in refused.value.findings]


def give(
    office: Office,
    who: str,
    position: PositionId,
    *,
    kind: AssignmentKind = AssignmentKind.DEFINITIVE,
    starts: date = TODAY,
    ends: date | None = None,
) -> str:
    post = NewPost(position, kind, starts, ends)
    return give_post(office.desk, hr(office), employee_id=EmployeeId(who), post=post, now=NOW)


def substitute(
    office: Office, absent: str, who: str, starts: date = TODAY, ends: date = END
) -> str:
    return record_substitute(
        office.desk, hr(office), absent_id=EmployeeId(absent), substitute_id=EmployeeId(who),
        starts=starts, ends=ends, now=NOW,
    )  # fmt: skip


def end(office: Office, assignment: str, last_day: date) -> None:
    end_post(office.desk, hr(office), assignment_id=assignment, last_day=last_day, now=NOW)


def holder(office: Office, position: PositionId, on: date) -> EmployeeId | None:
    with office.desk.store.reading(office.agency_id) as tx:
        return staffing.holder_of(tx, position, on)


def test_a_post_passes_from_one_person_to_the_next_on_its_day(office: Office):
    end(office, "a-clerk", TODAY)
    end(office, "a-assistant", TODAY)

    give(office, "assistant", CLERK, starts=TODAY + timedelta(days=1))

    assert holder(office, CLERK, TODAY) == "clerk"
    assert holder(office, CLERK, TODAY + timedelta(days=1)) == "assistant"


def test_two_people_never_hold_one_position_definitively(office: Office):
    end(office, "a-assistant", TODAY)

    assert rules(lambda: give(office, "assistant", CLERK, starts=LATER)) == [
        ("starts", "organisation.position_taken")
    ]


def test_one_person_never_holds_two_definitive_posts(office: Office):
    end(office, "a-clerk", TODAY)

    refused = rules(lambda: give(office, "assistant", CLERK, starts=LATER))

    assert refused == [("nip", "organisation.has_post")]


@pytest.mark.parametrize("kind", [AssignmentKind.ACTING_PERMANENT, AssignmentKind.ACTING_DAILY])
def test_an_acting_official_comes_before_the_absent_holder_until_his_last_day(
    office: Office, kind: AssignmentKind
):
    give(office, "department_head", HEAD, kind=kind, starts=TODAY, ends=LATER)

    assert holder(office, HEAD, LATER) == "department_head"
    assert holder(office, HEAD, LATER + timedelta(days=1)) == "division_head"


def test_an_acting_official_needs_an_end_and_acts_for_another(office: Office):
    daily = AssignmentKind.ACTING_DAILY

    assert rules(lambda: give(office, "clerk", HEAD, kind=daily)) == [
        ("ends", "organisation.acting_needs_end")
    ]
    assert rules(lambda: give(office, "division_head", HEAD, kind=daily, ends=END)) == [
        ("nip", "organisation.acts_for_himself")
    ]


def test_two_acting_officials_of_one_kind_never_share_a_day(office: Office):
    daily = AssignmentKind.ACTING_DAILY
    give(office, "clerk", HEAD, kind=daily, ends=LATER)

    again = rules(lambda: give(office, "analyst", HEAD, kind=daily, starts=LATER, ends=END))
    after = give(office, "analyst", HEAD, kind=daily, starts=LATER + timedelta(days=1), ends=END)

    assert again == [("starts", "organisation.position_taken")]
    assert after


def test_days_of_a_post_are_in_order_and_near(office: Office):
    wrong = rules(lambda: give(office, "clerk", HEAD, starts=LATER, ends=TODAY))
    far = rules(lambda: give(office, "clerk", HEAD, starts=date(2206, 1, 5)))

    assert wrong == [("ends", "organisation.period")]
    assert far == [("starts", "organisation.far_day")]


def test_a_post_ends_once_and_never_before_it_began(office: Office):
    assert rules(lambda: end(office, "a-clerk", date(2019, 12, 31))) == [
        ("last_day", "organisation.period")
    ]

    end(office, "a-clerk", TODAY - timedelta(days=1))

    assert rules(lambda: end(office, "a-clerk", TODAY)) == [
        ("last_day", "organisation.ended_already")
    ]


def test_an_end_moves_forward_only_by_a_new_post(office: Office):
    end(office, "a-clerk", LATER)

    assert rules(lambda: end(office, "a-clerk", END)) == [("last_day", "organisation.only_earlier")]


def test_nobody_sets_up_posts_or_substitutes_of_his_own(office: Office):
    deeds = [
        lambda: give(office, "hr_officer", CLERK),
        lambda: end(office, "a-hr_officer", TODAY),
        lambda: substitute(office, "clerk", "hr_officer"),
        lambda: change_position(
            office.desk, hr(office), position_id=PositionId("hr_officer"),
            details=PositionDetails("Kepala"), now=NOW,
        ),
    ]  # fmt: skip

    for deed in deeds:
        with pytest.raises(Forbidden, match="own_case"):
            deed()


def test_a_duty_for_one_unit_changes_nothing(office: Office):
    operator = Actor(
        office.agency_id, EmployeeId("clerk"), frozenset({Duty(UnitFunction.OPERATOR, DIVISION)})
    )
    half = Actor(
        office.agency_id, EmployeeId("clerk"), frozenset({Duty(UnitFunction.HR, DIVISION)})
    )

    for actor in (operator, half):
        with pytest.raises(Forbidden, match="missing_duty"):
            add_unit(office.desk, actor, name="Unit", parent_id=None, now=NOW)


def test_nobody_stands_in_for_himself_or_for_his_own_substitute(office: Office):
    substitute(office, "analyst", "clerk")
    substitute(office, "clerk", "division_head", starts=LATER)

    assert rules(lambda: substitute(office, "clerk", "clerk")) == [
        ("nip", "organisation.substitutes_himself")
    ]
    assert rules(lambda: substitute(office, "clerk", "analyst")) == [
        ("nip", "organisation.substitute_circle")
    ]
    assert rules(lambda: substitute(office, "division_head", "analyst", starts=LATER)) == [
        ("nip", "organisation.substitute_circle")
    ]


def test_the_other_way_round_is_right_on_other_days(office: Office):
    substitute(office, "analyst", "clerk", ends=LATER)

    assert substitute(office, "clerk", "analyst", starts=LATER + timedelta(days=1))


def test_a_substitution_is_recorded_once_and_not_for_years(office: Office):
    substitute(office, "analyst", "clerk")

    assert rules(lambda: substitute(office, "analyst", "clerk", starts=LATER)) == [
        ("starts", "organisation.substitute_twice")
    ]
    assert rules(lambda: substitute(office, "clerk", "sekda", ends=date(2028, 1, 1))) == [
        ("ends", "organisation.too_long")
    ]


def test_an_ended_substitution_gives_no_right_from_the_same_day_on(office: Office):
    made = substitute(office, "analyst", "clerk")
    assert office.actor("clerk", NOW).substitutes_for == {"analyst"}

    end_substitute(office.desk, hr(office), substitution_id=made, now=NOW)

    assert office.actor("clerk", NOW).substitutes_for == frozenset()


def test_a_position_never_stands_above_itself(office: Office):
    below = PositionDetails("Kepala Dinas", CLERK)

    refused = rules(
        lambda: change_position(
            office.desk,
            hr(office),
            position_id=PositionId("department_head"),
            details=below,
            now=NOW,
        )
    )

    assert refused == [("superior", "organisation.position_circle")]


def test_a_unit_has_one_head_and_codes_are_codes(office: Office):
    second = PositionDetails("Kepala Kedua", heads_unit=True)
    coded = PositionDetails("Pelaksana", office_code="Sekretaris Daerah")

    assert rules(lambda: position(office, second)) == [("heads_unit", "organisation.second_head")]
    assert rules(lambda: position(office, coded)) == [("office_code", "organisation.code")]


def position(office: Office, details: PositionDetails) -> PositionId:
    return add_position(office.desk, hr(office), unit_id=DIVISION, details=details, now=NOW)


def test_a_changed_superior_counts_and_what_was_before_is_kept(office: Office):
    details = PositionDetails("Pengelola Data", PositionId("department_head"))

    change_position(office.desk, hr(office), position_id=CLERK, details=details, now=NOW)

    with office.desk.store.reading(office.agency_id) as tx:
        above = staffing.superiors(tx, CLERK, TODAY)
        (kept,) = organisation.changes_of(tx, CLERK)
    assert above[0].position_id == "department_head"
    assert (kept.field, kept.was, kept.became) == (
        "superior_position_id", "division_head", "department_head",
    )  # fmt: skip


def test_a_unit_never_stands_below_itself(office: Office):
    refused = rules(
        lambda: change_unit(
            office.desk, hr(office), unit_id=DEPARTMENT, name="Dinas", parent_id=DIVISION, now=NOW
        )
    )

    assert refused == [("parent", "organisation.unit_circle")]


def test_a_unit_closes_when_nobody_and_nothing_is_left_in_it(office: Office):
    def close(unit_id: UnitId, last_day: date = LATER) -> None:
        close_unit(office.desk, hr(office), unit_id=unit_id, last_day=last_day, now=NOW)

    assert rules(lambda: close(DIVISION)) == [("last_day", "organisation.unit_has_people")]
    end(office, "a-department_head", LATER)
    assert rules(lambda: close(DEPARTMENT)) == [("last_day", "organisation.unit_has_units")]
    for who in ("clerk", "analyst", "division_head"):
        end(office, f"a-{who}", LATER)
    assert rules(lambda: close(DIVISION, date(2025, 1, 1))) == [
        ("last_day", "organisation.past_day")
    ]

    close(DIVISION)

    assert rules(lambda: give(office, "clerk", CLERK, starts=LATER + timedelta(days=1))) == [
        ("starts", "organisation.closed_unit")
    ]


def test_the_zone_stands_once_a_period_was_opened(office: Office):
    def change(name: str, zone: str) -> None:
        change_agency(office.desk, hr(office), name=name, zone=zone, now=NOW)

    assert rules(lambda: change("Kabupaten", "Asia/Jayapura")) == [
        ("zone", "organisation.zone_fixed")
    ]
    assert rules(lambda: change("Kabupaten", "Europe/Paris")) == [("zone", "organisation.zone")]
    assert rules(lambda: change("  ", "Asia/Jakarta")) == [("name", "organisation.name")]


def test_what_belongs_to_another_agency_is_not_there(offices: Offices, office: Office):
    foreign = add_unit(office.desk, hr(office), name="Unit", parent_id=None, now=NOW)
    other = offices.open("window")
    actor = other.actor("hr_officer", NOW)

    with pytest.raises(NotFound):
        close_unit(other.desk, actor, unit_id=foreign, last_day=LATER, now=NOW)
    with pytest.raises(NotFound):
        add_unit(other.desk, actor, name="Unit", parent_id=foreign, now=NOW)
