"""How records go into tables and come out: one frozen dataclass a table, its fields the columns."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Executable, Insert, Select, Table, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from engine.errors import AlurError
from engine.store.database import Transaction

Record = TypeVar("Record")
# What the databases call a second row with the same key.
DUPLICATES = frozenset({"23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"})


def own(table: Table) -> Any:
    """The condition that keeps every statement inside the transaction's agency."""
    return table.c.agency_id == bindparam("own_agency")


def selected(table: Table, record: type[Any]) -> Select[Any]:
    """A select of the columns of `record` from the agency's rows."""
    return select(*(table.c[field.name] for field in fields(record))).where(own(table))


def inserted(table: Table) -> Insert:
    """An insert into `table`, built once a module so that it is compiled once."""
    return insert(table)


def add(tx: Transaction, statement: Insert, records: Iterable[object]) -> None:
    """Insert the records in one statement; nothing when there are none."""
    rows = [{**vars(record), "agency_id": tx.agency_id} for record in records]
    if rows:
        tx.connection.execute(statement, rows)


def add_new(
    tx: Transaction, statement: Insert, records: Iterable[object], *, known: AlurError
) -> None:
    """Insert the records; raises `known` when one with the same key is there already."""
    try:
        add(tx, statement, records)
    except IntegrityError as error:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
        if code in DUPLICATES:
            raise known from error
        raise


def run(tx: Transaction, statement: Executable, values: Mapping[str, object]) -> int:
    """Execute a change; how many rows it touched."""
    return tx.connection.execute(statement, {"own_agency": tx.agency_id, **values}).rowcount


def fetch(
    tx: Transaction,
    statement: Executable,
    record: type[Record],
    values: Mapping[str, object] | None = None,
) -> tuple[Record, ...]:
    """The selected rows as records."""
    result = tx.connection.execute(statement, {"own_agency": tx.agency_id, **(values or {})})
    return tuple(record(*row) for row in result)


def fetch_one(
    tx: Transaction, statement: Executable, record: type[Record], values: Mapping[str, object]
) -> Record | None:
    """The only selected row as a record, or None."""
    row = tx.connection.execute(statement, {"own_agency": tx.agency_id, **values}).one_or_none()
    return None if row is None else record(*row)


def fetch_scalars(
    tx: Transaction, statement: Executable, values: Mapping[str, object] | None = None
) -> tuple[Any, ...]:
    """The first column of the selected rows."""
    result = tx.connection.execute(statement, {"own_agency": tx.agency_id, **(values or {})})
    return tuple(result.scalars())
