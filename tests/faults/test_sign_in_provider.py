"""A sign-in provider that is gone, slow or lying lets nobody in; the password still does."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from api.app import create_app
from api.security import SESSION_COOKIE, form_token
from api.settings import Provider, Settings
from engine.commands.activation import NewSecrets, issue_code, use_code
from engine.commands.credentials import confirm_app, start_app
from engine.commands.people import founder
from engine.commands.sessions import Door, Stay
from engine.domain.people import EmployeeId
from engine.domain.totp import code_at, step_at
from engine.rules.deadlines import local_date
from engine.store import audit, organisation, sessions, tables
from tests.cases import trail
from tests.evidence import Evidence
from tests.office import Office
from tests.provider import (
    CLIENT_ID,
    SECRET,
    Liar,
    free_port,
    liar_before,
    provider_process,
    with_query,
)
from tests.ready import Offices
from tests.session import count

START, BACK = "/sign-in/with/sso", "/sign-in/with/sso/return"
CLERK = EmployeeId("clerk")
PASSWORD = "kopi pahit di teras"
# The office numbers its people in the order of their positions.
NIPS = {
    "clerk": "198001012010011006", "stranger": "197001011995011999", "nobody": "", "nameless": None,
}  # fmt: skip
LIES = {
    "down": 503,
    "no_json": 503,
    "endless": 503,
    "other_issuer": 502,
    "plain_elsewhere": 503,
    "other_key": 502,
    "unsigned": 502,
    "changed": 502,
    "other_nonce": 502,
    "other_audience": 502,
}


@dataclass
class Hour:
    """The wall clock, which a test may put forward: the provider lives by the real one."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Arrival:
    """A browser at the door of an office whose people may come in through the provider."""

    office: Office
    client: TestClient
    liar: Liar
    hour: Hour = field(default_factory=Hour)

    def begin(self):
        """Press the button of the provider."""
        return self.client.get(START, follow_redirects=False)

    def consented(self, who: str) -> str:
        """Begin and consent at the provider; where the browser is sent back to."""
        back = urlsplit(self.liar.consent(self.begin().headers["location"], who))
        return f"{back.path}?{back.query}"

    def arrive(self, address: str):
        """Come back to the product."""
        return self.client.get(address, follow_redirects=False)

    def is_in(self) -> bool:
        """Whether the browser's cookie opens the inbox."""
        return self.client.get("/inbox", follow_redirects=False).status_code == 200

    def refusals(self) -> list[str]:
        """What the trail of the door says of today."""
        day = (datetime.now(UTC) + self.hour.ahead).date().isoformat()
        chain = audit.object_chain("door", day)
        return [event["values"]["reason"] for event in trail(self.office, chain)]


@pytest.fixture(scope="module")
def process() -> Iterator[int]:
    """The provider; its port."""
    with provider_process(NIPS) as port:
        yield port


@pytest.fixture
def liar(process: int) -> Iterator[Liar]:
    """Between the product and the provider; honest unless told to lie."""
    with liar_before(process) as found:
        yield found


@pytest.fixture
def arrival(offices: Offices, liar: Liar, tmp_path: Path) -> Iterator[Arrival]:
    """A browser that has nothing yet."""
    office, hour = offices.open("window"), Hour()
    app = create_app(office.desk, settings(tmp_path, office, liar.issuer), clock=hour)
    with TestClient(app) as client:
        yield Arrival(office, client, liar, hour)


def settings(folder: Path, office: Office, issuer: str) -> Settings:
    (folder / "secret").write_text(SECRET + "\n")
    provider = Provider(
        key="sso", name="SSO Kabupaten", issuer=issuer, client_id=CLIENT_ID,
        secret_file=folder / "secret", agency=office.agency_id,
    )  # fmt: skip
    return Settings(oidc_providers=(provider,), public_address="http://testserver")


def open_account(arrival: Arrival) -> bytes:
    """The clerk sets a password and an app; its secret."""
    office, now = arrival.office, arrival.hour() - timedelta(minutes=5)
    with office.desk.store.reading(office.agency_id) as tx:
        nip = organisation.employee_record(tx, CLERK).nip
    day = timedelta(days=1)
    door = Door("f" * 64, "", "", "id", Stay(day, day))
    code = issue_code(office.desk, founder(office.agency_id), employee_id=CLERK, now=now).code
    use_code(
        office.desk, nip=nip, code=code, secrets=NewSecrets(PASSWORD, PASSWORD), door=door, now=now
    )
    clerk = office.actor("clerk", now)
    secret = start_app(office.desk, clerk, password=PASSWORD, now=now)
    confirm_app(office.desk, clerk, code=code_at(secret, step_at(now)), now=now)
    return secret


