"""A citizen answers without signing in; the unit hands out links, keys in papers and reads."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from engine.domain.citizen_survey import ELEMENTS
from engine.store import citizen_surveys
from tests.cases import NOW
from tests.office import DIVISION, Office
from tests.ready import Offices, offices, session_folder
from tests.surveys import SATISFIED, answered, closed, links, opened
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]

GIVEN = {**dict.fromkeys(map(str, ELEMENTS), "3"), "service": "2", "visited_on": "2026-01-05"}
MARKUP = '<script>alert("x")</script>'
FORMULA = '=HYPERLINK("http://example.org")'
PAPER = {"scan": ("kuesioner.pdf", b"%PDF-1.7 kertas", "application/pdf")}


@pytest.fixture
def office(offices: Offices) -> Office:
    return offices.open("window")


@pytest.fixture
def seat(office: Office) -> Iterator[Seat]:
    """A browser in front of that office, where nobody is signed in."""
    with seated(office.desk, NOW) as seat:
        yield seat


@pytest.fixture
def survey(office: Office) -> str:
    """The open survey of the division."""
    return opened(office)


@pytest.fixture
def link(office: Office, survey: str) -> str:
    """One of its links."""
    return f"/survey/{links(office, survey)[0]}"


def kept(office: Office, survey: str):
    with office.desk.store.reading(office.agency_id) as tx:
        return citizen_surveys.responses(tx, survey)


def test_a_citizen_answers_without_cookie_script_or_name(seat: Seat, office, survey, link: str):
    page = seat.client.get(link)
    answer = seat.client.post(link, data={**GIVEN, "comment": "Ramah"})

    assert "set-cookie" not in page.headers
    assert "set-cookie" not in answer.headers
    assert "<script" not in page.text
    assert "Terima kasih" in answer.text
    assert [row.time for row in kept(office, survey)] == [3]


def test_the_page_is_light_and_guarded_as_every_page(seat: Seat, link: str):
    page = seat.client.get(link)

    assert len(page.content) < 25_000
    assert page.headers["x-frame-options"] == "DENY"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


def test_each_element_has_words_of_its_own(seat: Seat, link: str):
    page = seat.client.get(link).text

    words = ("Tidak sesuai", "Kurang mudah", "Cepat", "Gratis", "Sangat kompeten",
             "Sopan dan ramah", "Dikelola dengan baik", "Buruk")  # fmt: skip
    assert [word for word in words if f"<span>{word}</span>" not in page] == []
    assert page.count('type="radio"') == 9 * 4


def test_the_language_stands_in_the_address_and_stays_there(seat: Seat, link: str):
    page = seat.client.get(f"{link}?lang=en")

    assert '<html lang="en">' in page.text
    assert f'action="{link}?lang=en"' in page.text
    sent = seat.client.post(f"{link}?lang=en", data=GIVEN)
    assert "Thank you" in sent.text


def test_what_was_chosen_and_typed_stays_when_something_is_missing(seat: Seat, link: str):
    given = {key: value for key, value in GIVEN.items() if key != "time"}

    page = seat.client.post(link, data={**given, "comment": "a" * 1001})

    assert page.status_code == 422
    assert re.search(r'name="cost" value="3" required checked', page.text)
    assert 'value="2026-01-05"' in page.text
    assert "a" * 1001 in page.text
    assert 'id="time-err"' in page.text
    assert 'id="comment-err"' in page.text


def test_a_link_used_twice_is_refused_in_a_friendly_way(seat: Seat, office, survey, link: str):
    seat.client.post(link, data=GIVEN)

    again = seat.client.post(link, data=GIVEN)

    assert again.status_code == 404
    assert "jawaban Anda sudah kami terima" in again.text
    assert len(kept(office, survey)) == 1


def test_a_closed_survey_says_until_when_it_ran(seat: Seat, office: Office, survey, link: str):
    closed(office, survey)

    page = seat.client.get(link)

    assert page.status_code == 410
    assert "31 Januari 2026" in page.text


def test_the_poster_gives_each_visitor_a_link_but_a_look_takes_none(seat: Seat, survey: str):
    seat.take("hr_officer")
    poster = seat.post(f"/surveys/{survey}/counter").text
    place = re.search(r"<code>https?://[^/]+(/survey/counter/[^<]+)</code>", poster)[1]
    seat.client.cookies.clear()

    look = seat.client.get(place)
    taken = [seat.client.post(place, follow_redirects=False) for _ in range(2)]

    assert "Mulai" in look.text
    assert len({answer.headers["location"] for answer in taken}) == 2
    assert seat.client.get(taken[0].headers["location"]).status_code == 200


def test_who_hammers_is_told_to_wait_and_keeps_what_he_chose(seat: Seat, link: str):
    answers = [seat.client.post(link, data={}) for _ in range(60)]

    held = seat.client.post(link, data=GIVEN)

    assert {answer.status_code for answer in answers} == {422}
    assert held.status_code == 429
    assert 'value="3" required checked' in held.text


def test_links_are_printed_as_codes_or_as_a_document(seat: Seat, survey: str):
    seat.take("hr_officer")

    page = seat.post(f"/surveys/{survey}/links", count="3")
    pdf = seat.post(f"/surveys/{survey}/links", count="2", more={"as": "pdf"})

    assert page.text.count('class="qr"') == 3
    assert pdf.content.startswith(b"%PDF")


def test_a_survey_is_opened_and_closed_on_its_page(seat: Seat, office: Office):
    seat.take("hr_officer")
    more = {"cycle": office.cycle_id, "unit": DIVISION, "starts": "2026-01-05"}

    wrong = seat.post("/surveys", more={**more, "ends": "besok", "services": "Izin"})
    right = seat.post(
        "/surveys", more={**more, "ends": "2026-01-31", "services": "Izin", "population": "300"}
    )
    ended = seat.post(f"{right.url.path}/closing")

    assert wrong.status_code == 422
    assert ">Izin</textarea>" in wrong.text
    assert ">169<" in right.text
    assert "Kurang dari lima orang menjawab" in ended.text


def test_the_report_is_told_at_the_end_with_both_figures_and_no_markup(
    seat: Seat, office: Office, survey: str
):
    said = replace(SATISFIED, comment=f"{FORMULA} {MARKUP}")
    answered(office, survey, 5, answer=said, time=1)
    seat.take("hr_officer")
    running = seat.client.get(f"/surveys/{survey}").text
    closed(office, survey)

    page = seat.client.get(f"/surveys/{survey}").text

    assert "69,44" not in running
    assert "69,44" in page
    assert "68,75" in page
    assert "Waktu penyelesaian" in page
    assert MARKUP not in page
    assert "&lt;script&gt;" in page


def test_a_comment_never_becomes_a_formula_of_the_sheet(seat: Seat, office: Office, survey: str):
    answered(office, survey, 5, answer=replace(SATISFIED, comment=FORMULA))
    closed(office, survey)

    content = seat.take("hr_officer").client.get(f"/surveys/{survey}/report").content

    sheets = CalamineWorkbook.from_filelike(BytesIO(content))
    assert sheets.get_sheet_by_index(2).to_python()[1] == [FORMULA]
    assert b"<f>" not in content


def test_before_the_end_and_of_four_people_there_is_no_report(seat: Seat, office, survey: str):
    seat.take("hr_officer")
    places = (f"/surveys/{survey}/report", f"/api/v1/surveys/{survey}/report")
    answered(office, survey, 4)
    running = [seat.client.get(place).status_code for place in places]

    closed(office, survey)

    assert [seat.client.get(place).status_code for place in places] == running == [404, 404]
    assert "75,00" not in seat.client.get("/survey").text


def test_programs_read_the_report(seat: Seat, office: Office, survey: str):
    answered(office, survey, 5)
    closed(office, survey)
    seat.take("auditor")

    (line,) = seat.client.get("/api/v1/surveys").json()["items"]
    report = seat.client.get(f"/api/v1/surveys/{survey}/report").json()

    assert (line["id"], line["grade"]) == (survey, "C")
    assert report["index"] == line["index"] == "75.00"
    assert report["index_with_hundredths"] == "74.25"
    assert len(report["elements"]) == 9


def test_everybody_sees_the_index_of_a_unit(seat: Seat, office: Office, survey: str):
    answered(office, survey, 5)
    closed(office, survey)

    page = seat.client.get("/survey").text

    assert "Bidang Perizinan" in page
    assert "75,00" in page
    assert "74,25" not in page


def test_who_heads_the_unit_reads_its_report_and_others_do_not(seat: Seat, survey: str):
    status = {
        person: seat.take(person).client.get(f"/surveys/{survey}").status_code
        for person in ("division_head", "analyst", "department_head", "auditor")
    }

    assert status == {
        "division_head": 200, "analyst": 404, "department_head": 404, "auditor": 200
    }  # fmt: skip


def test_a_paper_is_keyed_in_and_its_scan_kept(seat: Seat, office: Office, survey: str):
    seat.take("hr_officer")
    place = f"/surveys/{survey}/paper"

    without = seat.post(place, more=GIVEN)
    done = seat.post(place, more=GIVEN, files=PAPER)
    scan = re.search(r'href="([^"]+/scans/[^"]+)"', seat.client.get(f"/surveys/{survey}").text)

    assert without.status_code == 422
    assert 'id="scan-err"' in without.text
    assert "Tersimpan" in done.text
    assert [row.channel for row in kept(office, survey)] == ["paper"]
    assert seat.client.get(scan[1]).content == PAPER["scan"][1]


@pytest.mark.parametrize(
    ("given", "named", "told"),
    [({}, [], "tidak ada, semuanya sama"), ({"time": 1, "complaints": 1}, ["time", "complaints"],
     "Waktu penyelesaian, ")],
)  # fmt: skip
def test_all_weakest_elements_are_named_and_none_where_all_are_alike(
    seat: Seat, office: Office, survey: str, given: dict[str, int], named: list[str], told: str
):
    answered(office, survey, 5, **given)
    closed(office, survey)
    seat.take("auditor")

    page = seat.client.get(f"/surveys/{survey}").text
    content = seat.client.get(f"/surveys/{survey}/report").content
    report = seat.client.get(f"/api/v1/surveys/{survey}/report").json()

    sheets = CalamineWorkbook.from_filelike(BytesIO(content))
    assert report["weakest"] == named
    assert told in page
    assert page.count(">terlemah</span>") == len(named)
    assert sheets.get_sheet_by_index(0).to_python()[-1][1].startswith(told)
