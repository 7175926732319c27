"""Every row of the database as text, and back: the same for SQLite and PostgreSQL.

A line is a JSON array in the order of the table's columns: instants and days as ISO text, bytes in
base64. Sealing keys are left out; they travel apart from what they open.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Table, func, insert, select, update

from engine.store import tables
from engine.store.database import Transaction

ROWS_A_FETCH = 2_000
ROWS_AN_INSERT = 1_000
# Who was signed in then is signed in no longer.
NOT_TAKEN_BACK = frozenset({tables.session.name})
KEYS = tables.sealing_key
_DECODED: Mapping[type, Callable[[Any], object]] = {
    bytes: b64decode,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def table_names() -> tuple[str, ...]:
    """All tables, each after those that it refers to."""
    return tuple(table.name for table in tables.metadata.sorted_tables)


def read_table(tx: Transaction, name: str) -> Iterator[bytes]:
    """The rows of a table, a line each."""
    table = tables.metadata.tables[name]
    found = tx.connection.execute(
        select(table).order_by(*table.primary_key.columns),
        execution_options={"yield_per": ROWS_A_FETCH},
    )
    hidden = table.columns.keys().index("key") if table is KEYS else None
    for row in found:
        yield _line(_without(row, hidden))


def _without(row: Iterable[object], hidden: int | None) -> list[object]:
    values = list(row)
    if hidden is not None:
        values[hidden] = None
    return values


def load_table(tx: Transaction, name: str, lines: Iterable[bytes]) -> int:
    """Put lines into an empty table; how many. Rows may refer to others that come later."""
    table = tables.metadata.tables[name]
    decoded = [_DECODED.get(column.type.python_type) for column in table.columns]
    rows = (_values(decoded, line) for line in lines)
    if tx.connection.dialect.name == "postgresql":
        return _copy_in(tx, table, rows)
    tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    count, names = 0, table.columns.keys()
    while batch := [dict(zip(names, row, strict=True)) for row in islice(rows, ROWS_AN_INSERT)]:
        tx.connection.execute(insert(table), batch)
        count += len(batch)
    return count


def _copy_in(tx: Transaction, table: Table, rows: Iterator[list[object]]) -> int:
    """All rows in one statement: references are checked at its end."""
    quote = tx.connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(column.name) for column in table.columns)
    count = 0
    cursor = tx.connection.connection.cursor()
    with cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
            count += 1
    return count


def read_keys(tx: Transaction) -> Iterator[bytes]:
    """The sealing keys that are not destroyed, a line each."""
    chosen = select(KEYS.c.agency_id, KEYS.c.id, KEYS.c.key).where(KEYS.c.key.is_not(None))
    for row in tx.connection.execute(chosen.order_by(KEYS.c.agency_id, KEYS.c.id)):
        yield _line(row)


def load_keys(tx: Transaction, lines: Iterable[bytes]) -> int:
    """Put the keys back to their rows; how many."""
    count = 0
    for line in lines:
        agency_id, key_id, key = orjson.loads(line)
        own = (KEYS.c.agency_id == agency_id) & (KEYS.c.id == key_id)
        changed = tx.connection.execute(update(KEYS).where(own).values(key=b64decode(key)))
        count += changed.rowcount
    return count


def count_rows(tx: Transaction, name: str) -> int:
    """How many rows a table has."""
    table = tables.metadata.tables[name]
    return tx.connection.execute(select(func.count()).select_from(table)).scalar_one()


def empty(tx: Transaction) -> None:
    """Take all tables away, with their triggers: only the owner of the tables may."""
    tables.metadata.drop_all(tx.connection)
    tx.connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")


def digests(tx: Transaction) -> Iterator[tuple[str, int]]:
    """SHA-256 and size of every stored file, of all agencies."""
    file = tables.stored_file
    chosen = select(file.c.sha256, func.max(file.c.size)).group_by(file.c.sha256)
    yield from (tuple(row) for row in tx.connection.execute(chosen.order_by(file.c.sha256)))


def _line(row: Iterable[object]) -> bytes:
    return orjson.dumps(list(row), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    raise TypeError(f"a column of {type(value).__name__}")


def _values(decoded: list[Callable[[Any], object] | None], line: bytes) -> list[object]:
    return [
        value if value is None or decode is None else decode(value)
        for decode, value in zip(decoded, orjson.loads(line), strict=True)
    ]
