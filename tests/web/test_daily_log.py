"""The daily log in the browser and for programs: nothing typed is lost, each sees what is his."""

import re
from collections.abc import Iterator

import pytest

from engine.commands.log_notes import verify_entries, write_log_note
from engine.domain.daily_log import EntryState, NoteKind
from engine.domain.people import EmployeeId
from engine.jobs.daily_logs import remind_of_log_answers
from tests.cases import trail
from tests.logs import (
    LOCKED,
    NOW,
    PLAIN,
    TODAY,
    chain,
    entered,
    entry,
    notes,
    office_with_logs,
)
from tests.office import Office
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

TYPED = {
    "day": "2026-03-04", "activity": "Memeriksa <b>berkas</b> izin", "minutes": "90",
    "quantity": "2,5", "task": PLAIN.task, "planned": "1",
}  # fmt: skip
FILE = {"kind": "application/octet-stream", "content": b"%PDF-1.7 x"}
PDF = {"file": ("bukti.pdf", b"%PDF-1.7 foto", "application/pdf")}


@pytest.fixture
def office(offices: Offices) -> Office:
    return office_with_logs(offices)


@pytest.fixture
def seat(office: Office) -> Iterator[Seat]:
    """A browser in front of that office, where nobody is signed in."""
    with seated(office.desk, NOW) as seat:
        yield seat


def send(seat: Seat, office: Office, *, files: object = None, **fields: str):
    page = seat.client.get("/daily-log").text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    more = {"cycle": office.cycle_id, "key": key, "week": TODAY.isoformat(), **TYPED, **fields}
    return seat.post("/daily-log", files=files, more=more)


def looks(office: Office, person: str) -> list[str]:
    seen = trail(office, f"actor/{person}/{TODAY.isoformat()}")
    return [e["values"]["person"] for e in seen if e["action"] == "access.viewed"]


def address(office: Office) -> str:
    return f"/daily-log/staff/{office.cycle_id}/analyst"


def only_entry(office: Office) -> str:
    return trail(office, chain(office))[0]["values"]["entry"]


def test_an_activity_is_entered_with_its_evidence_and_stands_in_the_week(seat, office):
    page = send(seat.take("analyst"), office, files=PDF, link="https://contoh.go.id/a")

    assert "Tercatat." in page.text
    assert "Memeriksa &lt;b&gt;berkas&lt;/b&gt; izin" in page.text
    assert "2,5" in page.text
    file = seat.client.get(f"/daily-log/entries/{only_entry(office)}/evidence/1")
    assert file.content == b"%PDF-1.7 foto"


def test_what_was_typed_stays_and_each_limit_speaks_at_its_field(seat, office):
    page = send(seat.take("analyst"), office, minutes="3", day="2026-02-27", paper="800/1")

    assert page.status_code == 422
    assert 'id="minutes-err"' in page.text
    assert "perlu alasan, sedikitnya 10 huruf" in page.text
    assert "Memeriksa &lt;b&gt;berkas&lt;/b&gt; izin" in page.text
    assert 'value="800/1"' in page.text
    assert trail(office, chain(office)) == []


def test_a_file_of_a_forbidden_kind_leaves_the_form_as_it_was(seat, office):
    wrong = {"file": ("a.pdf", b"MZ", "application/pdf")}

    page = send(seat.take("analyst"), office, files=wrong)

    assert page.status_code == 422
    assert 'id="file-err"' in page.text
    assert "Memeriksa &lt;b&gt;berkas&lt;/b&gt; izin" in page.text


def test_a_form_without_a_day_comes_back(seat, office):
    page = send(seat.take("analyst"), office, day="kemarin")

    assert page.status_code == 422
    assert 'id="day-err"' in page.text


def test_a_correction_opens_with_what_was_entered_and_replaces_it(seat, office):
    made = entered(office)
    form = seat.take("analyst").client.get(f"/daily-log?edit={made}").text

    seat.post(
        f"/daily-log/entries/{made}",
        more={**TYPED, "revision": "1", "cycle": office.cycle_id, "minutes": "45"},
    )

    assert "Memeriksa berkas izin usaha</textarea>" in form
    assert entry(office, made).minutes == 45


def test_a_correction_of_what_was_changed_meanwhile_keeps_what_was_typed(seat, office):
    made = entered(office)
    fields = {**TYPED, "revision": "7", "activity": "Kata-kata yang baru"}

    page = seat.take("analyst").post(f"/daily-log/entries/{made}", more=fields)

    assert page.status_code == 422
    assert "Kata-kata yang baru" in page.text
    assert "Yang Saudara tulis masih ada di sini; lihat dulu isinya yang sekarang" in page.text
    assert entry(office, made).minutes == 90


def test_what_was_changed_meanwhile_is_corrected_by_sending_the_same_words_again(seat, office):
    made = entered(office)
    fields = {**TYPED, "revision": "7", "activity": "Kata-kata yang baru"}

    page = seat.take("analyst").post(f"/daily-log/entries/{made}", more=fields).text
    hidden = dict(re.findall(r'name="(cycle|key|week|revision)" value="([^"]+)"', page))
    seat.post(f"/daily-log/entries/{made}", more={**fields, **hidden})

    assert entry(office, made).revision == 2


