"""Rating many people on one page: rows kept and sent by themselves, nothing typed is lost."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from engine.commands.desk import Desk
from engine.store import agencies, cycles, tables
from engine.store.database import ANY_AGENCY, Store
from engine.store.vault import Folder
from tests.office import ROOT, Office
from tests.teams import open_item, team
from tests.web.conftest import Clock, Seat, Town

ADDRESS = "/team/ratings"
TEXT = "Pelayanan izin rapi dan selalu tepat waktu sepanjang tahun."


@pytest.fixture(scope="session")
def department(town: Town, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A copy of the town in which twelve people more wait for the head of their division."""
    folder = tmp_path_factory.mktemp("department")
    shutil.copy(town.folder / "town.sqlite", folder / "town.sqlite")
    office = office_of(folder, town)
    cases = team(office, 12)
    office.desk.store.close()
    return folder, cases


def office_of(folder: Path, town: Town) -> Office:
    store = Store(f"sqlite:///{folder / 'town.sqlite'}")
    with store.reading(ANY_AGENCY) as tx:
        (agency_id,) = agencies.every_id(tx)
    with store.reading(agency_id) as tx:
        cycle = next(iter(cycles.every(tx)))
    desk = Desk(store, ROOT, Folder(folder / "files"), definitions=town.definitions)
    return Office(desk, agency_id, cycle.id)


@pytest.fixture
def office(department: tuple[Path, dict[str, str]], town: Town, tmp_path: Path) -> Iterator[Office]:
    shutil.copy(department[0] / "town.sqlite", tmp_path / "town.sqlite")
    opened = office_of(tmp_path, town)
    yield opened
    opened.desk.store.close()


@pytest.fixture
def rater(office: Office, department: tuple[Path, dict[str, str]]) -> Iterator[Seat]:
    """The head of the division in the browser."""
    clock = Clock()
    app = create_app(office.desk, Settings(demo=True), clock=clock)
    with TestClient(app) as client:
        yield Seat(client, department[1], clock).take("division_head")


def item_of(office: Office, seat: Seat, person: str) -> str:
    return open_item(office, seat.cases[person], "supervisor_review").id


