"""Names are found for however many people a page asks about."""

from engine.queries.people import people
from tests.cases import NOW
from tests.ready import Offices


def test_nobody_of_many_goes_without_his_name(offices: Offices) -> None:
    office = offices.open("national")
    asked = [*(f"0-{number}" for number in range(6_000)), "clerk"]

    with office.desk.store.reading(office.agency_id) as tx:
        found = people(tx, asked, NOW.date())

    assert {key: person.name for key, person in found.items()} == {"clerk": "Nama clerk"}
