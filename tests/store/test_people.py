"""Who holds what on a date: acting officials, superiors, duties, substitutes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain.people import (
    AgencyId,
    Assignment,
    AssignmentKind,
    Duty,
    EmployeeId,
    PositionId,
    UnitFunction,
    UnitId,
)
from engine.errors import NotFound
from engine.store import agencies, people, sessions, staffing
from engine.store.database import ANY_AGENCY, Store
from engine.store.people import (
    AssignmentRow,
    DutyRow,
    EmployeeRow,
    PositionRow,
    SubstitutionRow,
    UnitRow,
)
from engine.store.staffing import Superior

A = AgencyId("a")
NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
JANUARY, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
CITY, OFFICE = UnitId("city"), UnitId("office")
MAYOR, HEAD, STAFF = PositionId("mayor"), PositionId("head"), PositionId("staff")
ANI, BUDI, CICI = EmployeeId("ani"), EmployeeId("budi"), EmployeeId("cici")


@pytest.fixture
def staffed(store: Store) -> Store:
    """Ani is mayor, Budi heads the office until June, Cici works there and acts from July."""
    with store.transaction(A) as tx:
        agencies.add(tx, agencies.AgencyRow(A, "Kota", "Asia/Jakarta", NOW))
        people.add(
            tx,
            [
                UnitRow(CITY, None, "Kota", "city"),
                UnitRow(OFFICE, CITY, "Dinas", "office"),
                PositionRow(MAYOR, CITY, "Wali Kota", office_code="mayor", heads_unit=True),
                PositionRow(HEAD, OFFICE, "Kepala", MAYOR, heads_unit=True),
                PositionRow(STAFF, OFFICE, "Staf", HEAD),
                EmployeeRow(ANI, "1" * 18, "Ani", "pns"),
                EmployeeRow(BUDI, "2" * 18, "Budi", "pns"),
                EmployeeRow(CICI, "3" * 18, "Cici", "pppk"),
                EmployeeRow(EmployeeId("gone"), "4" * 18, "Dedi", "pns", active=False),
                AssignmentRow("1", ANI, MAYOR, CITY, "definitive", JANUARY),
                AssignmentRow("2", BUDI, HEAD, OFFICE, "definitive", JANUARY, JUNE),
                AssignmentRow("3", CICI, STAFF, OFFICE, "definitive", JANUARY),
                AssignmentRow("4", CICI, HEAD, OFFICE, "acting_permanent", JULY),
                SubstitutionRow("5", BUDI, CICI, JUNE, JUNE),
                DutyRow("6", ANI, "hr", None, JANUARY),
                DutyRow("7", BUDI, "hr", OFFICE, JANUARY, JUNE),
            ],
        )
    return store


def test_a_post_is_held_until_its_last_day_and_an_acting_official_follows(staffed: Store):
    with staffed.reading(A) as tx:
        held = [staffing.holder_of(tx, HEAD, on) for on in (date(2025, 12, 31), JUNE, JULY)]
        heads = [staffing.head_of_unit(tx, OFFICE, on) for on in (JUNE, JULY)]

    assert held == [None, BUDI, CICI]
    assert heads == [BUDI, CICI]


def test_an_official_acting_for_the_day_comes_before_the_holder(staffed: Store):
    with staffed.transaction(A) as tx:
        people.add(tx, [AssignmentRow("8", CICI, HEAD, OFFICE, "acting_daily", JUNE, JUNE)])
        held = [staffing.holder_of(tx, HEAD, on) for on in (date(2026, 6, 29), JUNE)]

    assert held == [BUDI, CICI]


def test_who_acts_elsewhere_keeps_the_own_post(staffed: Store):
    with staffed.reading(A) as tx:
        own = staffing.assignment_on(tx, CICI, JULY)
        before = staffing.assignment_on(tx, CICI, date(2025, 1, 1))

    assert own == Assignment(CICI, STAFF, OFFICE, AssignmentKind.DEFINITIVE, JANUARY, None)
    assert before is None


def test_superiors_come_from_the_direct_one_up_also_past_vacant_posts(staffed: Store):
    with staffed.transaction(A) as tx:
        people.add(tx, [PositionRow(PositionId("vacant"), OFFICE, "Kasubbag", HEAD)])
        people.add(tx, [PositionRow(PositionId("low"), OFFICE, "Staf", PositionId("vacant"))])
        found = staffing.superiors(tx, PositionId("low"), JUNE)

    assert found == (
        Superior(1, PositionId("vacant"), None, None),
        Superior(2, HEAD, BUDI, None),
        Superior(3, MAYOR, ANI, "mayor"),
    )


def test_a_circle_of_superiors_ends(staffed: Store):
    one, two = PositionId("one"), PositionId("two")
    with staffed.transaction(A) as tx:
        people.add(tx, [PositionRow(one, CITY, "Satu", one), PositionRow(two, CITY, "Dua", one)])
        found = staffing.superiors(tx, two, JUNE)

    assert len(found) == staffing.MAX_LEVELS


def test_an_office_is_found_by_its_code(staffed: Store):
    with staffed.reading(A) as tx:
        assert staffing.office_holder(tx, "mayor", JUNE) == ANI
        assert staffing.office_holder(tx, "secretary", JUNE) is None


def test_only_who_has_somebody_below_has_subordinates(staffed: Store):
    with staffed.reading(A) as tx:
        found = [staffing.has_subordinates(tx, post, JUNE) for post in (MAYOR, HEAD, STAFF)]

    assert found == [True, True, False]


def test_a_duty_holds_for_the_agency_or_its_unit_and_only_in_its_time(staffed: Store):
    with staffed.reading(A) as tx:
        holders = staffing.duty_holders
        assert holders(tx, UnitFunction.HR, JUNE, unit_id=OFFICE) == (ANI, BUDI)
        assert holders(tx, UnitFunction.HR, JUNE, unit_id=CITY) == (ANI,)
        assert holders(tx, UnitFunction.HR, JULY, unit_id=OFFICE) == (ANI,)
        assert holders(tx, UnitFunction.AUDITOR, JUNE) == ()


def test_an_actor_has_the_duties_and_absent_people_of_the_day(staffed: Store):
    with staffed.reading(A) as tx:
        budi = staffing.actor(tx, BUDI, JUNE, session_id="s")
        cici, later = staffing.actor(tx, CICI, JUNE), staffing.actor(tx, CICI, JULY)
        substitutes = staffing.substitutes_of(tx, BUDI, JUNE)

    assert budi.duties == {Duty(UnitFunction.HR, OFFICE)}
    assert budi.session_id == "s"
    assert cici.effective_persons() == {CICI, BUDI}
    assert later.effective_persons() == {CICI}
    assert substitutes == (CICI,)


def test_nobody_acts_who_is_unknown_or_out_of_service(staffed: Store):
    with staffed.reading(A) as tx:
        for unknown in (EmployeeId("nobody"), EmployeeId("gone")):
            with pytest.raises(NotFound):
                staffing.actor(tx, unknown, JUNE)


def test_employees_are_found_by_id_and_nip(staffed: Store):
    with staffed.reading(A) as tx:
        assert people.employee(tx, ANI).name == "Ani"
        assert people.employee_by_nip(tx, "2" * 18).id == BUDI
        assert people.employee_by_nip(tx, "9" * 18) is None
        assert set(people.employees(tx, [ANI, CICI, EmployeeId("nobody")])) == {ANI, CICI}
        assert [row.id for row in people.active_employees(tx)] == [ANI, BUDI, CICI]
        with pytest.raises(NotFound):
            people.employee(tx, EmployeeId("nobody"))


def test_a_session_is_found_by_its_token_alone_until_it_expires(staffed: Store):
    ends = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
    row = sessions.SessionRow("hash", A, ANI, NOW, NOW, ends, ends)
    with staffed.transaction(A) as tx:
        sessions.add(tx, row)
        sessions.set_language(tx, "hash", "en")

    with staffed.reading(ANY_AGENCY) as tx:
        assert agencies.every_id(tx) == (A,)
        assert sessions.find(tx, "hash", now=NOW).language == "en"
        assert sessions.find(tx, "hash", now=ends) is None
        assert sessions.find(tx, "other", now=NOW) is None
    with staffed.transaction(A) as tx:
        sessions.end(tx, "hash")
        assert sessions.find(tx, "hash", now=NOW) is None
        sessions.add(tx, row)
        assert sessions.find_ended(tx, "hash", now=NOW) is None
        assert sessions.find_ended(tx, "hash", now=ends) == replace(row, language="id")
        assert sessions.delete_expired(tx, now=ends) == 0
        assert sessions.delete_expired(tx, now=ends + sessions.KEPT) == 1
