"""The interface for programs: keys, versions, languages, files; the work of HR and of a rater."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.totp import code_at, step_at
from tests.web.conftest import PDF, Seat
from tests.web.test_sign_in_pages import PASSWORD, Office, office, set_app
from tests.web.test_work_pages import send

__all__ = ["office"]

API = "/api/v1"
TOGETHER = 4
FILE = {"content-type": "application/octet-stream"}


class Program:
    """A program that acts for one person."""

    def __init__(self, seat: Seat, person: str) -> None:
        self.seat, self.client = seat.take(person), seat.client
        self.token = self.client.get(f"{API}/session").json()["csrf_token"]

    def send(self, method: str, path: str, json: Any = None, **headers: str):
        """One request with the token; header names have underscores here."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found = {"x-csrf-token": self.token, **named}
        return self.client.request(method, API + path, json=json, headers=found)

    def file(self, method: str, path: str, content: bytes, **headers: str):
        """One request with a file."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found = {"x-csrf-token": self.token, **FILE, **named}
        return self.client.request(method, API + path, content=content, headers=found)

    def item(self) -> Mapping[str, Any]:
        """The first open work item."""
        return self.inbox()[0]

    def inbox(self) -> list[Mapping[str, Any]]:
        """The open work items."""
        found: list[Mapping[str, Any]] = self.client.get(f"{API}/work-items").json()["items"]
        return found

    def notes(self, case: str) -> list[str]:
        """The texts of the notes of a case."""
        listed = self.client.get(f"{API}/cases/{case}/comments").json()["items"]
        return [note["text"] for note in listed]


@pytest.fixture
def analyst(seat: Seat) -> Program:
    """A program of somebody who is appraised."""
    return Program(seat, "analyst")


@pytest.fixture
def case(seat: Seat) -> str:
    """The case of the analyst."""
    return seat.cases["analyst"]


def test_the_same_request_under_a_key_is_executed_once_and_answered_with_the_same_bytes(
    analyst: Program, case: str
) -> None:
    path, note = f"/cases/{case}/comments", {"text": "satu kali"}

    answers = [analyst.send("POST", path, note, idempotency_key="n1") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["content-type"] for answer in answers}) == 1
    assert analyst.notes(case) == ["satu kali"]


def test_without_a_key_every_request_counts(analyst: Program, case: str) -> None:
    for _ in range(2):
        analyst.send("POST", f"/cases/{case}/comments", {"text": "dua kali"})

    assert analyst.notes(case) == ["dua kali"] * 2


def test_another_body_under_the_same_key_is_refused(analyst: Program, case: str) -> None:
    path = f"/cases/{case}/comments"
    analyst.send("POST", path, {"text": "pertama"}, idempotency_key="n1")

    other = analyst.send("POST", path, {"text": "kedua"}, idempotency_key="n1")

    assert other.status_code == 409
    assert other.json()["type"].endswith("key-reused")
    assert analyst.notes(case) == ["pertama"]


def test_a_refused_request_may_be_corrected_under_its_key(analyst: Program, case: str) -> None:
    path = f"/cases/{case}/comments"

    answers = [
        analyst.send("POST", path, {"text": text}, idempotency_key="n1").status_code
        for text in ("", "baik")
    ]

    assert answers == [422, 201]


def test_a_key_must_be_plain_words(analyst: Program, case: str) -> None:
    for key in ("", "a b", "x" * 201):
        answer = analyst.send("POST", f"/cases/{case}/comments", {"text": "x"}, idempotency_key=key)

        assert answer.status_code == 422
        assert answer.json()["findings"][0]["place"] == "header.idempotency-key"


def test_of_requests_at_the_same_moment_one_is_executed(analyst: Program, case: str) -> None:
    def sent(_number: int):
        note = {"text": "serentak"}
        return analyst.send("POST", f"/cases/{case}/comments", note, idempotency_key="n1")

    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(sent, range(TOGETHER)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert analyst.notes(case) == ["serentak"]


def test_a_draft_is_saved_over_the_revision_that_was_read(analyst: Program) -> None:
    path = f"/work-items/{analyst.item()['id']}/draft"
    rows = {"values": {"rows": [{"realisation": {"$decimal": "98.50"}}], "confirmed": False}}

    first = analyst.send("PUT", path, rows)
    blind = analyst.send("PUT", path, rows)
    second = analyst.send("PUT", path, rows, if_match=first.headers["etag"])
    stale = analyst.send("PUT", path, rows, if_match=first.headers["etag"])
    read = analyst.send("GET", path)

    assert [one.status_code for one in (first, blind, second, stale)] == [200, 409, 200, 412]
    assert stale.json()["type"].endswith("precondition-failed")
    assert read.headers["etag"] == second.headers["etag"] == '"2"'
    assert read.json()["values"]["rows"][0]["realisation"] == {"$decimal": "98.50"}


def test_a_change_that_rests_on_an_older_version_is_refused(seat: Seat) -> None:
    seat.take("analyst")
    send(seat, seat.item())
    rater = Program(seat, "division_head")
    item = next(row["id"] for row in rater.inbox() if row["case_id"] == seat.cases["analyst"])
    version = rater.send("GET", f"/work-items/{item}").headers["etag"]
    hr, to = Program(seat, "hr_officer"), {"employee_id": "sekda", "reason": "cuti panjang"}

    stale = hr.send("POST", f"/work-items/{item}/reassignment", to, if_match='"99"')
    given = hr.send("POST", f"/work-items/{item}/reassignment", to, if_match=version)

    assert [stale.status_code, given.status_code] == [412, 200]
    assert given.json() == {"changed": True}


def test_sentences_of_errors_follow_accept_language(analyst: Program) -> None:
    titles = [
        analyst.send("GET", "/cases/nothing", accept_language=asked).json()["title"]
        for asked in ("en-GB,id;q=0.5", "id", "fr")
    ]

    assert titles[0] == "This page is not there"
    assert titles[1] == titles[2] != titles[0]


def test_a_request_without_a_body_takes_none(analyst: Program) -> None:
    answer = analyst.send("POST", "/notices/read", {"all": True})

    assert answer.status_code == 422
    assert answer.json()["findings"][0]["place"] == "body"
    assert analyst.send("POST", "/notices/read").status_code == 204


def test_evidence_comes_whole_or_in_parts_and_is_read_again(analyst: Program) -> None:
    work = f"/work-items/{analyst.item()['id']}"

    whole = analyst.file("POST", f"{work}/evidence?name=SK.pdf", PDF, idempotency_key="f1")
    begun = analyst.send("POST", f"{work}/uploads", {"name": "SK.pdf", "size": len(PDF)})
    upload = f"{work}/uploads/{begun.json()['upload_id']}"
    half = analyst.file("PATCH", upload, PDF[:9], upload_offset="0")
    again = analyst.file("PATCH", upload, PDF[:9], upload_offset="0")
    done = analyst.file("PATCH", upload, PDF[9:], upload_offset="9")

    assert [one.status_code for one in (whole, begun, half, done)] == [201, 201, 200, 200]
    assert again.status_code == 409
    assert analyst.send("GET", f"/evidence/{done.json()['attachment_id']}").content == PDF
    assert analyst.send("GET", f"/evidence/{whole.json()['attachment_id']}").content == PDF


def test_what_is_no_file_is_not_taken_as_one(analyst: Program) -> None:
    work = f"/work-items/{analyst.item()['id']}"

    answer = analyst.send("POST", f"{work}/evidence?name=x.pdf", {"content": "x"})

    assert answer.status_code == 422
    assert answer.json()["findings"][0]["place"] == "header.content-type"


def test_hr_plans_extends_exports_and_closes_a_period(seat: Seat) -> None:
    hr = Program(seat, "hr_officer")
    cycle = hr.send("GET", "/cycles").json()["items"][0]["id"]
    base = f"/cycles/{cycle}"
    everybody = {"unit_ids": [], "kinds": ["pns"], "posts": []}
    more = {"element_id": "self_assessment", "due_on": "2026-12-01", "reason": "gangguan"}

    chosen = hr.send("PUT", f"{base}/population", everybody)
    population = hr.send("GET", f"{base}/population").json()
    touched = hr.send("GET", f"{base}/extension-preview?element_id=self_assessment").json()
    extended = hr.send("POST", f"{base}/extensions", more, idempotency_key="e1")
    held = hr.send("GET", f"{base}/holdups").json()["items"]
    csv = hr.send("POST", f"{base}/exports", {"columns": ["nip", "status"], "form": "csv"})
    launched = hr.send("POST", f"{base}/launch", {"expected": population["starting"]})
    stopped = hr.send("PATCH", f"{base}/launch", {"running": False})

    assert chosen.status_code == stopped.status_code == 204
    assert population["selection"]["kinds"] == ["pns"]
    assert touched["work_items"] == sum(unit["open"] for unit in held) == len(seat.cases)
    assert extended.status_code == launched.status_code == 201
    assert hr.send("GET", f"{base}/extensions").json()["items"][0]["status"] == "running"
    assert csv.text.splitlines()[0].lstrip("\ufeff") == '"nip";"status"'
    assert hr.send("GET", f"{base}/launch").json()["status"] == "stopped"


def test_a_sheet_is_sent_looked_at_and_forgotten(seat: Seat) -> None:
    hr = Program(seat, "hr_officer")
    sheet = b"NIP;Nama\n198001012010011099;Sri\n"

    sent = hr.file("POST", "/imports?name=pegawai.csv&kind=people", sheet, idempotency_key="s1")
    path = f"/imports/{sent.json()['id']}"
    looked = hr.send("GET", path).json()

    assert looked["headings"] == ["NIP", "Nama"]
    assert looked["missing"] or looked["seal"]
    assert hr.send("DELETE", path).status_code == 204
    assert hr.send("GET", path).status_code == 404


def test_transfers_are_planned_and_confirmed_as_they_were_looked_at(seat: Seat) -> None:
    hr = Program(seat, "hr_officer")
    one = {"employee_id": "clerk", "kind": "retirement", "effective_on": "2026-02-01"}

    batch = hr.send("POST", "/transfer-batches", {"transfers": [one]}).json()["id"]
    path = f"/transfer-batches/{batch}"
    seen = hr.send("GET", path).json()
    other = hr.send("POST", f"{path}/confirmation", {"seal": "0" * 64})
    done = hr.send("POST", f"{path}/confirmation", {"seal": seen["seal"]})

    assert seen["transfers"][0]["consequences"]
    assert [other.status_code, done.status_code] == [409, 204]
    assert hr.send("GET", path).json()["transfers"][0]["state"] == "waiting"


def test_the_inbox_goes_on_from_its_own_cursor_only(analyst: Program) -> None:
    page = analyst.send("GET", "/inbox?list=mine&sort=due").json()

    assert [row["id"] for row in page["items"]] == [analyst.item()["id"]]
    assert page["counts"]["mine"]["number"] == 1
    for wrong in ("list=all", "list=x", "sort=size", "cursor=nonsense", "cursor=WyJhIl0"):
        assert analyst.send("GET", f"/inbox?{wrong}").status_code == 422


def test_a_program_signs_in_with_password_and_code_and_out_again(office: Office) -> None:
    office.take("analyst")
    nip = office.nip("analyst")
    office.client.cookies.clear()

    wrong = office.client.post(f"{API}/session", json={"nip": nip, "password": "salah"})
    right = office.client.post(f"{API}/session", json={"nip": nip, "password": PASSWORD})
    headers = {"x-csrf-token": right.json()["csrf_token"]}
    gone = office.client.delete(f"{API}/session", headers=headers)

    assert [wrong.status_code, right.status_code, gone.status_code] == [422, 201, 204]
    assert office.client.get(f"{API}/session").status_code == 401


def test_a_program_of_somebody_with_an_app_needs_its_code(office: Office) -> None:
    office.take("analyst")
    secret = set_app(office)
    office.clock.now += timedelta(minutes=2)
    office.client.cookies.clear()
    given = {"nip": office.nip("analyst"), "password": PASSWORD}

    without = office.client.post(f"{API}/session", json=given)
    code = code_at(secret, step_at(office.clock()))
    right = office.client.post(f"{API}/session", json={**given, "code": code})

    assert [without.status_code, right.status_code] == [422, 201]
    assert office.client.get(f"{API}/session").json()["employee_id"] == "analyst"
