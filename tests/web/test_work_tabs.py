"""The pages beside the form: the file so far, its history, the diagram, and the notes."""

import pytest

from tests.web.conftest import Seat
from tests.web.test_work_pages import send

NOTE = "Mohon bukti bulan Maret dilengkapi."


@pytest.fixture
def item(seat: Seat) -> str:
    return seat.take("analyst").item()


def write(seat: Seat, item: str, text: str = NOTE, audience: str = "everybody"):
    return seat.post(f"{item}/comments", text=text, audience=audience)


def notes(seat: Seat, item: str, person: str) -> str:
    return seat.take(person).client.get(f"{item}/comments").text


def test_a_note_is_read_by_who_may_open_the_file(seat: Seat, item: str):
    written = write(seat, item)

    assert NOTE in written.text
    assert NOTE in notes(seat, item, "division_head")
    assert seat.take("clerk").client.get(f"{item}/comments").status_code == 404


def test_a_note_among_officials_waits_for_the_delivery(seat: Seat, item: str):
    seat.take("division_head")
    write(seat, item, audience="officials")

    assert NOTE in notes(seat, item, "department_head")
    assert NOTE not in notes(seat, item, "analyst")


def test_the_appraised_person_keeps_no_note_from_anybody(seat: Seat, item: str):
    write(seat, item, audience="officials")

    assert NOTE in notes(seat, item, "division_head")


@pytest.mark.parametrize(
    ("text", "told"),
    [("  ", "Catatan masih kosong"), ("x" * 2_001, "paling panjang 2000 huruf")],
    ids=["nothing", "too much"],
)
def test_a_refused_note_stays_in_its_box(seat: Seat, item: str, text: str, told: str):
    refused = write(seat, item, text=text)

    assert refused.status_code == 422
    assert told in refused.text
    assert text.strip() in refused.text


def test_notes_come_in_pages_the_newest_first(seat: Seat, item: str):
    for number in range(32):
        write(seat, item, text=f"catatan {number:02}.")

    first = seat.client.get(f"{item}/comments").text
    older = first.partition("?before=")[2].partition('"')[0]
    second = seat.client.get(f"{item}/comments?before={older}").text

    assert "catatan 31." in first
    assert "catatan 01." not in first
    assert "catatan 01." in second
    assert "catatan 02." not in second


def test_an_auditor_reads_notes_and_writes_none(seat: Seat, item: str):
    write(seat, item)

    assert NOTE in notes(seat, item, "auditor")
    assert 'name="text"' not in notes(seat, item, "auditor")
    assert write(seat, item).status_code == 404


def test_the_file_shows_the_answers_that_the_reader_may_see(seat: Seat, item: str):
    send(seat, item, **{"rows.0.obstacle": "Jaringan putus."})

    own = seat.client.get(f"{item}/case").text
    rater = seat.take("division_head").client.get(f"{item}/case").text

    assert "Jaringan putus." in own
    assert "Jaringan putus." in rater


def test_the_history_tells_deeds_and_leaves_the_machine_out(seat: Seat, item: str):
    send(seat, item)

    page = seat.client.get(f"{item}/history").text

    assert "mengirim" in page
    assert "Jalur" not in page


def test_the_diagram_stands_in_words(seat: Seat, item: str):
    page = seat.client.get(f"{item}/diagram").text

    assert "Penilaian diri" in page
