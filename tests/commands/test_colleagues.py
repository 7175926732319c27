"""Whom a case may ask about its person: suggested by the system, refused with a reason each."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from engine.commands.colleagues import Company
from engine.commands.population import declare_conflict
from engine.commands.work_forms import open_form
from engine.domain.colleagues import Limits, months_before
from engine.domain.confidence import ratings_of_groups
from engine.domain.people import EmployeeId, PositionId
from engine.domain.population import RelationKind
from engine.errors import InvalidForm
from engine.store import incidents, instances, people, tables
from engine.store.people import AssignmentRow, EmployeeRow, PositionRow
from tests.cases import NOW, Case
from tests.office import DIVISION, SINCE, Office
from tests.ready import Offices

TODAY = date(2026, 1, 5)
QUESTIONS = ("collaboration", "communication", "reliability", "respect", "initiative", "service")
FEW = {"few_reason": "Unit kecil; rekan lain adalah atasan atau bawahan."}


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("gayungan")


def join(office: Office, *keys: str, since: date = SINCE) -> None:
    """New people of the division, below its head."""
    with office.desk.store.transaction(office.agency_id) as tx:
        for number, key in enumerate(keys, start=100 + since.month):
            person, place = EmployeeId(key), PositionId(f"p-{key}")
            nip = f"198001012010011{number}"
            head = PositionId("division_head")
            post = AssignmentRow(f"a-{key}", person, place, DIVISION, "definitive", since)
            people.add(tx, [PositionRow(place, DIVISION, "Pelaksana", head)])
            people.add(tx, [EmployeeRow(person, nip, f"Nama {key}", "pns"), post])


def nip_of(office: Office, person: str) -> str:
    with office.desk.store.reading(office.agency_id) as tx:
        return people.employee(tx, EmployeeId(person)).nip


def begun(office: Office, person: str = "clerk") -> Case:
    return Case(office, office.start(person, NOW))


def suggested(office: Office, case: Case) -> list[tuple[str, str]]:
    limits = Limits(3, 8, 7, subordinates=True)
    with office.desk.store.reading(office.agency_id) as tx:
        rows = Company(tx, instances.get(tx, case.id), limits, TODAY, TODAY).suggested()
    return [(str(row["name"]).removeprefix("Nama "), str(row["relation"])) for row in rows]


def proposed(case: Case, *rows: tuple[str, str]) -> list[tuple[str, str]]:
    """Let HR propose them; the findings, none when the case went on."""
    office = case.office
    named = [{"nip": nip_of(office, person), "relation": kind} for person, kind in rows]
    try:
        case.complete("hr_officer", "propose_peers", {"rows": named, **FEW})
    except InvalidForm as error:
        return [(found.element_id or "", found.rule) for found in error.findings]
    return []


GOOD = (("analyst", "same_team"), ("hr_colleague", "cross_unit"), ("auditor", "cross_unit"))


def test_those_of_the_unit_are_suggested_who_is_asked_least_first(office: Office) -> None:
    join(office, "sari", "budi")
    join(office, "lately", since=date(2025, 12, 1))
    case = begun(office)

    assert suggested(office, case) == [
        ("analyst", "same_team"), ("budi", "same_team"), ("sari", "same_team"),
    ]  # fmt: skip


def test_a_leader_is_also_asked_about_by_his_staff(office: Office) -> None:
    case = begun(office, "division_head")

    assert suggested(office, case) == [("analyst", "subordinate"), ("clerk", "subordinate")]


def test_the_suggestion_stands_in_the_form(office: Office) -> None:
    case = begun(office)
    item = case.open["propose_peers"].id

    shown = open_form(
        office.desk, office.actor("hr_officer", NOW), item_id=item, language="id", now=NOW
    )

    assert [row["nip"] for row in shown.values["rows"]] == [nip_of(office, "analyst")]


def test_who_may_be_asked_is_taken(office: Office) -> None:
    case = begun(office)

    assert proposed(case, *GOOD) == []
    assert "object_peers" in case.open


def test_however_often_unfit_colleagues_are_proposed_the_case_waits_for_fit_ones(
    office: Office,
) -> None:
    case = begun(office)
    unfit = (("clerk", "same_team"), *GOOD[1:])

    told = [proposed(case, *unfit) for _ in range(55)]

    assert all(found == told[0] != [] for found in told)
    with office.desk.store.reading(office.agency_id) as tx:
        assert incidents.open_of_instance(tx, case.id) == ()
    assert "propose_peers" in case.open
    assert proposed(case, *GOOD) == []
    assert "object_peers" in case.open


@pytest.mark.parametrize(
    ("person", "relation", "rule"),
    [
        ("clerk", "same_team", "own"),
        ("division_head", "same_team", "above"),
        ("assistant", "cross_unit", "above"),
        ("assistant", "subordinate", "above"),
        ("hr_officer", "same_team", "other_unit"),
        ("hr_officer", "subordinate", "not_below"),
        ("analyst", "same_team", "twice"),
    ],
)
def test_each_refusal_has_its_own_reason_at_the_row(
    office: Office, person: str, relation: str, rule: str
) -> None:
    case = begun(office)

    assert proposed(case, *GOOD, (person, relation)) == [("rows.3.nip", f"colleague.{rule}")]
    assert "propose_peers" in case.open


def test_the_own_staff_is_no_peer(office: Office) -> None:
    case = begun(office, "division_head")

    assert proposed(case, ("analyst", "same_team"), *GOOD[1:]) == [
        ("rows.0.nip", "colleague.below")
    ]


def test_who_came_lately_is_told_apart(office: Office) -> None:
    join(office, "lately", since=date(2025, 12, 1))
    case = begun(office)

    assert proposed(case, ("lately", "same_team"), *GOOD[1:]) == [
        ("rows.0.nip", "colleague.too_short")
    ]


def test_relatives_are_not_asked(office: Office) -> None:
    declare_conflict(
        office.desk, office.actor("hr_officer", NOW), kind=RelationKind.FAMILY, now=NOW,
        people_ids=(EmployeeId("clerk"), EmployeeId("analyst")),
    )  # fmt: skip
    case = begun(office)

    assert suggested(office, case) == []
    assert proposed(case, *GOOD) == [("rows.0.nip", "colleague.related")]


class UndoneError(Exception):
    """Nothing of what a test only tried stays."""


def test_nobody_is_asked_more_often_than_the_limit(office: Office) -> None:
    case, item = begun(office), tables.work_item
    nip, limits = nip_of(office, "analyst"), Limits(3, len(case.open), 7, subordinates=True)
    found = []

    with (
        suppress(UndoneError),
        office.desk.store.transaction(office.agency_id) as tx,
    ):
        # As if each open step of the case had asked the analyst in confidence.
        asking = update(item).values(participation="confidence", assignee_id="analyst")
        tx.connection.execute(asking)
        company = Company(tx, instances.get(tx, case.id), limits, TODAY, TODAY)
        found += [company.suggested(), company.unfit(nip, "same_team")]
        raise UndoneError

    assert found == [[], "colleague.asked_often"]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def answers(*codes: int) -> list[dict[str, object]]:
    return [dict.fromkeys(QUESTIONS, code) for code in codes]


@pytest.mark.parametrize(
    ("peers", "staff", "groups"),
    [
        ((5, 5, 5, 5), (2, 2, 2), [[5, 5, 5, 5], [2, 2, 2]]),
        ((5, 5, 5), (2, 2), [[2, 2, 5, 5, 5]]),
        ((5, 5), (2,), [[2, 5, 5]]),
        ((5,), (2,), []),
        ((5, 5, 5), (), [[5, 5, 5]]),
    ],
)
def test_peers_and_staff_are_told_apart_only_where_both_are_enough(
    peers: tuple[int, ...], staff: tuple[int, ...], groups: list[list[int]]
) -> None:
    found = ratings_of_groups([answers(*peers), answers(*staff)], QUESTIONS, at_least=4)

    assert found == tuple(tuple(map(Decimal, group)) for group in groups)
