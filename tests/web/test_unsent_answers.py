"""What was typed is never lost: windows that overtake each other, late answers, refused files."""

from datetime import timedelta

import pytest

from tests.web.conftest import PDF, Seat
from tests.web.test_work_pages import filled, hidden, send

TYPED = "Jaringan putus tiga hari."
STAYS = "Isian Anda tampil di bawah"
TO_COPY = "Isian Anda tampil di bawah agar dapat disalin"
EVIDENCE = {"rows.0.evidence.file": ("laporan.pdf", PDF, "application/pdf")}
SCRIPT = {"rows.0.evidence.file": ("laporan.pdf", b"<script>", "application/pdf")}


def resend(seat: Seat, item: str, fields: dict[str, str], html: str, button: str):
    """Press a button of the page that came back."""
    fresh = {name: hidden(html, name) for name in ("_version", "_revision", "_key")}
    return seat.client.post(item, data={**fields, **fresh, "_op": button})


@pytest.fixture
def item(seat: Seat) -> str:
    return seat.take("analyst").item()


def test_a_draft_that_another_window_overtook_comes_back_and_can_be_saved(seat: Seat, item: str):
    older = filled(seat, item, "save", **{"rows.0.obstacle": TYPED})
    send(seat, item, "save")

    refused = seat.client.post(item, data=older)
    saved = resend(seat, item, older, refused.text, "save")

    assert refused.status_code == 409
    assert "Versi yang lebih baru sudah tersimpan" in refused.text
    assert STAYS in refused.text
    assert TYPED in refused.text
    assert saved.status_code == 200
    assert TYPED in saved.text


def test_answers_to_an_older_version_of_the_task_come_back_and_can_be_sent(seat: Seat, item: str):
    older = filled(seat, item, "send", **{"rows.0.obstacle": TYPED, "_version": "77"})

    refused = seat.client.post(item, data=older)
    sent = resend(seat, item, older, refused.text, "send")

    assert refused.status_code == 409
    assert TYPED in refused.text
    assert "Terkirim" in sent.text


def test_a_file_that_came_with_an_overtaken_draft_is_kept(seat: Seat, item: str):
    older = filled(seat, item, "upload:rows.0.evidence")
    send(seat, item, "save")

    refused = seat.client.post(item, data=older, files=EVIDENCE)
    file_id = hidden(refused.text, "rows.0.evidence.1.file_id")
    kept = {"rows.0.evidence.1.kind": "file", "rows.0.evidence.1.file_id": file_id}
    saved = resend(seat, item, {**older, **kept}, refused.text, "save")

    assert refused.status_code == 409
    assert seat.client.get(f"/evidence/{file_id}").content == PDF
    assert f"/evidence/{file_id}" in saved.text


def test_a_refused_file_leaves_the_words_in_the_form(seat: Seat, item: str):
    fields = filled(seat, item, "upload:rows.0.evidence", **{"rows.0.obstacle": TYPED})

    refused = seat.client.post(item, data=fields, files=SCRIPT)

    assert refused.status_code == 422
    assert "Berkas tidak diterima" in refused.text
    assert TYPED in refused.text
    assert 'name="rows.0.obstacle"' in refused.text


def test_words_that_come_after_the_last_day_are_shown_to_copy(seat: Seat, item: str):
    fields = filled(seat, item, "send", **{"rows.0.obstacle": TYPED})
    seat.clock.now += timedelta(days=60)
    fields["csrf_token"] = seat.take("analyst").token()

    sent = seat.client.post(item, data=fields)
    saved = seat.client.post(item, data={**fields, "_op": "save"})

    for refused in (sent, saved):
        assert refused.status_code == 409
        assert "Waktu untuk langkah ini sudah habis" in refused.text
        assert TO_COPY in refused.text
        assert TYPED in refused.text
        assert 'name="rows.0.obstacle"' not in refused.text


def test_other_words_after_a_sent_form_are_shown_with_its_number(seat: Seat, item: str):
    second = filled(seat, item, "send", **{"rows.0.obstacle": TYPED})
    send(seat, item)

    refused = seat.client.post(item, data=second)

    assert refused.status_code == 409
    assert "Tugas ini sudah ditutup" in refused.text
    assert f"{item}/receipt?again=1" in refused.text
    assert TYPED in refused.text
