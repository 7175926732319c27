"""What every command works with: the store, the loaded definitions and the stored files."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from engine.commands.definitions import DefinitionCache
from engine.commands.passwords import Passwords
from engine.domain.people import AgencyId
from engine.rules.deadlines import Calendar, indonesian_calendar
from engine.store import agencies
from engine.store.database import Store, Transaction
from engine.store.vault import Vault


@dataclass(frozen=True)
class Desk:
    """The product's parts; `library` holds `workflows` and `forms`, `files` the bytes of files."""

    store: Store
    library: Path
    files: Vault
    definitions: DefinitionCache = field(default_factory=DefinitionCache)
    zones: dict[AgencyId, str] = field(default_factory=dict)
    passwords: Passwords = field(default_factory=Passwords)

    def calendar(self, tx: Transaction, now: datetime) -> Calendar:
        """The calendar of the transaction's agency for the years that deadlines can reach."""
        if tx.agency_id not in self.zones:
            self.zones[tx.agency_id] = agencies.current(tx).zone
        return calendar_of(self.zones[tx.agency_id], now.year)


@cache
def calendar_of(zone: str, year: int) -> Calendar:
    """The calendar of a zone around a year, with Indonesian holidays."""
    return indonesian_calendar(zone, range(year - 2, year + 4))
