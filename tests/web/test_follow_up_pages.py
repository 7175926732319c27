"""Follow-ups on their pages and for programs: who is shown which, and what is typed stays."""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest
from httpx import Response

from engine.store import audit
from tests.aftermath import changed, following, rated
from tests.cases import NOW, Case, trail
from tests.faults.test_lost_definition import anew
from tests.office import Office
from tests.ready import Offices, offices, session_folder
from tests.store.test_verification import tamper
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

# More than pages without files may be sent.
FILE = ("sertifikat.pdf", b"%PDF-1.7 sertifikat" + bytes(3_000_000), "application/pdf")


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("aftermath")


@pytest.fixture
def case(office: Office) -> Case:
    return rated(office)


@pytest.fixture
def seat(office: Office) -> Iterator[Seat]:
    """A browser in front of the office."""
    with seated(office.desk, NOW) as seat:
        yield seat


def listed(seat: Seat, query: str = "") -> set[str]:
    page = seat.client.get(f"/follow-ups{query}").text
    return set(re.findall(r'href="/follow-ups/([^"]+)"', page))


def test_each_is_listed_what_he_may_know_of(seat: Seat, case: Case, office: Office) -> None:
    ids = {row.id for row in following(case).values()}
    other = Case.start(office, "clerk")
    other.complete(
        "division_head", "rate", {"result_rating": "above", "behaviour_rating": "as_expected"}
    )
    theirs = {row.id for row in following(other).values()}

    seen = {
        person: listed(seat.take(person))
        for person in ("analyst", "clerk", "division_head", "hr_officer", "auditor", "sekda")
    }

    assert seen == {
        "analyst": ids, "clerk": theirs, "division_head": ids | theirs,
        "hr_officer": ids | theirs, "auditor": set(), "sekda": set(),
    }  # fmt: skip


def test_the_list_is_narrowed_by_name_kind_and_state(seat: Seat, case: Case) -> None:
    changed(case)
    found = {kind: row.id for kind, row in following(case).items()}
    seat.take("hr_officer")

    assert listed(seat, "?kind=training") == {found["training"]}
    assert listed(seat, "?state=cancelled") == {found["improvement_plan"]}
    assert listed(seat, "?q=analyst") == set(found.values())
    assert listed(seat, "?q=clerk") == set()
    assert listed(seat, "?state=late") == set()
    seat.clock.now = NOW + timedelta(days=40)
    seat.take("hr_officer")
    assert listed(seat, "?state=late") == {found["training"], found["recognition"]}


def test_a_period_whose_files_are_lost_stops_no_list(
    offices: Offices, office: Office, case: Case
) -> None:
    tamper(offices.opened[-1][1], "DELETE FROM definition_file")

    with seated(anew(office).desk, NOW) as seat:
        seat.take("hr_officer")
        found = listed(seat)
        sheet = seat.post("/follow-ups/export", token=seat.token("/follow-ups"))

    assert len(found) == len(following(case))
    assert sheet.status_code == 200


def test_the_page_says_whose_it_is_until_when_and_what_comes_next(seat: Seat, case: Case) -> None:
    which = following(case)["improvement_plan"].id

    page = seat.take("division_head").client.get(f"/follow-ups/{which}").text

    assert "Rencana perbaikan" in page
    assert "5 Apr 2026" in page
    assert "Sepakati rencana" in page
    assert "Batalkan tindak lanjut ini" not in page


def test_rows_are_added_and_nothing_typed_is_lost_until_it_is_whole(seat: Seat, case: Case) -> None:
    which = following(case)["improvement_plan"].id
    seat.take("division_head")
    path = f"/follow-ups/{which}"

    more = seat.post(path, _op="add:goals")
    short = seat.post(path, _op="send", more={"goals.0._row": "1", "goals.0.goal": "pendek"})
    whole = seat.post(
        path, _op="send", more={"goals.0._row": "1", "goals.0.goal": "Izin selesai tepat waktu"}
    )

    assert 'name="goals.0.goal"' in more.text
    assert short.status_code == 422
    assert "pendek" in short.text
    assert "Izin selesai tepat waktu" in whole.text
    assert "Catat kemajuan bulan ini" in whole.text


def test_a_training_is_finished_with_a_file_that_can_be_fetched_again(
    seat: Seat, case: Case
) -> None:
    which = following(case)["training"].id
    seat.take("hr_officer")
    path, answers = f"/follow-ups/{which}", {"course": "Pelayanan publik", "hours": "12"}

    bare = seat.post(path, _op="send", more={**answers, "proof_note": "Baik sekali"})
    done = seat.post(path, _op="send", more=answers, files={"proof_file": FILE})

    assert bare.status_code == 422
    assert "Isi nomor surat atau lampirkan berkas" in bare.text
    assert "Pelayanan publik" in bare.text
    assert "Baik sekali" in bare.text
    assert "Tindak lanjut selesai." in done.text
    assert seat.client.get(f"{path}/proof").content == FILE[1]
    assert seat.take("analyst").client.get(f"{path}/proof").content == FILE[1]
    assert seat.take("clerk").client.get(f"{path}/proof").status_code == 404