def test_an_employee_comes_in_by_the_nip_and_the_session_says_how(arrival: Arrival) -> None:
    before = arrival.client.get("/sign-in").cookies.get(SESSION_COOKIE)

    answer = arrival.arrive(arrival.consented("clerk"))

    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert answer.cookies[SESSION_COOKIE] != before
    assert arrival.is_in()
    now = arrival.hour()
    with arrival.office.desk.store.reading(arrival.office.agency_id) as tx:
        (session,) = sessions.of_employee(tx, CLERK, now=now)
        day = local_date(now, arrival.office.desk.calendar(tx, now))
    assert session.way == "oidc"
    (event,) = trail(arrival.office, audit.actor_day(CLERK, day))
    assert (event["action"], event["values"]["kind"]) == ("session.opened", "oidc")


def test_the_own_app_is_asked_of_who_has_set_it_up(arrival: Arrival) -> None:
    secret = open_account(arrival)

    answer = arrival.arrive(arrival.consented("clerk"))
    assert (answer.headers["location"], arrival.is_in()) == ("/sign-in/code", False)

    token = form_token(arrival.client.cookies[SESSION_COOKIE])
    code = code_at(secret, step_at(arrival.hour()))
    arrival.client.post("/sign-in/code", data={"csrf_token": token, "code": code})

    assert arrival.is_in()


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_nobody_is_created_for_a_nip_that_is_not_known(arrival: Arrival, who: str) -> None:
    answer = arrival.arrive(arrival.consented(who))

    assert answer.status_code == 403
    assert "tidak ada pegawai aktif di sini" in answer.text
    assert not arrival.is_in()


@pytest.mark.parametrize(("lie", "asked"), [("", True), ("no_access_token", False)])
def test_who_has_no_nip_at_the_provider_stays_outside_and_leaves_nothing(
    arrival: Arrival, lie: str, *, asked: bool
) -> None:
    address = arrival.consented("nameless")
    arrival.liar.lie = lie

    answer = arrival.arrive(address)

    assert (answer.status_code, arrival.is_in()) == (403, False)
    assert "tidak ada pegawai aktif di sini" in answer.text
    assert arrival.refusals() == []
    assert any("userinfo" in place for place in arrival.liar.heard) is asked
    with arrival.office.desk.store.reading(arrival.office.agency_id) as tx:
        assert tx.connection.execute(select(tables.session)).all() == []


def test_who_left_service_does_not_come_in(arrival: Arrival) -> None:
    with arrival.office.desk.store.transaction(arrival.office.agency_id) as tx:
        clerk = tables.employee.c.id == CLERK
        tx.connection.execute(update(tables.employee).where(clerk).values(active=False))

    answer = arrival.arrive(arrival.consented("clerk"))

    assert (answer.status_code, arrival.refusals()) == (403, ["oidc_unknown_person"])


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_or_broken_provider_lets_nobody_in(arrival: Arrival, lie: str) -> None:
    if lie in {"other_nonce", "other_audience"}:
        arrival.liar.lie = lie
    address = arrival.consented("clerk")
    arrival.liar.lie = lie

    answer = arrival.arrive(address)

    assert (answer.status_code, arrival.is_in()) == (LIES[lie], False)
    assert "kata sandi" in answer.text
    assert arrival.client.get("/sign-in").status_code == 200


def test_through_many_outages_people_are_told_and_come_in_when_it_is_over(
    arrival: Arrival, offices: Offices, rng: random.Random, evidence: Evidence
) -> None:
    outages, let_in = count(4, 50), 0
    lies = [lie for lie in LIES if lie not in {"other_nonce", "other_audience"}]

    for _ in range(outages):
        address, lie = arrival.consented("clerk"), rng.choice(lies)
        arrival.liar.lie = lie
        refused = arrival.arrive(address)
        arrival.liar.lie = ""
        assert (refused.status_code, arrival.is_in()) == (LIES[lie], False)
        assert "kata sandi" in refused.text
        arrival.arrive(arrival.consented("clerk"))
        let_in += arrival.is_in()
        arrival.client.cookies.clear()

    assert let_in == outages
    evidence.record(f"provider_outages.{offices.kind}.outages", outages)
    evidence.record(f"provider_outages.{offices.kind}.let_in_afterwards", let_in)