def test_a_correction_of_what_was_verified_meanwhile_never_becomes_another_activity(seat, office):
    made, head = entered(office), office.actor("division_head", NOW)
    verify_entries(
        office.desk, head, cycle_id=office.cycle_id, employee_id=EmployeeId("analyst"),
        entries={made: 1}, now=NOW,
    )  # fmt: skip

    page = seat.take("analyst").post(f"/daily-log/entries/{made}", more={**TYPED, "revision": "2"})

    assert page.status_code == 422
    assert "Memeriksa &lt;b&gt;berkas&lt;/b&gt; izin</textarea>" in page.text
    assert f'<form method="post" action="/daily-log/entries/{made}" enctype' in page.text


def test_the_rater_verifies_all_of_a_week_at_once(seat, office):
    first, second = entered(office), entered(office)
    page = seat.take("division_head").client.get(address(office)).text
    shown = re.findall(r'name="shown" value="([^"]+)"', page)

    answer = seat.post(
        f"{address(office)}/verification",
        more={"shown": shown, "all": "week", "week": TODAY.isoformat()},
    )

    assert "Terverifikasi." in answer.text
    assert {entry(office, one).state for one in (first, second)} == {EntryState.VERIFIED}


def test_the_rater_verifies_only_what_he_marked(seat, office):
    first, second = entered(office), entered(office)
    marked = f"{first}/1"

    seat.take("division_head").post(f"{address(office)}/verification", more={"entry": marked})

    assert entry(office, first).state == EntryState.VERIFIED
    assert entry(office, second).state == EntryState.ENTERED


def test_a_direction_reaches_the_employee_with_a_notice_that_leads_to_it(seat, office):
    made = entered(office)
    path = f"/daily-log/staff/entries/{made}/notes"

    seat.take("division_head").post(path, kind="direction", text="Utamakan izin lama")

    bell = seat.take("analyst").client.get("/notices").text
    leads = re.search(r'href="(/notices/[^"]+)"[^>]*>Pejabat Penilai Kinerja menulis', bell)[1]
    page = seat.client.get(leads)
    assert page.url.path == "/daily-log"
    assert "Utamakan izin lama" in page.text
    assert "· menunggu jawaban" in page.text


def test_the_employee_answers_and_the_direction_waits_no_longer(seat, office):
    made = entered(office)
    head = office.actor("division_head", NOW)
    write_log_note(
        office.desk, head, entry_id=made, kind=NoteKind.DIRECTION, text="Utamakan", now=NOW
    )

    page = seat.take("analyst").post(
        f"/daily-log/entries/{made}/notes", kind="comment", text="Baik", week=TODAY.isoformat()
    )

    assert "Baik" in page.text
    assert "· menunggu jawaban" not in page.text
    assert notes(office, made)[0].answered_at == NOW


def test_an_empty_note_comes_back_to_its_activity(seat, office):
    made = entered(office)

    page = seat.take("analyst").post(f"/daily-log/entries/{made}/notes", kind="request", text=" ")

    assert page.status_code == 422
    assert f'id="err-{made}"' in page.text


def test_what_the_rater_gives_back_without_a_reason_comes_back_to_him(seat, office):
    made = entered(office)
    path = f"/daily-log/staff/entries/{made}/notes"

    page = seat.take("division_head").post(path, kind="return", text="", revision="1")

    assert page.status_code == 422
    assert f'id="err-{made}"' in page.text
    assert entry(office, made).state == EntryState.ENTERED


def test_the_reason_of_a_return_stays_where_the_activity_was_corrected_meanwhile(seat, office):
    made = entered(office)
    path = f"/daily-log/staff/entries/{made}/notes"

    page = seat.take("division_head").post(
        path, kind="return", text="Jumlahnya belum cocok", revision="7", week=TODAY.isoformat()
    )

    assert page.status_code == 422
    assert "Jumlahnya belum cocok</textarea>" in page.text
    assert "lihat dulu isinya yang sekarang, lalu kirim lagi" in page.text
    assert f'id="err-{made}"' in page.text
    assert entry(office, made).state == EntryState.ENTERED


def test_a_note_that_is_refused_leaves_the_form_for_a_new_activity_as_it_was(seat, office):
    made = entered(office)

    page = seat.take("analyst").post(f"/daily-log/entries/{made}/notes", kind="request", text=" ")

    assert f'value="{TODAY.isoformat()}"' in page.text
    assert re.search(r'name="key" value="[^"]+"', page.text)


def test_what_was_marked_to_be_taken_away_stays_marked(seat, office):
    send(seat.take("analyst"), office, link="https://contoh.go.id/a", paper="800/1")
    fields = {**TYPED, "revision": "1", "minutes": "3", "drop": "1"}

    page = seat.post(f"/daily-log/entries/{only_entry(office)}", more=fields)

    assert 'name="drop" value="1" checked>' in page.text
    assert 'name="drop" value="0">' in page.text