def test_hr_gives_it_to_somebody_and_cancels_it_with_a_reason(seat: Seat, case: Case) -> None:
    which = following(case)["training"].id
    seat.take("hr_officer")

    unknown = seat.post(f"/follow-ups/{which}/owner", owner="198001012010011999")
    given = seat.post(f"/follow-ups/{which}/owner", owner="")
    short = seat.post(f"/follow-ups/{which}/cancellation", reason="pindah")
    ended = seat.post(f"/follow-ups/{which}/cancellation", reason="Pegawai pindah instansi")

    assert "Tidak ada pegawai aktif dengan NIP ini." in unknown.text
    assert "Nama hr_officer" in given.text
    assert short.status_code == 422
    assert "pindah</textarea>" in short.text
    assert "Pegawai pindah instansi" in ended.text


def test_hr_takes_the_list_along_and_the_trail_knows_it(seat: Seat, case: Case) -> None:
    seat.take("hr_officer")

    answer = seat.post("/follow-ups/export", kind="training")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Pelatihan" in lines[1]
    assert seat.take("division_head").post("/follow-ups/export").status_code == 404
    (event,) = trail(case.office, audit.object_chain("agency", case.office.agency_id))
    assert event["values"]["sha256"] == sha256(answer.content).hexdigest()


def test_the_case_leads_to_a_follow_up_only_whom_it_is_open_to(seat: Seat, case: Case) -> None:
    which = following(case)["training"].id

    shown = {
        person: f"/follow-ups/{which}" in seat.take(person).client.get(f"/cases/{case.id}").text
        for person in ("analyst", "division_head", "hr_officer", "auditor", "department_head")
    }

    assert shown == {
        "analyst": True, "division_head": True, "hr_officer": True, "auditor": False,
        "department_head": False,
    }  # fmt: skip


def test_programs_read_and_end_what_their_person_may(seat: Seat, case: Case) -> None:
    found = following(case)
    seat.take("hr_officer")
    head = {"x-csrf-token": seat.client.get("/api/v1/session").json()["csrf_token"]}
    training = f"/api/v1/follow-ups/{found['training'].id}"

    page = seat.client.get("/api/v1/follow-ups").json()
    answers = {"course": "Pelayanan publik", "hours": 12}
    body = {"answers": answers, "proof_number": "800/12/2026"}
    ended = seat.client.post(f"{training}/completion", json=body, headers=head)

    assert {item["id"] for item in page["items"]} == {row.id for row in found.values()}
    assert page["next"] is None
    assert ended.status_code == 204
    detail = seat.client.get(training).json()
    assert (detail["state"], detail["next_step"]) == ("completed", None)
    assert detail["entries"][0]["answers"]["number"] == "800/12/2026"


def test_programs_prove_it_by_a_file_that_is_what_it_says(seat: Seat, case: Case) -> None:
    seat.take("hr_officer")
    head = {"x-csrf-token": seat.client.get("/api/v1/session").json()["csrf_token"]}
    training = f"/api/v1/follow-ups/{following(case)['training'].id}"
    # More than other requests may bring.
    scan = b"%PDF-1.7 " + bytes(3_000_000)

    def ended(content: bytes) -> Response:
        file = {"name": "sertifikat.pdf", "content": b64encode(content).decode()}
        body = {"answers": {"course": "Pelayanan publik", "hours": 12}, "proof_file": file}
        return seat.client.post(f"{training}/completion", json=body, headers=head)

    refused = [ended(content).status_code for content in (b"", b"MZ no certificate")]
    before = seat.client.get(training).json()["state"]

    assert (refused, before) == ([422, 422], "open")
    assert ended(scan).status_code == 204
    (entry,) = seat.client.get(training).json()["entries"]
    assert entry["file_sha256"] == sha256(scan).hexdigest()
    page = f"/follow-ups/{following(case)['training'].id}/proof"
    assert seat.client.get(page).content == scan


def test_without_number_and_file_a_program_ends_nothing(seat: Seat, case: Case) -> None:
    seat.take("hr_officer")
    head = {"x-csrf-token": seat.client.get("/api/v1/session").json()["csrf_token"]}
    training = f"/api/v1/follow-ups/{following(case)['training'].id}"
    body = {"answers": {"course": "Pelayanan publik", "hours": 12}}

    refused = seat.client.post(f"{training}/completion", json=body, headers=head)

    assert refused.status_code == 422
    assert [one["place"] for one in refused.json()["findings"]] == ["proof_number"]
