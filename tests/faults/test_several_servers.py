"""Two application processes on PostgreSQL are one product: nothing is kept in one of them only."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.security import SESSION_COOKIE, new_token
from engine.commands.activation import NewSecrets, issue_code, use_code
from engine.commands.credentials import confirm_app, start_app
from engine.commands.people import founder
from engine.commands.sessions import Door, Stay
from engine.domain.people import EmployeeId
from engine.domain.totp import code_at, step_at
from engine.store import people
from tests.cases import Case
from tests.commands.accounts import PASSWORD, STAY
from tests.machines import Answer, Machine, Machines, free_port, machines, session_of
from tests.office import Office
from tests.ready import Offices

ON_POSTGRESQL = pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
REPLY = {"answers": {"text": "Sudah dibaca.", "number": 7}}


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


@pytest.fixture
def fleet(office: Office, offices: Offices, tmp_path: Path) -> Iterator[Machines]:
    with machines(offices.url, tmp_path) as made:
        yield made


def activate(office: Office, person: str) -> str:
    """A password for a person; his NIP."""
    now = datetime.now(UTC)
    with office.desk.store.reading(office.agency_id) as tx:
        nip = people.employee(tx, EmployeeId(person)).nip
    issued = issue_code(
        office.desk, founder(office.agency_id), employee_id=EmployeeId(person), now=now
    )
    secrets = NewSecrets(PASSWORD, PASSWORD)
    door = Door("0" * 64, "", "", "id", Stay(*vars(STAY).values()))
    use_code(office.desk, nip=nip, code=issued.code, secrets=secrets, door=door, now=now)
    return nip


def door_token(machine: Machine, path: str = "/sign-in") -> tuple[str, str]:
    """Cookie and form token of a browser that opens a door's page."""
    answer = machine.ask("GET", path)
    cookie = re.search(rf"{SESSION_COOKIE}=([^;]+)", answer.headers.get("set-cookie", ""))
    token = cookie[1] if cookie else new_token()
    return token, re.search(r'name="csrf_token" value="([^"]+)"', answer.text)[1]


def send_form(shown_by: Machine, sent_to: Machine, path: str, **fields: str) -> tuple[Answer, str]:
    """A form that one process showed, sent to the other; its answer and the new session."""
    token, form_token = door_token(shown_by, path)
    body = {"csrf_token": form_token, **fields}
    answer = sent_to.ask("POST", path, token=token, body=body, form="yes")
    cookie = re.search(rf"{SESSION_COOKIE}=([^;]+)", answer.headers.get("set-cookie", ""))
    return answer, cookie[1] if cookie else token


@ON_POSTGRESQL
def test_who_signs_in_at_one_works_at_the_other(office: Office, fleet: Machines):
    nip, case = activate(office, "analyst"), Case.start(office, now=datetime.now(UTC))
    one, other = fleet.serve(), fleet.serve()

    answer, token = send_form(one, other, "/sign-in", nip=nip, password=PASSWORD)
    item = case.open["answer"].id
    shown = one.ask("GET", f"/api/v1/work-items/{item}", token=token)
    sent = other.ask(
        "POST", f"/api/v1/work-items/{item}/completion", token=token, body=REPLY,
        Idempotency_Key="once",
    )  # fmt: skip
    again = one.ask(
        "POST", f"/api/v1/work-items/{item}/completion", token=token, body=REPLY,
        Idempotency_Key="once",
    )  # fmt: skip

    assert (answer.status, shown.status, sent.status, again.status) == (303, 200, 200, 200)
    assert again.json == sent.json
    assert case.open == {}


@ON_POSTGRESQL
def test_wrong_tries_at_both_are_counted_together(office: Office, fleet: Machines):
    nip = activate(office, "analyst")
    servers = [fleet.serve(), fleet.serve()]

    ends = [
        send_form(servers[n % 2], servers[n % 2], "/sign-in", nip=nip, password="salah sekali")[0]
        for n in range(12)
    ]

    assert {ends[0].status, ends[-1].status} == {422, 429}


