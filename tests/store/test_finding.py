"""People are found by the beginnings of words of their names, and of their numbers."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from engine.domain.people import AgencyId, EmployeeId
from engine.queries.finding import is_called
from engine.store import agencies, people
from engine.store import tables as t
from engine.store.database import Store, Transaction
from engine.store.people import EmployeeRow

A, B = AgencyId("a"), AgencyId("b")
NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
NAMES = {
    "aini": "Dr. Nur'aini Sári Dewi, S.Sos., M.Si.",
    "rene": "RENÉ Sitompul",
    "made": "I Made Sariada",
    "zul": "Zulkifli bin Ma’ruf",
}


def row(key: str, name: str, number: int) -> EmployeeRow:
    return EmployeeRow(EmployeeId(key), f"1980010120100110{number:02}", name, "pns")


@pytest.fixture
def city(store: Store) -> Store:
    """Four people, whose names are written as names are."""
    with store.transaction(A) as tx:
        agencies.add(tx, agencies.AgencyRow(A, "Kota", "Asia/Jakarta", NOW))
        people.add(tx, (row(key, name, n) for n, (key, name) in enumerate(NAMES.items(), 10)))
    return store


def found(tx: Transaction, typed: str) -> set[str]:
    statement = select(t.employee.c.id).where(
        t.employee.c.agency_id == tx.agency_id, is_called(tx, typed)
    )
    return set(tx.connection.execute(statement).scalars())


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("sar", {"made", "aini"}),
        ("dewi NURAINI", {"aini"}),
        ("nur'", {"aini"}),
        ("rene", {"rene"}),
        ("Réné sit", {"rene"}),
        ("maruf", {"zul"}),
        ("zz", set()),
        ("tompul", set()),
        ("sari %", {"made", "aini"}),
        ("_", set()),
        (" .,- ", set()),
        ("19800101 201001 1 01", {"aini", "rene", "made", "zul"}),
        ("198001012010011012", {"made"}),
        ("1979", set()),
        ("1981", set()),
        ("9" * 60, set()),
    ],
)
def test_people_are_found_by_how_words_of_their_names_or_their_numbers_begin(
    city: Store, typed: str, who: set[str]
):
    with city.reading(A) as tx:
        assert found(tx, typed) == who


def test_a_new_name_is_found_and_the_old_one_no_longer(city: Store):
    with city.transaction(A) as tx:
        people.change_employee(tx, row("rene", "Renata Sitompul", 11))

    with city.reading(A) as tx:
        assert found(tx, "renat") == found(tx, "sitompul") == {"rene"}
        assert found(tx, "rene") == set()


def test_the_people_of_another_agency_are_not_found(city: Store):
    with city.reading(B) as tx:
        assert found(tx, "sar") == set()
