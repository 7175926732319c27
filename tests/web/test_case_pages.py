"""The appraisal file, its trail, the lists of HR and auditors, and the interface for programs."""

import json
from datetime import timedelta

import pytest

from engine.commands.desk import Desk
from engine.domain.actions import Action
from engine.store import audit
from tests.web.conftest import STARTED, Seat, Town
from tests.web.test_work_pages import send


def test_the_employee_sees_where_the_own_appraisal_stands(seat: Seat) -> None:
    seat.take("analyst")

    html = seat.client.get(f"/cases/{seat.cases['analyst']}").text

    assert 'aria-current="step"><span class="strong">Penilaian diri' in html
    assert "Buka: Isi penilaian diri" in html
    assert "Belum ada hasil" in html


def test_ones_own_appraisals_are_listed_with_the_step_and_the_day_it_is_due(seat: Seat) -> None:
    seat.take("analyst")

    html = seat.client.get("/my-appraisals").text

    assert f'href="/cases/{seat.cases["analyst"]}">Nama analyst</a>' in html
    assert 'Isi penilaian diri <span class="tag ">sisa 13 hari</span>' in html
    assert "Nama clerk" not in html


def test_after_sending_the_next_stage_is_current(seat: Seat) -> None:
    seat.take("analyst")
    send(seat, seat.item())

    html = seat.client.get(f"/cases/{seat.cases['analyst']}").text

    assert '<li class="done"><span class="strong">Penilaian diri' in html
    assert "Nama division_head" in html


def test_the_trail_names_who_sent_what_in_which_role(seat: Seat) -> None:
    seat.take("analyst")
    send(seat, seat.item())

    html = seat.client.get(f"/cases/{seat.cases['analyst']}/trail").text

    assert "Nama hr_officer (Pengelola Kinerja) memulai penilaian." in html
    assert "Nama analyst (Pegawai) mengirim “Isi penilaian diri”." in html


def test_the_trail_can_be_narrowed_to_one_kind(seat: Seat) -> None:
    seat.take("analyst")

    html = seat.client.get(f"/cases/{seat.cases['analyst']}/trail?kind=instance.started").text

    assert "memulai penilaian." in html
    assert "dibuka." not in html


def test_what_a_table_gave_is_told_to_the_employee_only_from_the_delivery_on(seat: Seat) -> None:
    seat.take("analyst")
    send(seat, seat.item())
    trail = f"/cases/{seat.cases['analyst']}/trail?kind={Action.DECISION_EVALUATED}"

    own = seat.client.get(trail).text
    seat.take("division_head")
    raters = seat.client.get(trail).text

    assert "score_to_rating" in own
    assert "Sesuai ekspektasi" not in own
    assert "Sesuai ekspektasi" in raters or "Di atas ekspektasi" in raters


@pytest.mark.parametrize("page", ["", "/trail"])
def test_the_file_of_somebody_else_is_not_there(seat: Seat, page: str) -> None:
    seat.take("clerk")

    foreign = seat.client.get(f"/cases/{seat.cases['analyst']}{page}")

    assert foreign.status_code == seat.client.get(f"/cases/unknown{page}").status_code == 404


def test_the_look_of_an_auditor_is_recorded_and_that_of_the_rater_is_not(
    seat: Seat, desk: Desk, town: Town
) -> None:
    for person in ("auditor", "division_head"):
        seat.take(person)
        assert seat.client.get(f"/cases/{seat.cases['analyst']}").status_code == 200

    day = (STARTED + timedelta(days=1)).date()
    with desk.store.reading(town.office.agency_id) as tx:
        chains = [audit.actor_day(person, day) for person in ("auditor", "division_head")]
        looks = [[e.action for e in audit.events_of(tx, chain)] for chain in chains]
    assert looks == [[Action.SESSION_OPENED, Action.ACCESS_VIEWED], [Action.SESSION_OPENED]]


def test_auditors_find_a_file_by_name_or_nip(seat: Seat) -> None:
    seat.take("auditor")

    by_name = seat.client.get("/cases?q=CLERK").text
    nothing = seat.client.get("/cases?q=nobody").text

    assert "Nama clerk" in by_name
    assert "Nama analyst" not in by_name
    assert "Tidak ada berkas penilaian yang ditemukan." in nothing


