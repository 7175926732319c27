"""What the product stands on fails: a clear 503, nothing half done, and work goes on afterwards.

One fault at a time, small: R4 (no page more), R2 (connections cut and refused) and R13 (nobody gets
a connection) of the fault catalogue. The same with real processes, disks and lines, many times:
`test_crashes.py`, `test_full_disk.py`, `test_lines.py`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from api.app import create_app
from api.security import SESSION_COOKIE, form_token
from api.settings import Settings
from engine.commands.evidence import store_evidence
from engine.errors import Unavailable
from engine.store import files
from engine.store.vault import Folder
from tests.cases import Case, problems
from tests.machines import ago, session_of
from tests.office import Office
from tests.postgres import PostgresServer
from tests.ready import Offices

REPLY = {"answers": {"text": "RAHASIA " * 200, "number": 7}}
SENTENCE = "sedang tidak dapat menyimpan"


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


@pytest.fixture
def case(office: Office) -> Case:
    return Case.start(office, now=ago(1))


class Browser:
    """One signed-in person at the application."""

    def __init__(self, office: Office) -> None:
        self.client = TestClient(create_app(office.desk, Settings()))
        self.token = session_of(office, "analyst")
        self.client.cookies.set(SESSION_COOKIE, self.token)

    def send(self, case: Case, item_id: str):
        headers = {"X-CSRF-Token": form_token(self.token), "Idempotency-Key": item_id}
        path = f"/api/v1/work-items/{item_id}/completion"
        return self.client.post(path, json=REPLY, headers=headers)


@contextmanager
def no_room(office: Office) -> Iterator[None]:
    """The database may not grow by a page."""
    pages = "PRAGMA max_page_count"
    with office.desk.store.transaction(office.agency_id) as tx:
        before = tx.connection.exec_driver_sql(pages).scalar_one()
        tx.connection.exec_driver_sql(f"{pages}=1")
    yield
    with office.desk.store.transaction(office.agency_id) as tx:
        tx.connection.exec_driver_sql(f"{pages}={before}")


@pytest.mark.parametrize("offices", ["sqlite"], indirect=True)
def test_on_a_full_disk_reading_goes_on_and_nothing_is_half_sent(office: Office, case: Case):
    browser, item = Browser(office), case.open["answer"].id

    with no_room(office):
        refused = browser.send(case, item)
        page = browser.client.get("/inbox")
        kept = list(case.open)
    sent = browser.send(case, item)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert SENTENCE in refused.json()["title"]
    assert (page.status_code, kept) == (200, ["answer"])
    assert sent.status_code == 200
    assert problems(office) == []


@pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
def test_while_the_database_is_gone_everybody_is_told_and_then_it_goes_on(
    office: Office, case: Case, offices: Offices, postgres_server: PostgresServer
):
    browser, item = Browser(office), case.open["answer"].id

    with gone(postgres_server, offices.url):
        answers = [browser.client.get("/inbox"), browser.send(case, item)]
        ready, alive = browser.client.get("/readyz"), browser.client.get("/healthz")
    back = [browser.client.get("/readyz"), browser.client.get("/inbox"), browser.send(case, item)]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert SENTENCE in answers[0].text
    assert (ready.status_code, alive.status_code) == (503, 200)
    assert [answer.status_code for answer in back] == [200, 200, 200]
    assert problems(office) == []


@contextmanager
def gone(server: PostgresServer, url: str) -> Iterator[None]:
    """All connections to a database are cut, and new ones refused."""
    name, admin = make_url(url).database, server.admin.set(drivername="postgresql")
    address = admin.render_as_string(hide_password=False)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute(cut, (name,))
        yield
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@pytest.mark.parametrize("offices", ["sqlite"], indirect=True)
def test_who_gets_no_connection_is_told_to_wait(
    office: Office, case: Case, monkeypatch: pytest.MonkeyPatch
):
    browser, item, release, held = (
        Browser(office), case.open["answer"].id, threading.Event(), threading.Event()
    )  # fmt: skip
    monkeypatch.setattr(office.desk.store._writing.pool, "_timeout", 0.1)

    def hold() -> None:
        with office.desk.store.transaction(office.agency_id):
            held.set()
            release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    refused, page = browser.send(case, item), browser.client.get("/inbox")
    release.set()
    holder.join()

    assert (refused.status_code, page.status_code) == (503, 200)
    assert browser.send(case, item).status_code == 200


def test_a_file_that_cannot_be_stored_leaves_no_trace(office: Office, case: Case, tmp_path: Path):
    (tmp_path / "full").write_text("no folder")
    desk = replace(office.desk, files=Folder(tmp_path / "full"))
    item, actor = case.open["answer"].id, office.actor("analyst", ago(0))

    with pytest.raises(Unavailable):
        store_evidence(desk, actor, item_id=item, name="a.pdf", content=b"%PDF-1.7", now=ago(0))

    with office.desk.store.reading(office.agency_id) as tx:
        assert files.of_item(tx, item) == ()
    assert "file.added" not in case.actions
