"""Writes the audit trail: events, their pending rows, and chains that belong to no case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.audit import AuditEvent, ChainHead, SealedEvent, extend
from engine.domain.people import EmployeeId
from engine.errors import StaleVersion
from engine.store import rows, tables
from engine.store.database import Transaction


@dataclass(frozen=True)
class _Pending:
    """An event that no checkpoint covers yet."""

    chain_id: str
    n: int


_event, _pending, _chain = tables.audit_event, tables.audit_pending, tables.audit_chain
_INSERT, _INSERT_PENDING = rows.inserted(_event), rows.inserted(_pending)
_FIELDS = [field.name for field in fields(SealedEvent)]
EVENTS = rows.selected(_event, SealedEvent).order_by(_event.c.chain_id, _event.c.n)
_OF_CHAIN = EVENTS.where(_event.c.chain_id == bindparam("chain"))
_HEAD = rows.selected(_chain, ChainHead).where(_chain.c.chain_id == bindparam("chain"))
_LOCKED_HEAD = _HEAD.with_for_update()
_START: dict[str, Any] = {
    "sqlite": sqlite.insert(_chain).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_chain).on_conflict_do_nothing(),
}
_SAVE = (
    update(_chain)
    .where(rows.own(_chain), _chain.c.chain_id == bindparam("chain"))
    .values(head=bindparam("new_head"), count=bindparam("new_count"))
)


def append(tx: Transaction, chain: ChainHead, events: Sequence[AuditEvent]) -> ChainHead:
    """Add events to the end of a chain; the caller keeps the returned end with its case.

    Raises StaleVersion when the chain has grown since `chain` was read, NotCanonical when an event
    holds something it may not.
    """
    if not events:
        return chain
    longer, sealed = extend(chain, tx.agency_id, events)
    known = StaleVersion("chain", chain.chain_id, expected=chain.count, actual=None)
    rows.add_new(tx, _INSERT, sealed, known=known)
    rows.add(tx, _INSERT_PENDING, [_Pending(event.chain_id, event.n) for event in sealed])
    return longer


def begin_chains(
    tx: Transaction, chains: Mapping[str, Sequence[AuditEvent]]
) -> dict[str, ChainHead]:
    """Begin many chains at once, each with its first events; their ends by name.

    Raises StaleVersion when one of them exists.
    """
    begun = {name: extend(ChainHead(name), tx.agency_id, new) for name, new in chains.items()}
    sealed = [event for _, events in begun.values() for event in events]
    known = StaleVersion("chains", next(iter(chains), ""), expected=0, actual=None)
    rows.add_new(tx, _INSERT, sealed, known=known)
    rows.add(tx, _INSERT_PENDING, [_Pending(event.chain_id, event.n) for event in sealed])
    return {name: head for name, (head, _) in begun.items()}


def hold_chain(tx: Transaction, chain_id: str) -> ChainHead:
    """The end of a chain without a case, started if need be; until the commit nobody else adds."""
    start = {"agency_id": tx.agency_id, **vars(ChainHead(chain_id))}
    tx.connection.execute(_START[tx.connection.dialect.name], start)
    known = rows.fetch_one(tx, _LOCKED_HEAD, ChainHead, {"chain": chain_id})
    return known or ChainHead(chain_id)


def append_to_chain(tx: Transaction, chain_id: str, events: Sequence[AuditEvent]) -> ChainHead:
    """Add events to a chain without a case, starting it if need be; locks only that chain."""
    chain = append(tx, hold_chain(tx, chain_id), events)
    rows.run(tx, _SAVE, {"chain": chain_id, "new_head": chain.head, "new_count": chain.count})
    return chain


def actor_day(actor_id: EmployeeId, day: date) -> str:
    """The chain of what one person looked at, logged into or was refused on a day."""
    return f"actor/{actor_id}/{day.isoformat()}"


def object_chain(noun: str, identifier: str) -> str:
    """The chain of one object that is no case, such as a cycle or a system's definitions."""
    return f"{noun}/{identifier}"


def events_of(tx: Transaction, chain_id: str) -> tuple[SealedEvent, ...]:
    """All events of a chain in order; the chain of a case is the instance's id."""
    return rows.fetch(tx, _OF_CHAIN, SealedEvent, {"chain": chain_id})
