"""What every command works with: the store, the loaded definitions and the stored files."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from engine.commands.definitions import DefinitionCache
from engine.commands.passwords import Passwords
from engine.domain.people import AgencyId
from engine.domain.webhooks import Listener
from engine.rules.deadlines import Calendar, indonesian_calendar
from engine.store import agencies
from engine.store.database import Store, Transaction
from engine.store.vault import Vault

# Another server process may correct the zone of an agency: so long this one may not know.
ZONE_READ_EVERY = timedelta(minutes=1)
# What a worker took on and did not finish by then another one may take.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Desk:
    """The product's parts; `library` holds `workflows` and `forms`, `files` the bytes of files."""

    store: Store
    library: Path
    files: Vault
    definitions: DefinitionCache = field(default_factory=DefinitionCache)
    listeners: tuple[Listener, ...] = ()
    zones: dict[AgencyId, tuple[str, datetime]] = field(default_factory=dict)
    passwords: Passwords = field(default_factory=Passwords)
    lease: timedelta = LEASE

    def calendar(self, tx: Transaction, now: datetime) -> Calendar:
        """The calendar of the transaction's agency for the years that deadlines can reach."""
        zone, read_at = self.zones.get(tx.agency_id, ("", now))
        if not zone or abs(now - read_at) > ZONE_READ_EVERY:
            zone = agencies.current(tx).zone
            self.zones[tx.agency_id] = zone, now
        return calendar_of(zone, now.year)


@cache
def calendar_of(zone: str, year: int) -> Calendar:
    """The calendar of a zone around a year, with Indonesian holidays."""
    return indonesian_calendar(zone, range(year - 2, year + 4))
