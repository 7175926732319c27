"""Who comes in, and what the doors refuse: headers, sites, tokens, sizes, seats."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api.app import PAGES, RESOURCES, create_app
from api.security import SESSION_COOKIE
from api.settings import Settings
from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.store import audit
from tests.web.conftest import STARTED, Clock, Seat, Town


def test_every_page_has_the_security_headers(seat: Seat) -> None:
    headers = seat.client.get("/sign-in").headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "form-action 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_each_answer_has_a_nonce_of_its_own(seat: Seat) -> None:
    policies = {seat.client.get("/sign-in").headers["content-security-policy"] for _ in range(3)}

    assert len(policies) == 3


def test_a_strange_host_is_refused(seat: Seat) -> None:
    assert seat.client.get("/sign-in", headers={"host": "evil.test"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.test"},
        {"origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused_even_with_the_token(
    seat: Seat, headers: dict[str, str]
) -> None:
    fields = {"csrf_token": seat.token("/sign-in"), "employee_id": "analyst"}

    assert seat.client.post("/sign-in", data=fields, headers=headers).status_code == 403


# Whoever typed there gets the words back to send them again with the token of today.
RETURNING = (
    "/work-items/{item_id}", "/team/ratings", "/preparing/{item_id}", "/keying-in/{item_id}",
    "/follow-ups/{follow_up_id}",
)  # fmt: skip
# A citizen has no session: the link that he was given is the token.
OF_CITIZENS = ("/survey/{link}", "/survey/counter/{code}")
# Who signs in by a program has no token yet; he brings NIP and password instead.
BEFORE_SIGN_IN = "/api/v1/session"


def posting_routes() -> list[str]:
    routes = [route for module in (*PAGES, *RESOURCES) for route in module.router.routes]
    return [route.path for route in routes if "POST" in route.methods]


def test_no_form_is_accepted_without_the_token_of_the_session(seat: Seat) -> None:
    seat.take("analyst")
    paths = [
        path for path in posting_routes() if path not in {*RETURNING, *OF_CITIZENS, BEFORE_SIGN_IN}
    ]

    refused = [seat.client.post(path, json={"answers": {}}) for path in paths]

    assert len(paths) >= 8
    assert {answer.status_code for answer in refused} == {403}


@pytest.mark.parametrize("path", RETURNING)
def test_a_form_of_typed_words_comes_back_and_is_not_sent(seat: Seat, path: str) -> None:
    seat.take("analyst")
    inbox = seat.client.get("/inbox").text

    answer = seat.client.post(path, json={"answers": {}})

    assert answer.status_code in {200, 404}
    assert "/receipt" not in str(answer.url)
    assert _without_tokens(seat.client.get("/inbox").text) == _without_tokens(inbox)


def _without_tokens(html: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"|nonce[-=]"?[^" ]+', "", html)


def test_the_token_of_another_session_is_refused(seat: Seat, desk: Desk) -> None:
    with TestClient(seat.client.app) as other:
        foreign = Seat(other, {}).token("/sign-in")

    answer = seat.post("/sign-in", token=foreign, employee_id="analyst")

    assert answer.status_code == 403
    assert "Formulir ini sudah lama" in answer.text


def test_a_body_above_the_limit_is_refused_before_it_is_read(seat: Seat) -> None:
    answer = seat.client.post("/sign-in", content=b"x" * (2 * 1024 * 1024 + 1))

    assert answer.status_code == 413


def test_a_body_that_hides_its_length_is_stopped_at_the_limit(seat: Seat) -> None:
    def pieces():
        for _ in range(40):
            yield b"x" * 65_536

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = seat.client.post("/sign-in", content=pieces(), headers=kind)

    assert answer.status_code == 413


def test_without_a_seat_every_page_leads_to_the_door(seat: Seat) -> None:
    for path in ("/", "/inbox", "/cases", "/cycles", "/work-items/x"):
        assert seat.client.get(path).url.path == "/sign-in"


def test_without_a_seat_programs_get_401(seat: Seat) -> None:
    assert seat.client.get("/api/v1/work-items").status_code == 401


def test_taking_a_seat_changes_the_token_and_is_recorded(
    seat: Seat, desk: Desk, town: Town
) -> None:
    seat.client.get("/sign-in")
    before = seat.client.cookies[SESSION_COOKIE]

    seat.post("/sign-in", token=seat.token("/sign-in"), employee_id="analyst")

    assert seat.client.cookies[SESSION_COOKIE] != before
    chain = audit.actor_day("analyst", (STARTED + timedelta(days=1)).date())
    with desk.store.reading(town.office.agency_id) as tx:
        assert [e.action for e in audit.events_of(tx, chain)] == [Action.SESSION_OPENED]


def test_leaving_the_seat_ends_the_session_on_the_server(seat: Seat) -> None:
    seat.take("analyst")
    token = seat.client.cookies[SESSION_COOKIE]

    seat.post("/sign-out")

    seat.client.cookies.set(SESSION_COOKIE, token)
    assert seat.client.get("/inbox").url.path == "/sign-in"


def test_a_session_ends_by_itself(seat: Seat) -> None:
    seat.take("analyst")

    seat.clock.now += timedelta(hours=13)

    assert seat.client.get("/inbox").url.path == "/sign-in"


def test_nobody_can_sit_down_outside_the_demonstration(desk: Desk) -> None:
    with TestClient(create_app(desk, Settings(demo=False), clock=Clock())) as client:
        page = Seat(client, {})
        answer = page.post("/sign-in", token=page.token("/sign-in"), employee_id="analyst")

        assert "employee_id" not in client.get("/sign-in").text
        assert answer.status_code == 422
        assert client.get("/inbox").url.path == "/sign-in"


def test_the_language_is_remembered_before_and_after_sitting_down(seat: Seat) -> None:
    seat.post("/language", token=seat.token("/sign-in"), language="en", back="/sign-in")
    assert "Choose a seat" in seat.client.get("/sign-in").text

    seat.post("/sign-in", token=seat.token("/sign-in"), employee_id="analyst")
    assert "My tasks" in seat.client.get("/inbox").text

    seat.post("/language", language="id", back="/inbox")
    assert "Tugas saya" in seat.client.get("/inbox").text


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "/\\evil.test", ""])
def test_the_language_switch_leads_nowhere_else(seat: Seat, back: str) -> None:
    fields = {"csrf_token": seat.token("/sign-in"), "language": "en", "back": back}

    answer = seat.client.post("/language", data=fields, follow_redirects=False)

    assert answer.headers["location"] == "/"


def test_a_path_that_nobody_knows_says_so_in_words(seat: Seat) -> None:
    answer = seat.client.get("/nowhere")

    assert answer.status_code == 404
    assert "Halaman ini tidak ada" in answer.text


def test_an_error_of_ours_keeps_the_headers_and_tells_nothing(desk: Desk) -> None:
    app = create_app(desk, Settings(demo=True), clock=Clock())

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret detail")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/broken")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
