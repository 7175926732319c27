"""No byte is left for the database, for files or for the log: nothing is half done, work resumes.

R4 of the fault catalogue, on a real disk of a few MiB where the tests may make one.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from engine.commands.evidence import store_evidence
from engine.errors import Unavailable
from engine.store import files
from engine.store.vault import Folder
from tests.cases import NOW, Case, problems
from tests.evidence import Evidence
from tests.faults.disks import MAY_MOUNT, Disk, small_disk
from tests.faults.forked import Server, serving
from tests.faults.laps import answers, laps
from tests.faults.test_kill import completed, submitted
from tests.machines import Answer, ask, session_of
from tests.office import Office
from tests.postgres import PostgresServer
from tests.ready import Offices
from tests.session import count

# A database server of another user is filled on a disk of its own or not at all.
KINDS = ["sqlite", "postgresql"] if MAY_MOUNT else ["sqlite"]
SENTENCE = "sedang tidak dapat menyimpan"
ENOUGH = 3_000
PDF = b"%PDF-1.7 " + b"RAHASIA" * 10_000


@dataclass
class Cramped:
    """An office whose database lies on a small disk."""

    office: Office
    disk: Disk
    url: str


@pytest.fixture(params=KINDS)
def cramped(
    request: pytest.FixtureRequest, session_folder: Path, tmp_path: Path
) -> Iterator[Cramped]:
    """On each kind of database that can be filled here."""
    if request.param == "sqlite":
        with small_disk(tmp_path / "disk", mib=16) as disk:
            made = Offices("sqlite", session_folder, disk.folder, None)
            yield Cramped(made.open("laps"), disk, made.url)
            made.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with small_disk(server.folder / f"disk-{tmp_path.name}", mib=64) as disk:
        shutil.chown(disk.folder, "nobody")
        made = Offices("postgresql", session_folder, tmp_path, server)
        office = made.open("laps")
        move(server, made.url, disk.folder, office)
        yield Cramped(office, disk, made.url)
        made.close()
        as_admin(server, f'DROP TABLESPACE "{tmp_path.name}"')


def move(server: PostgresServer, url: str, folder: Path, office: Office) -> None:
    """Move a database to a folder; its log stays where it was."""
    office.desk.store.close()
    name = make_url(url).database
    space = folder.name.removeprefix("disk-")
    as_admin(server, f"CREATE TABLESPACE \"{space}\" LOCATION '{folder}'")
    as_admin(server, f'ALTER DATABASE "{name}" SET TABLESPACE "{space}"')


def as_admin(server: PostgresServer, statement: str) -> None:
    """One statement as the owner of the server."""
    address = server.admin.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def test_a_full_disk_takes_nothing_half_and_work_resumes_without_a_restart(
    cramped: Cramped, tmp_path: Path, evidence: Evidence
):
    fillings, office = count(2, 20), cramped.office
    tokens: dict[str, str] = {}
    taken, refused = 0, 0

    with serving(cramped.url, tmp_path, system="laps") as server:
        pid, full = server.process.pid or 0, False
        for item, lap in laps(office):
            person = item.assignee_id or ""
            token = tokens.setdefault(person, session_of(office, person))
            if not full:
                cramped.disk.fill(pid)
                full = True
            answer = hand_in(server, token, item.id, lap)
            if answer.status == 503:
                assert (SENTENCE in answer.json["title"], answer.headers["retry-after"]) == (
                    True, "10",
                )  # fmt: skip
                assert ask(server.port, "GET", "/inbox", token=token).status == 200
                cramped.disk.free(pid)
                refused, full = refused + 1, False
                answer = hand_in(server, token, item.id, lap)
            assert answer.status == 200, answer.text
            taken += 1
            # The next case must be made, which needs room as well.
            cramped.disk.free(pid)
            full = False
            if refused == fillings or taken == ENOUGH:
                break

    assert refused == fillings
    assert len(submitted(office)) == taken
    assert set(completed(office).values()) == {1}
    assert problems(office) == []
    kind = "sqlite" if cramped.url.startswith("sqlite") else "postgresql"
    evidence.record(f"full_disk.{kind}.fillings", fillings)
    evidence.record(f"full_disk.{kind}.half_done", len(submitted(office)) - taken)


def hand_in(server: Server, token: str, item: str, lap: int) -> Answer:
    """Hand in one lap with a long text."""
    path, body = f"/api/v1/work-items/{item}/completion", {"answers": answers(lap)}
    return ask(server.port, "POST", path, token=token, body=body, Idempotency_Key=item)


def test_a_file_for_which_no_room_is_left_leaves_no_trace(
    offices: Offices, tmp_path: Path, evidence: Evidence
):
    office, fillings = offices.open("window"), count(2, 20)
    case = Case.start(office)
    item, actor = case.open["answer"].id, office.actor("analyst", NOW)

    with small_disk(tmp_path / "vault", mib=3) as disk:
        desk = replace(office.desk, files=Folder(disk.folder / "files"))
        for number in range(fillings):
            content = PDF + b"%d" % number
            full(disk)
            with pytest.raises(Unavailable):
                store_evidence(desk, actor, item_id=item, name="a.pdf", content=content, now=NOW)
            with office.desk.store.reading(office.agency_id) as tx:
                assert files.of_item(tx, item) == ()
            emptied(disk)
        kept = store_evidence(desk, actor, item_id=item, name="a.pdf", content=PDF, now=NOW)

    assert kept
    assert case.actions.count("file.added") == 1
    assert problems(office) == []
    evidence.record(f"full_disk.files.{offices.kind}.fillings", fillings)


def full(disk: Disk) -> None:
    """Leave no room; without a disk of its own, a file stands where the folder should."""
    if MAY_MOUNT:
        disk.fill(0)
        return
    shutil.rmtree(disk.folder / "files", ignore_errors=True)
    (disk.folder / "files").write_text("no folder")


def emptied(disk: Disk) -> None:
    """Room again."""
    if MAY_MOUNT:
        disk.free(0)
        return
    (disk.folder / "files").unlink()


@pytest.mark.parametrize("offices", ["sqlite"], indirect=True)
def test_people_go_on_working_when_nothing_can_be_logged(offices: Offices, tmp_path: Path):
    office = offices.open("laps")
    item, lap = next(laps(office))
    token = session_of(office, item.assignee_id or "")

    with serving(offices.url, tmp_path, system="laps", log="/dev/full") as server:
        told = [
            ask(server.port, "GET", "/inbox", token=token).status,
            ask(server.port, "GET", "/no/such/page", token=token).status,
            hand_in(server, token, item.id, lap).status,
        ]

    assert told == [200, 404, 200]
