"""How records go into tables and come out: one frozen dataclass a table, its fields the columns."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ClauseElement,
    Delete,
    Insert,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from engine.errors import AlurError
from engine.store.database import Transaction
from engine.store.ids import id_at
from engine.store.prepared import Prepared, execute, execute_many, prepared

Record = TypeVar("Record")
Values = Mapping[str, object]
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


def inserted_once(table: Table) -> Mapping[str, Any]:
    """For each database an insert that passes over rows whose key is taken."""
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
    }


def put(table: Table, *, keeping: Collection[str] = ()) -> Mapping[str, Any]:
    """For each database an insert that takes the place of the row with the same primary key.

    What that row has in the columns `keeping` stays.
    """
    inserts = {"sqlite": sqlite.insert(table), "postgresql": postgresql.insert(table)}
    return {name: _put(statement, keeping) for name, statement in inserts.items()}


def deleted_old(table: Table, *served: Any) -> Delete:
    """A deletion of at most so many of the agency's rows that have `served` and are old by id."""
    old = (
        select(table.c.id)
        .where(own(table), table.c.id < bindparam("oldest_kept"), *served)
        .order_by(table.c.id)
        .limit(bindparam("at_most"))
    )
    return delete(table).where(own(table), table.c.id.in_(old))


def delete_old(tx: Transaction, statement: Delete, *, before: datetime, limit: int) -> int:
    """Carry out what `deleted_old` made; how many rows went."""
    return run(tx, statement, {"oldest_kept": id_at(before), "at_most": limit})


def _put(statement: Any, keeping: Collection[str]) -> Any:
    table = statement.table
    key = list(table.primary_key.columns)
    stays = {*keeping, *(column.name for column in key)}
    rest = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in stays}
    return statement.on_conflict_do_update(index_elements=key, set_=rest)


def add_either(tx: Transaction, statements: Mapping[str, Any], records: Iterable[object]) -> int:
    """Insert with the statement of the transaction's database; how many rows it touched."""
    values = [{**vars(record), "agency_id": tx.agency_id} for record in records]
    if not values:
        return 0
    statement = statements[tx.connection.dialect.name]
    ready = prepared(statement, tx.connection.dialect, tuple(values[0]))
    touched: int = execute_many(tx.connection, ready, values).rowcount
    return touched


def add(tx: Transaction, statement: Insert, records: Iterable[object]) -> None:
    """Insert the records in one statement; nothing when there are none."""
    values = [{**vars(record), "agency_id": tx.agency_id} for record in records]
    if values:
        ready = prepared(statement, tx.connection.dialect, tuple(values[0]))
        execute_many(tx.connection, ready, values)


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


def run(tx: Transaction, statement: ClauseElement, values: Values) -> int:
    """Execute a change; how many rows it touched."""
    touched: int = _executed(tx, _ready(tx, statement), values).rowcount
    return touched


def run_many(tx: Transaction, statement: ClauseElement, values: Iterable[Values]) -> None:
    """Execute a change once for each of the values; nothing when there are none."""
    every = [{"own_agency": tx.agency_id, **each} for each in values]
    if every:
        execute_many(tx.connection, _ready(tx, statement), every)


def fetch(
    tx: Transaction, statement: ClauseElement, record: type[Record], values: Values | None = None
) -> tuple[Record, ...]:
    """The selected rows as records."""
    return tuple(record(*row) for row in _rows(tx, statement, values or {}))


def fetch_one(
    tx: Transaction, statement: ClauseElement, record: type[Record], values: Values
) -> Record | None:
    """The only selected row as a record, or None."""
    row = fetch_row(tx, statement, values)
    return None if row is None else record(*row)


def fetch_row(tx: Transaction, statement: ClauseElement, values: Values) -> Sequence[Any] | None:
    """The only selected row, or None."""
    return next(_rows(tx, statement, values), None)


def fetch_scalars(
    tx: Transaction, statement: ClauseElement, values: Values | None = None
) -> tuple[Any, ...]:
    """The first column of the selected rows."""
    return tuple(row[0] for row in _rows(tx, statement, values or {}))


def _rows(tx: Transaction, statement: ClauseElement, values: Values) -> Iterator[Sequence[Any]]:
    ready = _ready(tx, statement)
    return map(ready.row, _executed(tx, ready, values).fetchall())


def _executed(tx: Transaction, ready: Prepared, values: Values) -> Any:
    return execute(tx.connection, ready, {"own_agency": tx.agency_id, **values})


def _ready(tx: Transaction, statement: ClauseElement) -> Prepared:
    return prepared(statement, tx.connection.dialect)