@ON_POSTGRESQL
def test_a_code_of_the_app_opens_one_door_only(office: Office, fleet: Machines):
    nip, now = activate(office, "analyst"), datetime.now(UTC)
    actor = office.actor("analyst", now)
    secret = start_app(office.desk, actor, password=PASSWORD, now=now)
    confirm_app(office.desk, actor, code=code_at(secret, step_at(now) - 1), now=now)
    one, other = fleet.serve(), fleet.serve()

    ends = []
    code = code_at(secret, step_at(now))
    for machine in (one, other):
        _, half = send_form(machine, machine, "/sign-in", nip=nip, password=PASSWORD)
        page = machine.ask("GET", "/sign-in/code", token=half)
        form_token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        body = {"csrf_token": form_token, "code": code}
        ends.append(machine.ask("POST", "/sign-in/code", token=half, body=body, form="yes").status)

    assert ends == [303, 422]


@ON_POSTGRESQL
def test_what_is_deployed_at_one_runs_at_the_other(office: Office, fleet: Machines):
    hr = session_of(office, "hr_officer")
    analyst = session_of(office, "analyst")
    one, other = fleet.serve(), fleet.serve()
    assert one.ask("GET", "/api/v1/definitions", token=hr).status == 200

    deployed = fleet.alur("deploy", "national", "--data", str(fleet.folder))
    known = other.ask("GET", "/api/v1/definitions", token=hr)
    cycle = {"name": "Tahun 2026", "starts": "2026-01-01", "ends": "2026-12-31"}
    opened = one.ask(
        "POST", "/api/v1/cycles", token=hr, body={"system": "national", **cycle},
        Idempotency_Key="cycle",
    )  # fmt: skip

    assert deployed.returncode == 0, deployed.stderr
    assert "national" in known.text
    assert opened.status == 201, opened.text
    assert other.ask("GET", "/inbox", token=analyst).status == 200


@ON_POSTGRESQL
def test_the_log_of_a_whole_journey_tells_of_nobody(office: Office, fleet: Machines):
    nip, case = activate(office, "analyst"), Case.start(office, now=datetime.now(UTC))
    hr, machine = session_of(office, "hr_officer"), fleet.serve()
    typed = {"text": "RAHASIA PENDAPAT SAYA", "number": 7}
    item = case.open["answer"].id

    send_form(machine, machine, "/sign-in", nip=nip, password="kata RAHASIA salah")
    _, token = send_form(machine, machine, "/sign-in", nip=nip, password=PASSWORD)
    for path in ("/inbox", f"/work-items/{item}", f"/cases/{case.id}", f"/people/{nip}"):
        machine.ask("GET", path, token=token)
    machine.ask("GET", f"/search?q=Nama+analyst&nip={nip}", token=hr)
    machine.ask("GET", f"/api/v1/cases?q=Nama+analyst&nip={nip}", token=hr)
    completion = f"/api/v1/work-items/{item}/completion"
    for number, answers in enumerate(({"text": "RAHASIA"}, typed)):
        body, key = {"answers": answers}, f"key-{number}"
        machine.ask("POST", completion, token=token, body=body, Idempotency_Key=key)

    lines = [line for line in machine.said.splitlines() if line.startswith("{")]
    assert case.open == {}
    assert len(lines) >= 10
    assert any("/work-items/{item_id}" in line for line in lines)
    for planted in ("RAHASIA", "Nama", nip, PASSWORD, token, "analyst"):
        assert planted not in "".join(lines)


@ON_POSTGRESQL
def test_processes_behind_one_port_count_together(office: Office, fleet: Machines):
    port, token = free_port(), session_of(office, "analyst")
    machine = fleet.serve(ALUR_PROCESSES="2", ALUR_METRICS_PORT=str(port))

    statuses = {machine.ask("GET", "/inbox", token=token).status for _ in range(20)}
    machine.ask("GET", "/no/such/RAHASIA")
    figures = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    end = machine.stop()

    assert statuses == {200}
    assert 'alur_requests_total{method="GET",route="/inbox",status="200"} 20.0' in figures
    assert 'route="unknown",status="404"} 1.0' in figures
    assert "alur_up 1.0" in figures
    assert "alur_overdue_timers 0.0" in figures
    assert "RAHASIA" not in figures
    assert end == 0


@pytest.mark.parametrize("offices", ["sqlite"], indirect=True)
def test_several_processes_are_refused_on_sqlite(office: Office, fleet: Machines):
    result = fleet.alur("serve", "--data", str(fleet.folder), ALUR_PROCESSES="2")

    assert result.returncode == 1
    assert "PostgreSQL" in result.stderr
