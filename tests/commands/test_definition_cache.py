"""Loaded definitions are kept up to a bound; the one that was not used for longest goes first."""

from engine.commands.definitions import DefinitionCache
from engine.store import definitions
from tests.cases import NOW
from tests.ready import Offices, store_system


def test_the_cache_keeps_the_latest_and_loads_the_others_again(offices: Offices):
    office = offices.open("laps")
    actor = office.actor("hr_officer", NOW)
    for system in ("window", "counter"):
        store_system(office.desk, actor, system=system, now=NOW)
    cache = DefinitionCache(kept=2)

    with office.desk.store.reading(office.agency_id) as tx:
        laps, window, counter = (
            definitions.active(tx, system).id for system in ("laps", "window", "counter")
        )
        first, second = cache.get(tx, laps), cache.get(tx, window)
        assert cache.get(tx, laps) is first
        cache.get(tx, counter)

        assert cache.get(tx, laps) is first
        assert cache.get(tx, window) is not second