@pytest.mark.parametrize("lie", ["hangs", "drops"])
def test_a_provider_that_keeps_people_waiting_is_given_up(arrival: Arrival, lie: str) -> None:
    address = arrival.consented("clerk")
    arrival.liar.lie = lie

    answer = arrival.arrive(address)

    assert (answer.status_code, arrival.is_in()) == (503, False)
    assert "sedang tidak menjawab" in answer.text


def test_a_provider_that_is_gone_is_said_so_and_the_password_still_works(
    offices: Offices, tmp_path: Path, evidence: Evidence
) -> None:
    office, tries = offices.open("window"), count(5, 50)
    gone = settings(tmp_path, office, f"http://127.0.0.1:{free_port()}")
    with TestClient(create_app(office.desk, gone, clock=Hour())) as client:
        answers = [client.get(START, follow_redirects=False) for _ in range(tries)]

        assert [answer.status_code for answer in answers] == [503] * tries
        assert "masuk dengan NIP dan kata sandi" in answers[0].text
        assert 'name="password"' in client.get("/sign-in").text
    evidence.record(f"provider_gone.{offices.kind}.answered_clearly", tries)


def test_a_return_is_good_once_for_the_browser_that_began(arrival: Arrival) -> None:
    address, began = arrival.consented("clerk"), arrival.client.cookies[SESSION_COOKIE]
    arrival.client.cookies.clear()
    assert arrival.arrive(address).status_code == 400

    arrival.client.cookies[SESSION_COOKIE] = began
    assert arrival.arrive(address).status_code == 303

    arrival.client.cookies.clear()
    arrival.client.cookies[SESSION_COOKIE] = began
    again = arrival.arrive(address)
    assert (again.status_code, arrival.is_in()) == (400, False)


def test_a_forged_late_or_missing_state_is_refused_before_the_provider_is_asked(
    arrival: Arrival,
) -> None:
    address = arrival.consented("clerk")
    arrival.liar.heard.clear()

    forged = [with_query(address, state=state) for state in ("", "9999999999.x.y", "a.b", ".")]
    answers = [arrival.arrive(place).status_code for place in (*forged, BACK)]
    arrival.hour.ahead = timedelta(minutes=11)
    late = arrival.arrive(address)

    assert answers == [400] * 5
    assert (late.status_code, arrival.liar.heard) == (400, [])


def test_an_expired_token_is_refused(arrival: Arrival) -> None:
    address = arrival.consented("clerk")
    arrival.hour.ahead = timedelta(minutes=5)

    answer = arrival.arrive(address)

    assert (answer.status_code, arrival.refusals()) == (502, ["oidc_untrusted"])


def test_who_says_no_at_the_provider_stays_outside(arrival: Arrival) -> None:
    begun = arrival.begin().headers["location"]
    said_no = urlsplit(arrival.liar.deny(begun))
    address = with_query(f"{BACK}?{said_no.query}", **_state(begun))

    answer = arrival.arrive(address)

    assert (answer.status_code, arrival.is_in()) == (403, False)


def _state(address: str) -> dict[str, str]:
    query = dict(part.split("=", 1) for part in urlsplit(address).query.split("&"))
    return {"state": query["state"]}


def test_the_way_back_is_a_setting_and_leads_nowhere_else(arrival: Arrival) -> None:
    sent = arrival.client.get(
        f"{START}?next=https://evil.example", headers={"host": "localhost"}, follow_redirects=False
    )
    crossed = arrival.client.get(
        START, headers={"sec-fetch-site": "cross-site"}, follow_redirects=False
    )
    address = arrival.consented("clerk")
    arrived = arrival.arrive(with_query(address, next="https://evil.example", iss="https://evil"))

    assert "redirect_uri=http%3A%2F%2Ftestserver%2Fsign-in" in sent.headers["location"]
    assert "evil" not in sent.headers["location"]
    assert crossed.headers["location"] == "/sign-in"
    assert arrived.headers["location"] == "/inbox"


def test_without_settings_there_is_no_such_door(offices: Offices) -> None:
    office = offices.open("window")
    with TestClient(create_app(office.desk, Settings(), clock=Hour())) as client:
        assert [client.get(place).status_code for place in (START, BACK)] == [404, 404]
        assert "/sign-in/with" not in client.get("/sign-in").text
