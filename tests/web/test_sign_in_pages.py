"""Coming in with a password through the pages: same answers, fresh tokens, nothing in the URL."""

import re
from base64 import b32decode
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.security import SESSION_COOKIE
from api.settings import Settings
from engine.commands.activation import NewSecrets, issue_code, use_code
from engine.commands.desk import Desk
from engine.commands.people import founder
from engine.commands.sessions import Door, Stay
from engine.domain.people import EmployeeId
from engine.domain.totp import code_at, step_at
from engine.store import people
from tests.web.conftest import Clock, Seat, Town

PASSWORD, OTHER, PIN = "kopi pahit di teras", "hujan di bulan juni", "907351"


class Office(Seat):
    """A browser at the real door."""

    desk: Desk
    town: Town

    def nip(self, who: str) -> str:
        with self.desk.store.reading(self.town.office.agency_id) as tx:
            return people.employee(tx, EmployeeId(who)).nip

    def code(self, who: str) -> str:
        return issue_code(
            self.desk, founder(self.town.office.agency_id), employee_id=EmployeeId(who),
            now=self.clock(),
        ).code  # fmt: skip

    def activate(self, who: str, pin: str = "") -> None:
        stay = Stay(timedelta(hours=1), timedelta(hours=1))
        use_code(
            self.desk, nip=self.nip(who), code=self.code(who),
            secrets=NewSecrets(PASSWORD, PASSWORD, pin),
            door=Door("0" * 64, "", "", "id", stay), now=self.clock(),
        )  # fmt: skip

    def sign_in(self, who: str, password: str = PASSWORD):
        self.client.cookies.clear()
        nip = self.nip(who) if len(who) < 18 else who
        return self.post("/sign-in", token=self.token("/sign-in"), nip=nip, password=password)

    def take(self, person: str) -> "Office":
        self.activate(person)
        assert self.sign_in(person).url.path == "/inbox"
        return self


@pytest.fixture
def office(desk: Desk, town: Town) -> Iterator[Office]:
    clock = Clock()
    with TestClient(create_app(desk, Settings(demo=False), clock=clock)) as client:
        made = Office(client, town.cases, clock)
        made.desk, made.town = desk, town
        yield made


def test_a_person_activates_the_account_and_signs_in(office: Office) -> None:
    fields = {"nip": office.nip("analyst"), "code": office.code("analyst")}

    done = office.post(
        "/activate", token=office.token("/activate"), **fields, password=PASSWORD, again=PASSWORD
    )

    assert "Kata sandi Anda tersimpan" in done.text
    assert office.sign_in("analyst").url.path == "/inbox"


def test_unknown_unset_and_wrong_get_the_same_page(office: Office) -> None:
    office.activate("analyst")

    answers = [office.sign_in(who, "salah sekali ini") for who in ("analyst", "clerk", "1" * 18)]

    assert {answer.status_code for answer in answers} == {422}
    assert len({scrubbed(answer.text) for answer in answers}) == 1


def scrubbed(html: str) -> str:
    return re.sub(r'value="[^"]*"', "", html)


def test_what_was_typed_as_password_or_code_never_comes_back(office: Office) -> None:
    secret = "kata yang diketik"

    wrong = office.sign_in("analyst", secret)
    code = office.post(
        "/activate", token=office.token("/activate"), nip="1", code="x", password=secret, again="y"
    )

    assert secret not in wrong.text + code.text


