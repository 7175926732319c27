"""What administrations do by program: units and positions, and the cards that open accounts."""

from datetime import timedelta

import pytest

from engine.commands.activation import NewSecrets, use_code
from engine.commands.desk import Desk
from engine.commands.sessions import Door, Stay
from engine.domain.people import EmployeeId
from engine.errors import InvalidForm
from engine.store import people
from tests.web.conftest import Seat, Town
from tests.web.test_programs import Program

LATE = {"/units/bidang": {"name": "Bidang Lain"}, "/units/bidang/system": {"system": None}}
SECRETS = NewSecrets("gunung-api-purba-7", "gunung-api-purba-7")


@pytest.fixture
def hr(seat: Seat) -> Program:
    """A program of the personnel unit."""
    return Program(seat, "hr_officer")


def test_a_unit_is_added_once_under_a_key_moved_and_closed(hr: Program) -> None:
    new = {"name": "Seksi Arsip", "parent_id": "bidang"}

    made = [hr.send("POST", "/units", new, idempotency_key="u1").json()["id"] for _ in range(2)]
    path = f"/units/{made[0]}"
    moved = hr.send("PUT", path, {"name": "Seksi Arsip Daerah", "parent_id": "dinas"})
    closed = hr.send("POST", f"{path}/closing", {"last_day": "2026-12-31"})
    listed = [unit for unit in hr.send("GET", "/units").json()["items"] if unit["id"] == made[0]]

    assert made[0] == made[1]
    assert [moved.status_code, closed.status_code] == [204, 204]
    assert listed == [
        {
            "id": made[0], "name": "Seksi Arsip Daerah", "parent_id": "dinas", "people": 0,
            "closed_on": "2026-12-31", "system": None, "version": 3,
        }
    ]  # fmt: skip


def test_a_unit_below_itself_is_refused_and_stays_where_it_is(hr: Program) -> None:
    refused = hr.send("PUT", "/units/dinas", {"name": "Dinas Pelayanan", "parent_id": "bidang"})

    assert refused.status_code == 422
    assert refused.json()["findings"][0]["place"] == "parent"
    assert hr.send("GET", "/units/dinas").json()["parent_id"] is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/units/bidang", {"name": "Bidang Izin", "parent_id": "dinas"}),
        ("/units/bidang/system", {"system": "national"}),
        ("/positions/clerk", {"title": "Pengelola Arsip", "superior_id": "division_head"}),
    ],
)
def test_what_somebody_changed_meanwhile_is_not_changed_back(
    hr: Program, path: str, body: dict[str, object]
) -> None:
    address = path.removesuffix("/system")
    seen = hr.send("GET", address).json()["version"]
    first = hr.send("PUT", path, body, if_match=f'"{seen}"')

    late = hr.send("PUT", path, {**body, **LATE.get(path, {"title": "Lain"})}, if_match=f'"{seen}"')

    now = hr.send("GET", address).json()
    assert [first.status_code, late.status_code] == [204, 412]
    assert now["version"] == seen + 1
    assert {name: now[name] for name in body} == body


def test_a_position_is_added_changed_and_read_with_who_holds_it(hr: Program) -> None:
    position = hr.send("POST", "/units/bidang/positions", {"title": "Arsiparis"}).json()["id"]
    place = {"title": "Arsiparis Muda", "superior_id": "division_head", "office_code": "arsiparis"}
    hr.send("PUT", f"/positions/{position}", place)
    held = {"position_id": position, "kind": "acting_daily", "starts": "2026-01-06"}
    hr.send("POST", "/people/clerk/assignments", {**held, "ends": "2026-01-09"})

    read = hr.send("GET", f"/positions/{position}").json()
    titles = [one["title"] for one in hr.send("GET", "/units/bidang").json()["positions"]]

    assert {name: read[name] for name in place} == place
    assert [one["person"]["id"] for one in read["holders"]] == ["clerk"]
    assert "Arsiparis Muda" in titles


def test_a_card_opens_an_account_and_the_card_made_before_opens_none(
    hr: Program, desk: Desk, town: Town
) -> None:
    path, who = "/units/bidang/cards", {"employee_ids": ["clerk"]}
    nip = nip_of(desk, town, "clerk")

    first, second = (hr.send("POST", path, who).json()["items"][0]["code"] for _ in range(2))

    assert active(hr)["clerk"] is False
    with pytest.raises(InvalidForm):
        activate(hr, desk, nip, first)
    activate(hr, desk, nip, second)
    assert active(hr)["clerk"] is True


def test_no_card_is_made_when_one_of_the_people_is_of_another_unit(
    hr: Program, desk: Desk, town: Town
) -> None:
    path, nip = "/units/bidang/cards", nip_of(desk, town, "clerk")
    code = hr.send("POST", path, {"employee_ids": ["clerk"]}).json()["items"][0]["code"]

    refused = hr.send("POST", path, {"employee_ids": ["clerk", "auditor"]})

    assert refused.status_code == 404
    activate(hr, desk, nip, code)
    assert active(hr)["clerk"] is True


def test_the_codes_of_cards_are_kept_under_no_key(hr: Program) -> None:
    path, who = "/units/bidang/cards", {"employee_ids": ["clerk"]}

    answers = [hr.send("POST", path, who, idempotency_key="c1").json() for _ in range(2)]

    assert answers[0]["items"][0]["code"] != answers[1]["items"][0]["code"]


def nip_of(desk: Desk, town: Town, who: str) -> str:
    """The NIP of a person of the office."""
    with desk.store.reading(town.office.agency_id) as tx:
        return people.employee(tx, EmployeeId(who)).nip


def active(hr: Program) -> dict[str, bool]:
    """Whose account works in the division."""
    items = hr.send("GET", "/units/bidang/accounts").json()["items"]
    return {one["person"]["id"]: one["active"] for one in items}


def activate(hr: Program, desk: Desk, nip: str, code: str) -> None:
    """Set a password with the code of a card. Raises InvalidForm."""
    door = Door("0" * 64, "", "", "id", Stay(timedelta(hours=1), timedelta(hours=1)))
    use_code(desk, nip=nip, code=code, secrets=SECRETS, door=door, now=hr.seat.clock())
