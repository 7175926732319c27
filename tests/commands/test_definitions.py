"""A definition is read once and shared by every thread; an unknown one is said so."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from engine.commands.definitions import DefinitionCache
from engine.domain.process import DefinitionId
from engine.errors import NotFound
from engine.store import definitions
from tests.ready import Offices

THREADS = 8


def test_many_threads_share_one_load_of_a_definition(offices: Offices) -> None:
    office = offices.open("relay")
    store, cache, together = office.desk.store, DefinitionCache(), Barrier(THREADS)
    with store.reading(office.agency_id) as tx:
        active = definitions.active(tx, "relay")
    assert active is not None

    def ask(_: int) -> object:
        together.wait()
        with store.reading(office.agency_id) as tx:
            return cache.get(tx, active.id)

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(ask, range(THREADS)))

    assert all(definition is found[0] for definition in found)


def test_a_definition_that_was_never_deployed_is_not_found(offices: Offices) -> None:
    office = offices.open("relay")

    with office.desk.store.reading(office.agency_id) as tx, pytest.raises(NotFound):
        DefinitionCache().get(tx, DefinitionId("0" * 64))
