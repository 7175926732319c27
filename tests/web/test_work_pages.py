"""The page of a work item: filling in, saving, sending once, evidence, and what is refused."""

import re

import pytest

from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from tests.web.conftest import PDF, Seat, Town

ANSWERS = {
    "rows.0._row": "1",
    "rows.0.realisation": "98,5",
    "rows.0.evidence.link": "https://contoh.go.id/laporan",
    "rows.1._row": "1",
    "rows.1.realisation": "2",
    "rows.1.evidence.number": "800/12/2026",
    "rows.2._row": "1",
    "rows.2.realisation_text": "Laporan kegiatan selesai dan diserahkan.",
    "rows.2.evidence.number": "800/13/2026",
    "confirmed": "true",
}


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def filled(seat: Seat, item: str, button: str, **changes: str) -> dict[str, str]:
    html = seat.client.get(item).text
    kept = {name: hidden(html, name) for name in ("_version", "_revision", "_key", "csrf_token")}
    return {**kept, **ANSWERS, **changes, "_op": button}


def send(seat: Seat, item: str, button: str = "send", **changes: str):
    return seat.client.post(item, data=filled(seat, item, button, **changes))


def test_the_page_says_whose_turn_it_is_until_when(seat: Seat) -> None:
    seat.take("analyst")

    html = seat.client.get(seat.item()).text

    assert "Isi penilaian diri" in html
    assert "Senin, 19 Januari 2026" in html
    assert "sisa 13 hari" in html


def test_sending_gives_a_number_and_names_who_is_next(seat: Seat) -> None:
    seat.take("analyst")

    answer = send(seat, seat.item())

    assert answer.status_code == 200
    assert re.search(r"Terkirim 6 Jan 2026 09.00 WIB, nomor [0-9A-Z]{8}\.", answer.text)
    assert "Nama division_head" in answer.text


def test_a_second_send_shows_the_same_number(seat: Seat) -> None:
    seat.take("analyst")
    item = seat.item()
    fields = filled(seat, item, "send")

    first = seat.client.post(item, data=fields)
    second = seat.client.post(item, data={**fields, "_key": "another"})

    number = re.search(r"nomor ([0-9A-Z]{8})", first.text)[1]
    assert f"nomor {number}" in second.text
    assert "Sudah terkirim" in second.text


def test_the_form_comes_back_with_every_error_and_nothing_lost(seat: Seat) -> None:
    seat.take("analyst")

    answer = send(seat, seat.item(), **{"rows.0.realisation": "banyak", "confirmed": ""})

    assert answer.status_code == 422
    assert "Ada 2 isian yang perlu diperbaiki" in answer.text
    assert 'value="banyak"' in answer.text
    assert "800/13/2026" in answer.text


def test_a_draft_may_be_incomplete_and_comes_back(seat: Seat) -> None:
    seat.take("analyst")
    item = seat.item()

    answer = send(seat, item, "save", **{"rows.1.realisation": ""})

    assert "Draf tersimpan 09.00" in answer.text
    assert 'value="98,5"' in answer.text
    assert "draf" in seat.client.get("/inbox").text


def test_a_draft_of_an_older_window_is_refused(seat: Seat) -> None:
    seat.take("analyst")
    item = seat.item()
    older = filled(seat, item, "save")
    send(seat, item, "save")

    answer = seat.client.post(item, data=older)

    assert answer.status_code == 409
    assert "Versi yang lebih baru sudah tersimpan" in answer.text


def test_a_file_is_stored_and_comes_back_as_a_download(seat: Seat) -> None:
    seat.take("analyst")
    item = seat.item()
    fields = filled(seat, item, "upload:rows.0.evidence")
    files = {"rows.0.evidence.file": ("laporan akhir.pdf", PDF, "text/html")}

    page = seat.client.post(item, data=fields, files=files)
    file = seat.client.get(re.search(r'href="(/evidence/[^"]+)"', page.text)[1])

    assert file.content == PDF
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"].startswith("attachment; filename=")
    assert file.headers["x-content-type-options"] == "nosniff"


def test_a_file_of_another_kind_is_refused_and_the_answers_stay(seat: Seat) -> None:
    seat.take("analyst")
    item = seat.item()
    fields = filled(seat, item, "upload:rows.0.evidence")
    files = {"rows.0.evidence.file": ("laporan.pdf", b"<script>", "application/pdf")}

    answer = seat.client.post(item, data=fields, files=files)

    assert answer.status_code == 422
    assert "Berkas tidak diterima" in answer.text


@pytest.mark.parametrize("person", ["clerk", "assistant"])
def test_the_work_of_somebody_else_looks_like_work_that_is_not_there(
    seat: Seat, person: str
) -> None:
    item = seat.take("analyst").item()
    seat.take(person)

    foreign, missing = seat.client.get(item), seat.client.get("/work-items/unknown")
    posted = seat.post(item, more={**ANSWERS, "_op": "send"})

    assert foreign.status_code == missing.status_code == posted.status_code == 404
    assert without_tokens(foreign.text) == without_tokens(missing.text)


def without_tokens(html: str) -> str:
    return re.sub(r'value="[^"]*"', "", html)


def test_the_file_of_somebody_else_looks_like_one_that_is_not_there(seat: Seat) -> None:
    item = seat.take("analyst").item()
    fields = filled(seat, item, "upload:rows.0.evidence")
    files = {"rows.0.evidence.file": ("laporan.pdf", PDF, "application/pdf")}
    page = seat.client.post(item, data=fields, files=files)
    address = re.search(r'href="(/evidence/[^"]+)"', page.text)[1]

    seat.take("clerk")

    assert seat.client.get(address).status_code == 404


def test_two_windows_that_send_at_once_store_one_submission(
    seat: Seat, desk: Desk, town: Town
) -> None:
    seat.take("analyst")
    item = seat.item()
    first, second = filled(seat, item, "send"), filled(seat, item, "send")

    seat.client.post(item, data=first)
    answer = seat.client.post(item, data=second)

    assert "Sudah terkirim" in answer.text
    with desk.store.reading(AgencyId(town.office.agency_id)) as tx:
        rows = tx.connection.exec_driver_sql("SELECT count(*) FROM submission").scalar_one()
    assert rows == 1
