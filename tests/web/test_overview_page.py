"""The page of the overview: pictures with their figures, for whom there is something to count."""

import re
from datetime import timedelta

from engine.commands.desk import Desk
from tests.office import DIVISION
from tests.rated import Rated, add_rated
from tests.web.conftest import Seat, Town


def test_hr_counts_every_file_once_in_one_of_four_states(seat: Seat) -> None:
    seat.take("hr_officer")

    html = seat.client.get("/overview").text

    assert "Kemajuan per unit" in html
    assert html.count('role="img"') >= 1
    assert "Belum ada berkas yang selesai." in html


def test_late_files_are_drawn_and_counted(seat: Seat) -> None:
    seat.take("hr_officer")
    before = seat.client.get("/overview").text
    seat.clock.now += timedelta(days=200)
    seat.take("hr_officer")

    after = seat.client.get("/overview").text

    assert "Tidak ada yang terlambat." in before
    assert "Tidak ada yang terlambat." not in after
    assert 'class="c-late"' in after


def test_an_employee_without_staff_has_no_overview(seat: Seat) -> None:
    seat.take("analyst")

    assert seat.client.get("/overview").status_code == 404


def test_every_picture_has_a_title_and_a_description(seat: Seat) -> None:
    seat.take("hr_officer")

    html = seat.client.get("/overview").text

    named = re.findall(r'aria-labelledby="(\S+-t) (\S+-d)"', html)
    assert named
    assert all(f'<title id="{title}">' in html for title, _ in named)
    assert all(f'<desc id="{about}">' in html for _, about in named)


def test_shares_of_predicates_are_rounded_half_up(seat: Seat, desk: Desk, town: Town) -> None:
    # 27 of 40 are 67.5 percent, 13 are 32.5.
    people = [
        Rated(f"m{n}", DIVISION, "division_head", "good" if n < 27 else "very_good")
        for n in range(40)
    ]
    add_rated(desk.store, town.office.agency_id, town.office.cycle_id, people)
    seat.take("hr_officer")

    html = seat.client.get("/overview").text

    assert ">27 · 68 %</text>" in html
    assert ">13 · 33 %</text>" in html
