"""The page of rating patterns: pictures with tables, words without accusation, a file."""

import re

import pytest

from engine.commands.desk import Desk
from tests.office import DIVISION
from tests.queries.test_fairness import crowd
from tests.rated import Rated, add_rated
from tests.web.conftest import Seat, Town


@pytest.fixture
def rated(seat: Seat, desk: Desk, town: Town) -> Seat:
    """HR in an office where many were rated."""
    office = town.office
    people = [
        one if n >= 12 else type(one)(**{**vars(one), "gaps": {"peers": "24.00"}})
        for n, one in enumerate(crowd())
    ]
    add_rated(desk.store, office.agency_id, office.cycle_id, people)
    return seat.take("hr_officer")


def test_every_picture_has_a_table_and_says_what_it_shows(rated: Seat) -> None:
    html = rated.client.get("/fairness").text

    assert html.count('role="img"') == 3
    assert html.count("<table>") == 3
    named = re.findall(r'aria-labelledby="(\S+-t) (\S+-d)"', html)
    assert all(f'<title id="{title}">' in html for title, _ in named)
    assert all(f'<desc id="{about}">' in html for _, about in named)


def test_patterns_are_to_be_talked_about_and_accuse_nobody(rated: Seat) -> None:
    html = rated.client.get("/fairness").text

    assert "Inilah pola yang patut dibicarakan dengan penilai." in html
    assert "lebih tinggi daripada penilai lain" in html
    assert not re.search(r"\b(bias|curang|salah|melanggar|tidak adil)\b", html, re.IGNORECASE)


def test_what_is_hidden_is_read_out_as_hidden_and_counted_nowhere(rated: Seat) -> None:
    html = rated.client.get("/fairness").text

    assert '<span class="hidden-text">disembunyikan</span>' in html
    assert "Nama assistant" not in html
    assert "1 penilai dengan pegawai lebih sedikit tidak ditampilkan" in html


def test_the_file_holds_what_the_page_shows_and_leaves_a_mark(rated: Seat, desk: Desk) -> None:
    answer = rated.post("/fairness/export", cycle="")

    text = answer.content.decode("utf-8-sig")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert '"Predikat per unit kerja";"Sekretariat Daerah";"Baik";"disembunyikan"' in text
    assert "Nama assistant" not in text
    with desk.store.reading("") as tx:
        bodies = tx.connection.exec_driver_sql("SELECT body FROM audit_event").scalars().all()
    assert any('"kind":"fairness"' in str(body) for body in map(_text, bodies))


def _text(body: object) -> str:
    return body.decode() if isinstance(body, bytes) else str(body)


def test_before_the_first_result_the_page_says_so(seat: Seat) -> None:
    html = seat.take("hr_officer").client.get("/fairness").text

    assert "Belum ada yang berpredikat" in html
    assert "Belum ada penilai yang menilai cukup banyak pegawai." in html


@pytest.mark.parametrize("person", ["analyst", "division_head"])
def test_who_has_no_duty_for_it_finds_no_such_page(seat: Seat, person: str) -> None:
    seat.take(person)

    assert seat.client.get("/fairness").status_code == 404
    assert "/fairness" not in seat.client.get("/inbox").text


def test_hr_is_led_to_it(seat: Seat) -> None:
    seat.take("hr_officer")

    assert 'href="/fairness"' in seat.client.get("/administration").text


def test_a_share_of_half_a_percent_is_rounded_up_in_picture_table_and_file(
    seat: Seat, desk: Desk, town: Town
):
    # 16 women, of whom 2 are very good: 12.5 percent; of 40 men 25: 62.5 percent.
    people = [
        Rated(f"w{n}", DIVISION, "division_head", "very_good" if n < 2 else "good", woman=True)
        for n in range(16)
    ] + [
        Rated(f"m{n}", DIVISION, "division_head", "very_good" if n < 25 else "good")
        for n in range(40)
    ]
    add_rated(desk.store, town.office.agency_id, town.office.cycle_id, people)
    seat.take("hr_officer")

    html = seat.client.get("/fairness").text
    text = seat.post("/fairness/export", cycle="").content.decode("utf-8-sig")

    assert ">13 %</text>" in html
    assert ">63 %</text>" in html
    assert '<td class="n">13</td>' in html
    assert ';"Bagian, dalam persen";"13"' in text
