"""Statements prepared once a database and run on the driver's own cursor.

SQLAlchemy writes every statement and knows every type. Its machinery for a single call costs
several times as much as the call itself, and a step of a case makes a dozen of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError

KEPT = 1024
Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Prepared:
    """One statement in the words of one database.

    `fixed` are the values that the statement itself brings, `given` the names of its parameters in
    their order, `by_place` says that the driver takes them so; `given` and `found` hold what must
    be converted on the way, and how.
    """

    sql: str
    fixed: Mapping[str, object]
    by_place: bool
    given: tuple[tuple[str, Convert | None], ...]
    found: tuple[tuple[int, Convert], ...]

    def parameters(self, values: Mapping[str, object]) -> Sequence[object] | Mapping[str, object]:
        """`values` as the driver takes them."""
        named = {**self.fixed, **values} if self.fixed else values
        if self.by_place:
            return [
                convert(named[name]) if convert else named[name] for name, convert in self.given
            ]
        return {
            name: convert(named[name]) if convert else named[name] for name, convert in self.given
        }

    def row(self, values: Sequence[Any]) -> Sequence[Any]:
        """A row of the driver as the application takes it."""
        converted = list(values)
        for place, convert in self.found:
            converted[place] = convert(converted[place])
        return converted


@lru_cache(KEPT)
def prepared(
    statement: ClauseElement, dialect: Dialect, columns: tuple[str, ...] | None = None
) -> Prepared:
    """The statement for a database, made once; `columns` are those that an insert fills."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
    binds = compiled.binds
    given = {name: _driven(bind, dialect).bind_processor(dialect) for name, bind in binds.items()}
    selected = statement.selected_columns if isinstance(statement, Select) else ()
    found = [_driven(column, dialect).result_processor(dialect, None) for column in selected]
    return Prepared(
        compiled.string,
        {name: bind.value for name, bind in binds.items() if not bind.required},
        compiled.positional,
        tuple((name, given[name]) for name in (compiled.positiontup or binds)),
        tuple((place, convert) for place, convert in enumerate(found) if convert),
    )


def _driven(element: Any, dialect: Dialect) -> Any:
    """The type of a column or parameter as the database's driver has it."""
    return element.type.dialect_impl(dialect)


def execute(connection: Connection, ready: Prepared, values: Mapping[str, object]) -> Any:
    """Run the statement; the driver's cursor. Raises SQLAlchemy's DBAPIError."""
    return _sent(connection, ready, ready.parameters(values))


def execute_many(
    connection: Connection, ready: Prepared, values: Iterable[Mapping[str, object]]
) -> Any:
    """Run the statement once for each of the values. Raises SQLAlchemy's DBAPIError."""
    parameters = [ready.parameters(each) for each in values]
    if len(parameters) == 1:
        return _sent(connection, ready, parameters[0])
    return _sent(connection, ready, parameters, many=True)


def _sent(connection: Connection, ready: Prepared, parameters: Any, *, many: bool = False) -> Any:
    cursor = connection.connection.cursor()
    # Whoever watches the statements of SQLAlchemy sees these too.
    for watch in connection.engine.dispatch.before_cursor_execute:
        watch(connection, cursor, ready.sql, parameters, None, many)
    driver = connection.dialect.loaded_dbapi
    try:
        (cursor.executemany if many else cursor.execute)(ready.sql, parameters)
    except driver.Error as error:
        raise DBAPIError.instance(
            ready.sql, None, error, driver.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    return cursor
