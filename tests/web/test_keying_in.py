"""What an operator keys in from paper through the list, the page and the interface for programs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.rules.numbers import to_jsonable
from tests.cases import Case
from tests.commands.papers import NOW, PDF, PERSON, filled, keyed_in, on_paper, proof
from tests.ready import Offices, offices, session_folder
from tests.teams import OPERATOR, STRANGER
from tests.web.conftest import Seat, seated
from tests.web.test_programs import Program

__all__ = ["offices", "session_folder"]


@pytest.fixture
def case(offices: Offices) -> Case:
    """A file that waits for somebody who works on paper."""
    return on_paper(offices.open())


@pytest.fixture
def seat(case: Case) -> Iterator[Seat]:
    """A browser in front of that office."""
    with seated(case.office.desk, NOW + timedelta(days=1), **{PERSON: case.id}) as seat:
        yield seat


def test_the_list_is_that_of_the_own_unit(seat: Seat):
    shown = {
        who: seat.take(who).client.get("/keying-in").text for who in (OPERATOR, STRANGER)
    }  # fmt: skip

    assert f"Nama {PERSON}" in shown[OPERATOR]
    assert f"Nama {PERSON}" not in shown[STRANGER]


def test_who_looks_after_open_tasks_is_led_to_no_case_that_he_may_not_read(seat: Seat, case: Case):
    page = seat.take(OPERATOR).client.get("/inbox?tab=all").text

    assert f"Nama {PERSON}" in page
    assert seat.client.get(f"/cases/{case.id}").status_code == 404
    assert "/cases/" not in page


def test_a_program_keys_in_as_the_page_does(seat: Seat, case: Case):
    operator = Program(seat, OPERATOR)
    (waiting,) = operator.client.get("/api/v1/papers").json()["items"]
    path = f"/work-items/{waiting['id']}"
    scan = operator.file("POST", f"{path}/scans?name=kertas.pdf", PDF, idempotency_key="s")
    told = {
        "answers": to_jsonable(dict(filled(case))), "dated": "2026-01-05", "number": "45",
        "scans": [scan.json()["attachment_id"]],
    }  # fmt: skip

    sent = [operator.send("POST", f"{path}/keying-in", told, idempotency_key="k") for _ in "12"]

    assert [answer.status_code for answer in sent] == [200, 200]
    assert sent[0].json()["receipt"] == sent[1].json()["receipt"]
    assert operator.client.get("/api/v1/papers").json()["items"] == []
    assert set(case.open) == {"supervisor_review"}


def test_pressing_send_twice_leads_to_the_receipt(seat: Seat, case: Case):
    done = keyed_in(case, {**filled(case), **proof(case)})

    again = seat.take(OPERATOR).post(f"/keying-in/{done.item_id}", _op="send")

    assert again.url.path == f"/work-items/{done.item_id}/receipt"
    assert "Tanda tangan basah" in again.text
