"""Who was there before names were kept by their words is found by them."""

from alembic import command
from sqlalchemy import insert, select

from engine.domain.people import AgencyId
from engine.queries.finding import is_called
from engine.store import tables as t
from engine.store.database import Store
from engine.store.schema import configuration
from tests.postgres import TestDatabase

A = AgencyId("a")
PERSON = {
    "agency_id": A,
    "id": "aini",
    "nip": "198001012010011001",
    "name": "Dr. Nur'aini",
    "kind": "pns",
    "active": True,
}


def test_people_who_were_there_before_the_words_are_found(database: TestDatabase):
    store = Store(database.url, migration_url=database.migration_url)
    with store.as_owner() as tx:
        command.upgrade(configuration(tx.connection), "0012")
        tx.connection.execute(insert(t.employee), PERSON)

    store.migrate()

    with store.reading(A) as tx:
        found = select(t.employee.c.id).where(is_called(tx, "nuraini"))
        assert tx.connection.execute(found).scalars().all() == ["aini"]
    store.close()
