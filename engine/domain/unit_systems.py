"""Which appraisal system each unit is appraised by."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from engine.domain.people import UnitId


@dataclass(frozen=True)
class UnitSystems:
    """The system of each unit that has one, its own or that of the unit above.

    As long as HR has assigned none in the whole agency, every system is for everybody. After the
    first one a unit without any has the only published system, or none when there are several.
    """

    by_unit: Mapping[UnitId, str]
    only: str | None = None

    def of(self, unit_id: UnitId | None) -> str | None:
        """The system of a unit; None where none is decided."""
        return self.by_unit.get(unit_id, self.only) if unit_id else self.only

    def takes(self, system: str, unit_id: UnitId | None) -> bool:
        """Whether people of the unit are appraised by the system."""
        return not self.by_unit or self.of(unit_id) == system


def unit_systems(
    tree: Iterable[tuple[UnitId, UnitId | None, str | None]], published: Collection[str]
) -> UnitSystems:
    """Systems by unit; `tree` gives each unit with the one above and the system of its own."""
    rows = {unit: (above, own) for unit, above, own in tree}
    found: dict[UnitId, str] = {}
    for unit in rows:
        system = _nearest(rows, unit)
        if system:
            found[unit] = system
    return UnitSystems(found, next(iter(published)) if len(published) == 1 else None)


def _nearest(rows: Mapping[UnitId, tuple[UnitId | None, str | None]], unit: UnitId) -> str | None:
    """The system of the unit or of the nearest above it."""
    current: UnitId | None = unit
    for _ in rows:
        if current is None or current not in rows:
            break
        current, own = rows[current]
        if own:
            return own
    return None
