"""The column types and constraints that all tables share."""

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)
from sqlalchemy import text as literal
from sqlalchemy.sql.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: `timestamptz` on PostgreSQL, fixed-width ISO text on SQLite.

    The text sorts like the instants; SQLAlchemy's own type on SQLite would lose the zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What the application sees."""
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Text on SQLite, a time stamp with zone elsewhere."""
        kind = String(32) if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)  # type: ignore[arg-type]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Refuse a datetime without a zone; convert any other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        """The same instant in UTC."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(str(value))


def text(name: str, *, optional: bool = False) -> Column[str]:
    """An id, a code or a text."""
    return Column(name, Text, nullable=optional)


def number(name: str, *, optional: bool = False, kind: type[Integer] = Integer) -> Column[int]:
    """A whole number; `kind` BigInteger where 2^31 may be passed."""
    return Column(name, kind, nullable=optional)


def instant(name: str, *, optional: bool = False) -> Column[datetime]:
    """An instant in UTC."""
    return Column(name, Instant, nullable=optional)


def day(name: str, *, optional: bool = False) -> Column[object]:
    """A local calendar day."""
    return Column(name, Date, nullable=optional)


def octets(name: str, *, optional: bool = False) -> Column[bytes]:
    """Bytes, mostly sealed ones."""
    return Column(name, LargeBinary, nullable=optional)


def tenant_table(name: str, *items: SchemaItem, key: tuple[str, ...] = ("id",)) -> Table:
    """A table whose rows belong to an agency; `agency_id` leads its primary key."""
    return Table(name, metadata, text("agency_id"), *items, PrimaryKeyConstraint("agency_id", *key))


def belongs_to(table: str, column: str, *, key: str = "id") -> ForeignKeyConstraint:
    """A reference inside the same agency."""
    return ForeignKeyConstraint(["agency_id", column], [f"{table}.agency_id", f"{table}.{key}"])


def tenant_index(
    table: Table, *names: str, where: str | None = None, unique: bool = False
) -> Index:
    """An index led by `agency_id`; `where` is the same condition on both databases."""
    condition = literal(where) if where else None
    columns = [table.c.agency_id, *(table.c[name] for name in names)]
    return Index(None, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
