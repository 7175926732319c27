"""Two application processes on PostgreSQL are one product: nothing is kept in one of them only."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

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
from tests.machines import Answer, Machine, Machines, machines, session_of
from tests.office import Office
from tests.ready import Offices

pytestmark = pytest.mark.parametrize("offices", ["postgresql"], indirect=True)
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


def test_wrong_tries_at_both_are_counted_together(office: Office, fleet: Machines):
    nip = activate(office, "analyst")
    servers = [fleet.serve(), fleet.serve()]

    ends = [
        send_form(servers[n % 2], servers[n % 2], "/sign-in", nip=nip, password="salah sekali")[0]
        for n in range(12)
    ]

    assert {ends[0].status, ends[-1].status} == {422, 429}


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
