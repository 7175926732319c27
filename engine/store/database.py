"""Opens the database and hands out transactions; the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    PoolProxiedConnection,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from engine.domain.people import AgencyId
from engine.store import failures, guards, patience, schema

# The web server's thread limit is 40; each of its threads may hold one reading connection.
READERS = 48
BUSY_TIMEOUT_MS = 10_000
WRITER_CACHE_KIB = 16_384
# Of 4 KiB each. A step writes some thirty pages, most of them the same as the step before: the
# later they are carried over into the database file, the more of them need it only once.
CHECKPOINT_PAGES = 4_000

# For the few questions asked before the agency is known: sessions and the list of agencies.
ANY_AGENCY = AgencyId("")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction of one agency; every function of a noun takes it first."""

    connection: Connection
    agency_id: AgencyId


class Store:
    """The database: SQLite with one writer and many readers, or PostgreSQL.

    `migration_url` belongs to the owner of the tables, `url` to the role of the application.
    A PostgreSQL that does not answer one statement within `answer_s` is taken to be gone.
    """

    def __init__(
        self, url: str, *, migration_url: str | None = None, answer_s: float = patience.ANSWER_S
    ) -> None:
        self._url = make_url(url)
        self._migration_url = make_url(migration_url) if migration_url else self._url
        if self.is_sqlite:
            self._writing = _sqlite_engine(url, "BEGIN IMMEDIATE", readers=1)
            self._reading = _sqlite_engine(url, "BEGIN", readers=READERS, query_only=True)
        else:
            self._writing = _postgresql_engine(url, answer_s)
            self._reading = self._writing.execution_options(
                postgresql_readonly=True, isolation_level="REPEATABLE READ"
            )

    @property
    def url(self) -> str:
        """The address of the database, with its secrets: for connections of other libraries."""
        return self._url.render_as_string(hide_password=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def is_there(self) -> bool:
        """Whether a database may be looked at without being made by the look."""
        return not self.is_sqlite or Path(self._url.database or "").is_file()

    @contextmanager
    def transaction(self, agency_id: AgencyId) -> Iterator[Transaction]:
        """A writing transaction, committed on a clean exit only.

        Raises Conflict when another transaction was in the way: the caller may try again; and
        Unavailable when the database cannot be reached or takes no more.
        """
        with (
            _named_failures(writing=True),
            self._writing.connect() as connection,
            connection.begin(),
        ):
            yield Transaction(connection, agency_id)

    @contextmanager
    def reading(self, agency_id: AgencyId) -> Iterator[Transaction]:
        """A read-only transaction that sees one moment and waits for no writer."""
        with (
            _named_failures(writing=False),
            self._reading.connect() as connection,
            # Ended by a commit: after a rollback PostgreSQL would plan every statement anew.
            connection.begin(),
        ):
            yield Transaction(connection, agency_id)

    @contextmanager
    def as_owner(self, *, references: bool = True) -> Iterator[Transaction]:
        """One transaction of the owner over all agencies; committed on a clean exit only.

        Without `references` SQLite lets a table that others refer to be made anew.
        """
        url = self._migration_url
        if self.is_sqlite:
            engine = _sqlite_engine(
                url.render_as_string(False), "BEGIN IMMEDIATE", readers=1, references=references
            )
        else:
            engine = create_engine(_driver(url), poolclass=NullPool, hide_parameters=True)
        with (
            _named_failures(writing=True),
            engine.connect() as connection,
            connection.begin(),
        ):
            yield Transaction(connection, ANY_AGENCY)
        engine.dispose()

    @property
    def app_role(self) -> str | None:
        """The role of the application where it is not the owner of the tables."""
        role = self._url.username
        return role if role != self._migration_url.username else None

    def migrate(self) -> None:
        """Bring the tables up to date as their owner; raises GuardMissing or SchemaMismatch."""
        with self.as_owner(references=False) as tx:
            schema.upgrade(tx.connection, app_role=self.app_role)

    def check_schema(self) -> None:
        """Prove that the tables are those of this program; raises SchemaMismatch."""
        with self.reading(ANY_AGENCY) as tx:
            schema.check(tx.connection)

    def check_guards(self) -> None:
        """Prove that the audit trail can only grow; raises GuardMissing."""
        with _named_failures(writing=True), self._writing.connect() as connection:
            guards.check(connection)

    def clock(self) -> datetime | None:
        """What time it is at the database; None where it is in this very process."""
        if self.is_sqlite:
            return None
        with self.reading(ANY_AGENCY) as tx:
            found: datetime = tx.connection.execute(select(func.now())).scalar_one()
            return found

    def check_ready(self) -> None:
        """See quickly that work can go on; raises Unavailable, SchemaMismatch or GuardMissing."""
        with self.reading(ANY_AGENCY) as tx:
            schema.check(tx.connection)
            guards.check_in_place(tx.connection)

    def close(self) -> None:
        """Close all connections."""
        self._reading.dispose()
        self._writing.dispose()


@contextmanager
def _named_failures(*, writing: bool) -> Iterator[None]:
    """Name what a database refuses for its own reasons; a faulty statement stays what it is."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        named = failures.named(error, writing=writing)
        if named is None:
            raise
        raise named from error


# Both kinds hide parameters in errors, which are logged: they hold keys and personal text.
def _sqlite_engine(
    url: str, begin: str, *, readers: int, query_only: bool = False, references: bool = True
) -> Engine:
    engine = create_engine(
        url,
        pool_size=readers,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in _pragmas(query_only, references):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(dbapi_connection: PoolProxiedConnection) -> None:
        dbapi_connection.cursor().execute(begin)

    # A listener for the event "begin" would slow down every statement of the engine.
    engine.dialect.do_begin = start  # type: ignore[method-assign]
    return engine


def _pragmas(query_only: bool, references: bool) -> tuple[str, ...]:
    """Settings of one connection.

    Without recursive_triggers INSERT OR REPLACE overwrites a row past the audit triggers; without
    secure_delete a destroyed sealing key stays readable in the file.
    """
    common = (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"foreign_keys={'ON' if references else 'OFF'}",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "secure_delete=FAST",
    )
    if query_only:
        return (*common, "query_only=ON")
    return (*common, f"cache_size=-{WRITER_CACHE_KIB}", f"wal_autocheckpoint={CHECKPOINT_PAGES}")


def _postgresql_engine(url: str, answer_s: float) -> Engine:
    engine = create_engine(
        _driver(make_url(url)),
        pool_size=READERS,
        max_overflow=16,
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=10s", **patience.LINE},
    )
    patience.give_up_after(engine, answer_s)
    return engine


def _driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg")
