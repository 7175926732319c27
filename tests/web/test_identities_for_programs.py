"""Who said something in confidence, for programs: two people agree, and only they are told."""

from collections.abc import Iterator

import pytest
from httpx import Response

from engine.domain.people import UnitFunction
from engine.store import tables
from tests.cases import Case, problems
from tests.commands.test_confidence import LATER
from tests.commands.test_unmasking import INSPECTORATE, TEAM, TEXT, WHY, duty, told
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

AUTHOR = "auditor"


@pytest.fixture
def case(offices: Offices) -> Case:
    office = offices.open("chorus")
    duty(office, TEAM, UnitFunction.TEAM)
    duty(office, INSPECTORATE, UnitFunction.INSPECTORATE)
    return told(office)


@pytest.fixture
def seat(case: Case) -> Iterator[Seat]:
    with seated(case.office.desk, LATER) as seat:
        yield seat


def get(seat: Seat, person: str, path: str) -> Response:
    return seat.take(person).client.get(f"/api/v1{path}")


def post(seat: Seat, person: str, path: str, *, key: str = "", **body: object) -> Response:
    seat.take(person)
    head = {"x-csrf-token": seat.client.get("/api/v1/session").json()["csrf_token"]}
    head |= {"idempotency-key": key} if key else {}
    return seat.client.post(f"/api/v1{path}", json=body, headers=head)


def asked(seat: Seat, case: Case) -> str:
    answer = post(seat, TEAM, f"/cases/{case.id}/identity-requests", remark=TEXT, reason=WHY)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_one_asks_another_agrees_and_both_read_it_with_each_look_recorded(
    seat: Seat, case: Case
) -> None:
    texts = get(seat, TEAM, f"/cases/{case.id}/remarks").json()["items"]
    request = asked(seat, case)
    early = post(seat, TEAM, f"/identity-requests/{request}/reading")
    (waiting,) = get(seat, INSPECTORATE, "/identity-requests").json()["items"]

    agreed = post(
        seat, INSPECTORATE, f"/identity-requests/{request}/decision", granted=True, reason=WHY
    )
    answers = [
        post(seat, person, f"/identity-requests/{request}/reading", key="k")
        for person in (TEAM, INSPECTORATE)
    ]

    assert TEXT in {one["code"] for one in texts}
    assert early.status_code == 404
    assert (waiting["may_decide"], waiting["may_read"], waiting["outcome"]) == (True, False, None)
    assert AUTHOR not in str({**waiting, "text": ""})
    assert agreed.status_code == 204
    assert [answer.json()["person"]["id"] for answer in answers] == [AUTHOR] * 2
    assert case.actions[-4:] == [
        "identity.asked", "identity.unmasked", "identity.read", "identity.read",
    ]  # fmt: skip
    assert problems(case.office) == []


def test_who_asked_cannot_agree_to_it_and_what_was_refused_nobody_reads(
    seat: Seat, case: Case
) -> None:
    duty(case.office, TEAM, UnitFunction.INSPECTORATE)
    request = asked(seat, case)

    own = post(seat, TEAM, f"/identity-requests/{request}/decision", granted=True, reason=WHY)
    short = post(
        seat, INSPECTORATE, f"/identity-requests/{request}/decision", granted=True, reason="ya"
    )
    kept = post(
        seat, INSPECTORATE, f"/identity-requests/{request}/decision", granted=False, reason=WHY
    )
    reading = [
        post(seat, person, f"/identity-requests/{request}/reading").status_code
        for person in (TEAM, INSPECTORATE)
    ]

    assert (own.status_code, short.status_code, kept.status_code) == (403, 422, 204)
    assert reading == [404, 404]


@pytest.mark.parametrize("person", ["analyst", "division_head", "clerk", AUTHOR, "hr_colleague"])
def test_nobody_else_learns_anything_or_may_ask(seat: Seat, case: Case, person: str) -> None:
    request = asked(seat, case)
    post(seat, INSPECTORATE, f"/identity-requests/{request}/decision", granted=True, reason=WHY)

    answers = [
        get(seat, person, f"/cases/{case.id}/remarks"),
        get(seat, person, "/identity-requests"),
        post(seat, person, f"/cases/{case.id}/identity-requests", remark=TEXT, reason=WHY),
        post(seat, person, f"/identity-requests/{request}/decision", granted=True, reason=WHY),
        post(seat, person, f"/identity-requests/{request}/reading"),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert not any(AUTHOR in answer.text for answer in answers)


def test_the_answer_with_the_name_is_kept_under_no_key(seat: Seat, case: Case) -> None:
    request = asked(seat, case)
    post(seat, INSPECTORATE, f"/identity-requests/{request}/decision", granted=True, reason=WHY)

    post(seat, TEAM, f"/identity-requests/{request}/reading", key="again")

    kept = tables.command_key
    with case.office.desk.store.reading(case.office.agency_id) as tx:
        rows = tx.connection.execute(kept.select()).all()
    assert not any(f"Nama {AUTHOR}" in str(row) for row in rows)
