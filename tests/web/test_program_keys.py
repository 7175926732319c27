"""Keys of programs: made by a person on his account, good for the interface and for no page."""

import re
from datetime import timedelta

from api.security import SESSION_COOKIE
from tests.web.test_sign_in_pages import OTHER, PASSWORD, Office, office

__all__ = ["office"]

API = "/api/v1"


def make_key(office: Office, **changed: str) -> str:
    """The page after a key was asked for."""
    asked = {"name": "Loket Dukcapil", "days": "30", "current": PASSWORD} | changed
    return office.post("/account/keys", **asked).text


def key_of(page: str) -> str:
    """The key that the page shows."""
    return re.search(r'id="new-key"[^>]*value="([^"]+)"', page)[1]


def bearing(key: str) -> dict[str, str]:
    """The header that a program sends."""
    return {"authorization": f"Bearer {key}"}


def comment(office: Office, key: str) -> int:
    """The status of a note that a program writes with nothing but its key."""
    path = f"{API}/cases/{office.cases['analyst']}/comments"
    return office.client.post(path, json={"text": "x"}, headers=bearing(key)).status_code


def test_a_program_acts_in_the_name_of_the_person_with_its_key_alone(office: Office) -> None:
    key = key_of(make_key(office.take("analyst")))
    office.client.cookies.clear()

    session = office.client.get(f"{API}/session", headers=bearing(key)).json()

    assert session["employee_id"] == "analyst"
    assert comment(office, key) == 201


def test_a_request_under_an_idempotency_key_is_done_once_for_a_program_too(office: Office) -> None:
    key = key_of(make_key(office.take("analyst")))
    path = f"{API}/cases/{office.cases['analyst']}/comments"
    headers = bearing(key) | {"idempotency-key": "n1"}
    office.client.cookies.clear()

    for _ in range(2):
        office.client.post(path, json={"text": "satu kali"}, headers=headers)

    notes = office.client.get(path, headers=bearing(key)).json()["items"]
    assert [note["text"] for note in notes] == ["satu kali"]


def test_a_key_opens_no_page_and_a_cookie_is_no_key(office: Office) -> None:
    key = key_of(make_key(office.take("analyst")))
    cookie = office.client.cookies[SESSION_COOKIE]
    office.client.cookies.clear()

    page = office.client.get("/inbox", headers=bearing(key))
    borrowed = office.client.get(f"{API}/session", headers=bearing(cookie))
    office.client.cookies.set(SESSION_COOKIE, key)
    as_cookie = [office.client.get(path) for path in ("/inbox", f"{API}/session")]

    assert page.url.path == "/sign-in"
    assert borrowed.status_code == 401
    assert as_cookie[0].url.path == "/sign-in"
    assert as_cookie[1].status_code == 401


def test_a_key_lives_without_use_until_its_last_day(office: Office) -> None:
    key = key_of(make_key(office.take("analyst"), days="30"))
    office.client.cookies.clear()

    alive = []
    for days in (20, 9, 2):
        office.clock.now += timedelta(days=days)
        answer = office.client.get(f"{API}/session", headers=bearing(key))
        alive.append(answer.status_code)

    assert alive == [200, 200, 401]


def test_a_key_ends_by_its_owner_alone_or_with_a_new_password(office: Office) -> None:
    office.take("analyst")
    first, second = (key_of(make_key(office)) for _ in range(2))
    listed = office.client.get("/account").text
    ended = re.search(r'value="([0-9a-f]{16})">Akhiri kunci', listed)[1]

    office.post("/account/sessions", session=ended)
    after_one = sorted([comment(office, first), comment(office, second)])
    office.post("/account/password", current=PASSWORD, password=OTHER, again=OTHER)

    assert after_one == [201, 401]
    assert [comment(office, key) for key in (first, second)] == [401, 401]


def test_no_key_without_the_password_a_name_and_its_days(office: Office) -> None:
    office.take("analyst")

    wrong = [
        make_key(office, **changed)
        for changed in ({"current": "salah"}, {"name": " "}, {"days": "366"}, {"days": "x"})
    ]

    assert [text in page for text, page in zip(
        ("tidak cocok", "Beri program itu nama", "1 sampai 365 hari", "1 sampai 365 hari"),
        wrong, strict=True,
    )] == [True] * 4  # fmt: skip
    assert not any('id="new-key"' in page for page in wrong)


def test_the_eleventh_key_is_refused(office: Office) -> None:
    office.take("analyst")
    for number in range(10):
        assert 'id="new-key"' in make_key(office, name=f"program {number}")

    assert "10 kunci program" in make_key(office, name="satu lagi")