def test_a_request_stands_first_in_the_list_and_is_reminded_of(seat, office):
    made = entered(office)
    entered(office, "clerk")
    analyst = office.actor("analyst", NOW)
    write_log_note(
        office.desk, analyst, entry_id=made, kind=NoteKind.REQUEST, text="Cukup?", now=NOW
    )
    remind_of_log_answers(office.desk, office.agency_id, now=LOCKED)

    page = seat.take("division_head").client.get("/daily-log/staff").text

    assert page.index("Nama analyst") < page.index("Nama clerk")
    assert "menunggu terlalu lama" in seat.client.get("/notices").text


def test_a_locked_month_offers_no_correction_but_may_still_be_verified(seat, office):
    made = entered(office)
    seat.clock.now = LOCKED

    own = seat.take("analyst").client.get("/daily-log?week=2026-03-04").text
    staff = seat.take("division_head").client.get(f"{address(office)}?week=2026-03-04").text

    assert "bulan terkunci" in own
    assert f"edit={made}" not in own
    assert f'value="{made}/1"' in staff


def test_the_superior_of_the_rater_reads_without_any_button(seat, office):
    entered(office)

    page = seat.take("department_head").client.get(address(office)).text

    assert "Memeriksa berkas izin usaha" in page
    assert "/verification" not in page
    assert "/notes" not in page


def test_a_look_by_hr_is_noted_and_one_by_the_rater_is_not(seat, office):
    entered(office)
    for person in ("hr_officer", "division_head"):
        assert seat.take(person).client.get(address(office)).status_code == 200

    assert looks(office, "hr_officer") == ["analyst"]
    assert looks(office, "division_head") == []


def test_a_colleague_finds_no_log(seat, office):
    entered(office)

    assert seat.take("clerk").client.get(address(office)).status_code == 404


@pytest.mark.parametrize(
    ("person", "there"), [("analyst", True), ("division_head", True), ("auditor", False)]
)
def test_the_log_stands_in_the_navigation_of_whom_it_concerns(seat, person: str, there: bool):
    page = seat.take(person).client.get("/inbox").text

    assert ('href="/daily-log"' in page) is there


def test_who_keeps_none_is_led_to_those_he_reads(seat):
    assert seat.take("division_head").client.get("/daily-log").url.path == "/daily-log/staff"


def test_ones_own_figures_stand_on_the_log_and_beside_ones_results(seat, office):
    entered(office)
    entered(office, planned=False)
    seat.take("analyst")

    for path in ("/daily-log", "/my-results"):
        page = seat.client.get(path).text
        assert "<b>2</b><span>kegiatan bulan ini</span>" in page
        assert "<b>0 / 1</b><span>terverifikasi / direncanakan periode ini</span>" in page


def program(seat: Seat, method: str, path: str, *, kind: str = "application/json", **more):
    token = seat.client.get("/api/v1/session").json()["csrf_token"]
    headers = {"X-CSRF-Token": token, "Content-Type": kind}
    return seat.client.request(method, f"/api/v1/daily-log{path}", headers=headers, **more)


def test_programs_enter_correct_and_read_by_the_same_rules(seat, office):
    new = {"day": "2026-03-04", "text": "Memeriksa berkas", "minutes": 30, "quantity": 1}
    seat.take("analyst")

    made = program(seat, "POST", "/entries", json={**new, "cycle_id": office.cycle_id})
    path = f"/entries/{made.json()['id']}"
    wrong = program(seat, "POST", f"{path}/correction", json={**new, "minutes": 3, "revision": 1})
    put = program(seat, "POST", f"{path}/evidence?name=a.pdf", **FILE)
    right = program(seat, "POST", f"{path}/correction", json={**new, "revision": 2})

    assert (made.status_code, wrong.status_code, right.json()) == (201, 422, {"revision": 3})
    assert wrong.json()["findings"][0]["place"] == "minutes"
    assert (put.status_code, put.json()) == (201, {"revision": 2})
    (log,) = program(seat, "GET", "").json()
    assert (log["entries_this_month"], log["entries"][0]["text"]) == (1, "Memeriksa berkas")


def test_programs_of_the_rater_verify_direct_and_give_back(seat, office):
    made, other = entered(office), entered(office)
    seat.take("division_head")
    looked_at = {"entries": [{"id": made, "revision": 1}]}

    verified = program(
        seat, "POST", f"/staff/{office.cycle_id}/analyst/verification", json=looked_at
    )
    said = program(
        seat, "POST", f"/entries/{other}/notes", json={"kind": "direction", "text": "Utamakan"}
    )
    back = program(
        seat, "POST", f"/entries/{other}/return", json={"revision": 1, "text": "Lengkapi"}
    )

    assert (verified.json(), said.status_code, back.status_code) == ({"count": 1}, 201, 204)
    log = program(seat, "GET", f"/staff/{office.cycle_id}/analyst?week=2026-03-04").json()
    assert {one["state"] for one in log["entries"]} == {"verified", "returned"}
    (line,) = [
        one for one in program(seat, "GET", "/staff").json()["items"] if one["unverified"] == 0
    ][:1]
    assert line["may_verify"] is True
