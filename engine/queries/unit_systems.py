"""Which system the units of an agency are appraised by."""

from sqlalchemy import select

from engine.domain.unit_systems import UnitSystems, unit_systems
from engine.store import definitions
from engine.store import tables as t
from engine.store.database import Transaction


def systems_of_units(tx: Transaction) -> UnitSystems:
    """The systems of all units, read in two statements."""
    unit = t.org_unit.c
    rows = tx.connection.execute(
        select(unit.id, unit.parent_id, unit.system).where(unit.agency_id == tx.agency_id)
    )
    return unit_systems(rows.all(), definitions.published(tx))