def test_too_many_attempts_are_told_with_the_wait(office: Office) -> None:
    office.activate("analyst")
    answers = [office.sign_in("analyst", "salah sekali ini") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Terlalu banyak percobaan" in answers[-1].text


def test_a_token_known_before_is_worth_nothing_after_signing_in(office: Office) -> None:
    office.activate("analyst")
    office.client.get("/sign-in")
    planted = office.client.cookies[SESSION_COOKIE]

    office.post(
        "/sign-in", token=office.token("/sign-in"), nip=office.nip("analyst"), password=PASSWORD
    )

    mine = office.client.cookies[SESSION_COOKIE]
    assert mine != planted
    office.client.cookies.clear()
    office.client.cookies.set(SESSION_COOKIE, planted)
    assert office.client.get("/inbox").url.path == "/sign-in"


def test_the_cookie_is_kept_from_scripts_and_other_sites(desk: Desk) -> None:
    app = create_app(desk, Settings(demo=False, secure_cookies=True), clock=Clock())
    with TestClient(app, base_url="https://testserver") as client:
        cookie = client.get("/sign-in").headers["set-cookie"].lower()

    assert all(word in cookie for word in ("httponly", "samesite=lax", "secure", "path=/"))


def test_with_an_app_no_page_opens_before_the_code(office: Office) -> None:
    office.take("analyst")
    secret = set_app(office)
    office.clock.now += timedelta(minutes=2)

    half = office.sign_in("analyst")

    assert half.url.path == "/sign-in/code"
    for path in ("/inbox", "/account", "/api/v1/work-items"):
        assert office.client.get(path).url.path == "/sign-in" or path.startswith("/api")
    assert office.client.get("/api/v1/work-items").status_code == 401
    code = code_at(secret, step_at(office.clock()))
    whole = office.post("/sign-in/code", token=office.token("/sign-in/code"), code=code)
    assert whole.url.path == "/inbox"


def set_app(office: Office) -> bytes:
    page = office.post("/account/app", current=PASSWORD, op="start")
    secret = b32decode(re.search(r"<code>(\w+)</code>", page.text)[1])
    code = code_at(secret, step_at(office.clock()))
    done = office.post("/account/app/confirm", code=code)
    assert "sudah terpasang" in done.text
    return secret


def test_a_new_password_signs_out_everywhere_else_and_is_told(office: Office) -> None:
    office.take("analyst")
    before = office.client.cookies[SESSION_COOKIE]

    done = office.post("/account/password", current=PASSWORD, password=OTHER, again=OTHER)

    assert "semua perangkat lain sudah dikeluarkan" in done.text
    office.client.cookies.clear()
    office.client.cookies.set(SESSION_COOKIE, before)
    assert office.client.get("/inbox").url.path == "/sign-in"


def test_the_account_shows_devices_and_what_happened(office: Office) -> None:
    office.take("analyst")

    page = office.client.get("/account").text

    assert "perangkat ini" in page
    assert "Kode sekali pakai diterbitkan" in page
    assert "Kata sandi diatur" in page
    assert '<td data-l="Oleh">sistem</td>' in page


def test_signing_out_of_the_other_devices_leaves_this_one(office: Office) -> None:
    office.take("analyst")
    first = office.client.cookies[SESSION_COOKIE]
    office.sign_in("analyst")

    office.post("/account/sessions")

    assert office.client.get("/inbox").url.path == "/inbox"
    office.client.cookies.clear()
    office.client.cookies.set(SESSION_COOKIE, first)
    assert office.client.get("/inbox").url.path == "/sign-in"


def test_a_session_without_use_ends_and_one_in_use_stays(office: Office) -> None:
    office.take("analyst")
    for _ in range(3):
        office.clock.now += timedelta(minutes=100)
        assert office.client.get("/inbox").url.path == "/inbox"

    office.clock.now += timedelta(minutes=121)

    assert office.client.get("/inbox").url.path == "/sign-in"


def test_hr_prints_cards_with_masked_numbers_and_codes_that_work(office: Office) -> None:
    office.take("hr_officer")
    page = office.client.get("/cards?unit=bidang").text
    assert page.count('name="who"') == 3

    cards = office.post("/cards", unit="bidang", more={"who": ["analyst", "clerk"]}).text

    codes = re.findall(r'class="one-time">([^<]+)<', cards)
    assert len(codes) == 2
    assert office.nip("analyst") not in cards
    assert "data:image/svg+xml" in cards
    fields = {"nip": office.nip("analyst"), "code": codes[0]}
    done = office.post(
        "/activate", token=office.token("/activate"), **fields, password=OTHER, again=OTHER
    )
    assert "Kata sandi Anda tersimpan" in done.text


@pytest.mark.parametrize("path", ["/cards", "/cards?unit=bidang", "/duties"])
def test_pages_of_others_look_as_if_they_were_not_there(office: Office, path: str) -> None:
    office.take("analyst")

    assert office.client.get(path).status_code == 404


def test_duties_need_a_second_person_on_the_page_too(office: Office) -> None:
    office.take("hr_officer")
    proposed = office.post("/duties", nip=office.nip("analyst"), function="auditor", unit="")
    proposal = re.search(r"/duties/([^/]+)/decision", proposed.text)[1]

    own = office.post(f"/duties/{proposal}/decision", op="confirm")
    office.take("hr_colleague")
    second = office.post(f"/duties/{proposal}/decision", op="confirm")

    assert own.status_code == 403
    assert "Disetujui" in second.text
    assert "Nama analyst" in second.text


def test_in_the_demonstration_no_password_is_asked(seat: Seat) -> None:
    assert 'name="password"' not in seat.client.get("/sign-in").text
    assert seat.take("analyst").client.get("/account").status_code == 200