@pytest.mark.parametrize("path", ["/cases", "/cycles", "/achievements", "/incidents"])
def test_the_pages_of_hr_are_not_there_for_others(seat: Seat, path: str) -> None:
    seat.take("analyst")

    assert seat.client.get(path).status_code == 404
    assert f'href="{path}"' not in seat.client.get("/inbox").text


def test_hr_sees_the_period_with_its_steps(seat: Seat) -> None:
    seat.take("hr_officer")

    html = seat.client.get("/cycles").text

    assert "Tahun 2025" in html
    assert "Isi penilaian diri" in html


def test_hr_sets_the_achievement_of_a_unit_with_a_reason(seat: Seat) -> None:
    seat.take("hr_officer")
    fields = {"level.bidang": "good", "reason": "LKjIP nomor 12"}

    answer = seat.post("/achievements", more=fields)

    assert "Tersimpan: 1 unit." in answer.text
    assert '<option value="good" selected>Baik</option>' in answer.text


def test_raters_see_their_team_and_others_have_no_such_page_in_their_navigation(
    seat: Seat,
) -> None:
    seat.take("division_head")
    html = seat.client.get("/team").text
    assert "Nama analyst" in html
    assert "Nama clerk" in html

    seat.take("analyst")
    assert 'href="/team"' not in seat.client.get("/inbox").text


def test_withdrawing_an_appeal_that_is_not_there_is_refused_in_words(seat: Seat) -> None:
    seat.take("analyst")

    answer = seat.post(f"/cases/{seat.cases['analyst']}/appeal-withdrawal")

    assert answer.status_code == 409


def test_a_program_completes_a_work_item_once(seat: Seat) -> None:
    seat.take("analyst")
    listed = seat.client.get("/api/v1/work-items").json()["items"]
    address = f"/api/v1/work-items/{listed[0]['id']}"
    detail = seat.client.get(address).json()
    answers = detail["values"] | {"confirmed": True}
    for row in answers["rows"]:
        row["evidence"] = [{"kind": "paper", "number": "800/1/2026"}]
        row |= {"realisation": {"$decimal": "90"}, "realisation_text": "Selesai seluruhnya."}
    headers = {
        "x-csrf-token": detail["csrf_token"],
        "idempotency-key": "k1",
        "if-match": f'"{detail["version"]}"',
    }

    first, second = (
        seat.client.post(f"{address}/completion", json={"answers": answers}, headers=headers)
        for _ in range(2)
    )

    assert first.status_code == 200, first.text
    assert first.json() == second.json()
    assert first.json()["case_id"] == seat.cases["analyst"]


def test_a_program_is_told_every_wrong_answer(seat: Seat) -> None:
    seat.take("analyst")
    item = seat.client.get("/api/v1/work-items").json()["items"][0]["id"]
    token = seat.client.get(f"/api/v1/work-items/{item}").json()["csrf_token"]

    answer = seat.client.post(
        f"/api/v1/work-items/{item}/completion",
        json={"answers": {}},
        headers={"x-csrf-token": token},
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["findings"]


def test_a_program_with_an_older_version_is_refused(seat: Seat) -> None:
    seat.take("analyst")
    item = seat.client.get("/api/v1/work-items").json()["items"][0]["id"]
    token = seat.client.get(f"/api/v1/work-items/{item}").json()["csrf_token"]

    answers = {
        tag: seat.client.post(
            f"/api/v1/work-items/{item}/completion",
            json={"answers": {}},
            headers={"x-csrf-token": token, "if-match": tag},
        ).status_code
        for tag in ('"99"', "nonsense")
    }

    assert answers == {'"99"': 412, "nonsense": 422}


def test_a_program_reads_the_sealed_trail(seat: Seat) -> None:
    seat.take("analyst")

    body = seat.client.get(f"/api/v1/cases/{seat.cases['analyst']}/trail").json()

    assert [event["number"] for event in body["events"]] == [1, 2]
    assert all(len(event["seal"]) == 64 for event in body["events"])
    assert "Nama" not in json.dumps(body)
