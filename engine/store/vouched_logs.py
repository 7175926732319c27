"""What rows of daily logs hold of that which events vouch for; read for `vouched` only."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, and_, bindparam, select, tuple_

from engine.domain.audit import ProblemKind
from engine.store import rows, tables
from engine.store.audit import object_chain
from engine.store.sealing import Sealed, SealingKey
from engine.store.vouched_rows import Reading, Stored, joined, vouched_commitment

NOUN = "log"
OF_ENTRY = (
    "day", "minutes", "quantity", "planned", "state", "revision", "commitment",
)  # fmt: skip
_entry, _note, _key = tables.log_entry, tables.log_note, tables.sealing_key


def log_names(chains: Sequence[str]) -> list[tuple[str, str]]:
    """Cycle and person of those chains that belong to daily logs."""
    parts = (chain.split("/") for chain in chains)
    return [(found[1], found[2]) for found in parts if found[0] == NOUN and len(found) == 3]


def chain_of_log(row: Any) -> str:
    """The chain in which everything about a row stands."""
    return object_chain(NOUN, f"{row.cycle_id}/{row.employee_id}")


def _sealed_rows(table: Table) -> Any:
    """Rows of some logs with the key of their person and cycle."""
    its_key = and_(
        _key.c.agency_id == table.c.agency_id,
        _key.c.employee_id == table.c.employee_id,
        _key.c.period == table.c.cycle_id,
    )
    names = ("id", "employee_id", "period", "key", "created_at")
    columns = (_key.c[name].label(f"key_{name}") for name in names)
    of_logs = tuple_(table.c.cycle_id, table.c.employee_id).in_(bindparam("logs", expanding=True))
    return select(table, *columns).outerjoin(_key, its_key).where(rows.own(table), of_logs)


def _commitment(row: Any) -> str:
    key = SealingKey(
        row.key_id, row.key_employee_id, row.key_period, row.key_key, row.key_created_at
    )
    return vouched_commitment(key, Sealed(row.payload, row.commitment))


def _entries(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (chain_of_log(row), row.id), _entry_digest(row)


def _entry_digest(row: Any) -> str:
    whole = (*(getattr(row, name) for name in OF_ENTRY[:-1]), _commitment(row))
    return joined(*whole)


def _notes(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (chain_of_log(row), row.id), joined(row.kind, _commitment(row))


def _kept(found: Iterable[Any]) -> Stored:
    """Logs in which something stands, by cycle: who has one has its chain."""
    for row in found:
        yield (chain_of_log(row), ""), joined(row.cycle_id)


OF_LOGS: Reading = {
    ProblemKind.LOG_ENTRY: (_sealed_rows(_entry), _entries),
    ProblemKind.LOG_NOTE: (_sealed_rows(_note), _notes),
}
KEPT_LOGS: Reading = {
    ProblemKind.LOG: (
        select(_entry.c.cycle_id, _entry.c.employee_id).where(rows.own(_entry)).distinct(),
        _kept,
    ),
}
