"""The page of recognised ideas: who finds it, what it says, and how consent is taken back."""

import re
from collections.abc import Iterator

import pytest

from engine.store.instances import find_case
from tests.cases import NOW, Case
from tests.commands.ideas import IDEA, recognised_idea
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]


@pytest.fixture
def idea(offices: Offices) -> Case:
    """An endorsed idea that its author lets others see."""
    return recognised_idea(offices.open("salatiga"))


@pytest.fixture
def seat(idea: Case) -> Iterator[Seat]:
    """A browser in front of that office."""
    with seated(idea.office.desk, NOW) as seat:
        yield seat


def page(seat: Seat, path: str = "/recognised") -> str:
    return seat.client.get(path).text


def test_a_colleague_finds_the_idea_by_its_labels_and_nothing_else_of_the_case(seat: Seat):
    seat.take("clerk")

    html = page(seat)

    assert 'href="/recognised">Ide yang diakui' in page(seat, "/my-appraisals")
    assert "Nama analyst" in html
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", html))
    assert facts == {
        "Judul": IDEA["title"], "Masalah": IDEA["problem"], "Ide": IDEA["idea"],
        "Dampak yang terukur": IDEA["effect"],
    }  # fmt: skip
    assert "/cases/" not in html
    assert "/end" not in html


def test_the_author_takes_the_consent_back_and_is_told_so(seat: Seat, idea: Case):
    seat.take("analyst")
    assert f'action="/recognised/{idea.id}/end"' in page(seat)

    answer = seat.post(f"/recognised/{idea.id}/end")

    assert "Persetujuan Saudara sudah ditarik" in answer.text
    assert IDEA["title"] not in answer.text
    assert IDEA["title"] not in seat.take("clerk").client.get("/recognised").text


def test_the_form_of_an_idea_says_where_it_will_be_seen(seat: Seat, idea: Case):
    seat.take("analyst")
    offer = page(seat, f"/cases/{main_case(idea)}")
    key = re.search(r'value="sal_idea"><input type="hidden" name="key" value="([^"]+)"', offer)[1]

    form = seat.post(f"/cases/{main_case(idea)}/beside", process="sal_idea", key=key).text

    assert "terlihat oleh semua pegawai di halaman “Ide yang diakui”" in form


def test_where_no_system_shows_anything_no_link_leads_to_an_empty_page(offices: Offices):
    office = Case.start(offices.open("aside")).office
    with seated(office.desk, NOW) as seat:
        seat.take("clerk")

        assert "/recognised" not in page(seat, "/my-appraisals")
        assert "Belum ada yang ditampilkan di sini" in page(seat)


def main_case(idea: Case) -> str:
    """The appraisal beside which the idea ran."""
    with idea.office.desk.store.reading(idea.office.agency_id) as tx:
        found = find_case(
            tx, cycle_id=idea.row.cycle_id, subject_id=idea.row.subject_id,
            process_id="sal_appraisal",
        )  # fmt: skip
    assert found
    return found.id
