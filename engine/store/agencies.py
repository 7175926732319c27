"""Agencies, the tenants of one installation."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.domain.people import AgencyId
from engine.errors import NotFound
from engine.store import tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class AgencyRow:
    """An agency with its time zone, such as Asia/Jakarta."""

    id: AgencyId
    name: str
    zone: str
    created_at: datetime


_ALL = select(
    tables.agency.c.id, tables.agency.c.name, tables.agency.c.zone, tables.agency.c.created_at
)


def add(tx: Transaction, agency: AgencyRow) -> None:
    """Record an agency; only the transaction of that agency may."""
    if agency.id != tx.agency_id:
        raise NotFound("agency", agency.id)
    tx.connection.execute(tables.agency.insert(), vars(agency))


def current(tx: Transaction) -> AgencyRow:
    """The agency of the transaction. Raises NotFound."""
    row = tx.connection.execute(_ALL.where(tables.agency.c.id == tx.agency_id)).one_or_none()
    if row is None:
        raise NotFound("agency", tx.agency_id)
    return AgencyRow(*row)


def change(tx: Transaction, *, name: str, zone: str) -> None:
    """Rename the agency of the transaction, or give it another zone."""
    own = tables.agency.c.id == tx.agency_id
    tx.connection.execute(tables.agency.update().where(own).values(name=name, zone=zone))


def every_id(tx: Transaction) -> tuple[AgencyId, ...]:
    """All agencies of the installation, for background work; crosses tenants on purpose."""
    return tuple(tx.connection.execute(select(tables.agency.c.id).order_by("id")).scalars())