def fields_of(html: str) -> dict[str, str]:
    """What a browser would post of the form: hidden fields, texts, chosen options."""
    form = html[html.index('id="team"') : html.index("</form>", html.index('id="team"'))]
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and (not kind or kind[1] not in ("radio", "checkbox") or " checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            fields[name[1]] = value[1] if value else ""
    texts = r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>'
    fields |= dict(re.findall(texts, form, re.DOTALL))
    for name, body in re.findall(
        r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    return fields


def rated(item: str, **more: str) -> dict[str, str]:
    """A complete row: as the figures suggest, and as expected."""
    given = {
        "result_rating_decided": "as_expected",
        "behaviour_rating_decided": "as_expected",
        **more,
    }
    return {f"{item}:{name}": value for name, value in given.items()}


def press(seat: Seat, button: str, *, path: str = ADDRESS, html: str = "", **changes: str):
    page = html or seat.client.get(path).text
    more = changes.pop("more", {})
    return seat.client.post(path, data={**fields_of(page), **more, **changes, "_op": button})


def test_everybody_who_waits_stands_on_one_page_with_suggestion_and_own_words(rater: Seat) -> None:
    html = rater.client.get(ADDRESS).text

    assert html.count('class="row mate"') == 12
    assert "12 orang menunggu penilaian Saudara" in html
    assert "Rating hasil kerja" in html
    assert "Saran rating hasil kerja" in html
    assert "Laporan kegiatan selesai dan diserahkan." in html


def test_a_row_that_was_typed_in_is_the_draft_of_its_own_person(
    rater: Seat, office: Office
) -> None:
    item = item_of(office, rater, "staff03")

    answer = press(rater, "save", more={f"{item}:strengths": TEXT})

    own = rater.client.get(f"/work-items/{item}").text
    other = rater.client.get(f"/work-items/{item_of(office, rater, 'staff04')}").text
    assert answer.status_code == 200
    assert TEXT in own
    assert "Draf tersimpan" in own
    assert TEXT not in other
    assert "Draf tersimpan" not in other


def test_only_rows_that_are_checked_and_complete_are_sent(rater: Seat, office: Office) -> None:
    good, unready, wrong = (item_of(office, rater, f"staff0{n}") for n in (1, 2, 3))
    typed = {
        **rated(good, _ready="true"),
        **rated(unready),
        f"{wrong}:_ready": "true",
        f"{wrong}:result_rating_decided": "above",
    }

    answer = press(rater, "send-complete", more=typed)

    assert answer.status_code == 422
    assert re.search(r"✓ <b>Nama staff01</b>: terkirim, nomor [0-9A-Z]{8}", answer.text)
    assert len(re.findall(r"terkirim, nomor", answer.text)) == 1
    assert f'id="p-{good}"' not in answer.text
    assert "perlu diperbaiki" in answer.text
    assert "Draf tersimpan" in rater.client.get(f"/work-items/{unready}").text


def test_pressing_twice_sends_once_and_says_the_same_number(rater: Seat, office: Office) -> None:
    item = item_of(office, rater, "staff01")
    html = rater.client.get(ADDRESS).text
    typed = {**fields_of(html), **rated(item, _ready="true"), "_op": "send-complete"}

    first = rater.client.post(ADDRESS, data=typed)
    second = rater.client.post(ADDRESS, data=typed)

    number = re.search(r"terkirim, nomor ([0-9A-Z]{8})", first.text)[1]
    assert f"sudah terkirim, nomor {number}" in second.text


def test_one_person_can_be_sent_alone(rater: Seat, office: Office) -> None:
    item = item_of(office, rater, "staff05")

    answer = press(rater, f"send:{item}", more=rated(item))

    assert answer.status_code == 200
    assert answer.text.count("terkirim, nomor") == 1
    assert answer.text.count('class="row mate"') == 11


def test_the_same_text_about_several_people_is_pointed_out_and_not_held_back(
    rater: Seat, office: Office
) -> None:
    items = [item_of(office, rater, f"staff0{n}") for n in (1, 2)]

    answer = press(rater, "save", more={f"{item}:strengths": TEXT for item in items})

    assert answer.status_code == 200
    assert "Teks sama dengan Nama staff02: Kekuatan" in answer.text
    assert "Teks sama dengan Nama staff01: Kekuatan" in answer.text


def test_a_row_that_another_window_saved_shows_both_texts(rater: Seat, office: Office) -> None:
    item = item_of(office, rater, "staff01")
    older = rater.client.get(ADDRESS).text
    press(rater, "save", more={f"{item}:strengths": TEXT})

    answer = press(rater, "save", html=older, more={f"{item}:strengths": TEXT.upper()})
    again = press(rater, "save", html=answer.text)

    assert answer.status_code == 409
    assert TEXT in answer.text
    assert TEXT.upper() in answer.text
    assert TEXT.upper() in again.text


def test_words_of_a_row_that_closed_meanwhile_come_back_to_be_copied(
    rater: Seat, office: Office
) -> None:
    item = item_of(office, rater, "staff01")
    older = rater.client.get(ADDRESS).text
    press(rater, f"send:{item}", more=rated(item))

    answer = press(rater, "save", html=older, more={f"{item}:strengths": TEXT})

    assert TEXT in answer.text
    assert answer.text.count('class="row mate"') == 11


def test_words_sent_after_the_sign_in_had_ended_are_kept(rater: Seat, office: Office) -> None:
    item = item_of(office, rater, "staff01")
    typed = {**fields_of(rater.client.get(ADDRESS).text), f"{item}:strengths": TEXT}
    with office.desk.store.transaction(office.agency_id) as tx:
        ended = update(tables.session).values(idle_until=rater.clock.now)
        tx.connection.execute(ended)

    answer = rater.client.post(ADDRESS, data={**typed, "_op": "save"}, follow_redirects=False)

    assert answer.headers["location"] == "/sign-in?kept"
    opened = rater.post("/sign-in", employee_id="division_head", token=rater.token("/sign-in"))
    assert opened.url.path == f"/work-items/{item}"
    assert TEXT in rater.client.get(ADDRESS).text


def test_a_form_of_another_sign_in_stores_nothing_and_loses_nothing(
    rater: Seat, office: Office
) -> None:
    item = item_of(office, rater, "staff01")

    answer = press(rater, "send-complete", csrf_token="0" * 256, more=rated(item, strengths=TEXT))

    assert answer.status_code == 403
    assert TEXT in answer.text
    assert TEXT not in rater.client.get(f"/work-items/{item}").text


def test_whoever_rates_nobody_finds_nobody(rater: Seat) -> None:
    rater.take("clerk")

    html = rater.client.get(ADDRESS).text

    assert "Tidak ada yang menunggu penilaian Saudara" in html
    assert "row mate" not in html


def test_rows_of_others_are_not_touched(rater: Seat, office: Office) -> None:
    item = item_of(office, rater, "staff01")
    typed = fields_of(rater.client.get(ADDRESS).text)
    rater.take("clerk")
    own = rater.token()

    answer = rater.client.post(
        ADDRESS,
        data={**typed, **rated(item, strengths=TEXT), "csrf_token": own, "_op": f"send:{item}"},
    )

    assert "Nama staff01" not in answer.text
    assert "terkirim" not in answer.text
    assert item_of(office, rater, "staff01") == item
