"""The bell, the notices and how somebody is told, as their reader sees them."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import MailSettings, Settings
from engine.commands.contacts import opt_out_token
from engine.commands.desk import Desk
from engine.commands.notices import NewNotice, tell
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId
from engine.jobs.telling import tell_new_work
from engine.queries.notices import PAGE_SIZE
from engine.store import contacts, tables
from tests.web.conftest import STARTED, Clock, Seat, Town


def leave(desk: Desk, town: Town, count: int, *, person: str = "analyst") -> None:
    """Leave notices, one a minute."""
    with desk.store.transaction(town.office.agency_id) as tx:
        for number in range(count):
            new = NewNotice(EmployeeId(person), NoticeKind.EXPORT_READY, f"export:{number}")
            tell(tx, [new], now=STARTED + timedelta(minutes=number))


@pytest.fixture
def posting(desk: Desk, town: Town):
    """A browser over an installation that sends e-mail."""
    settings = Settings(demo=True, mail=MailSettings(host="127.0.0.1"))
    clock = Clock()
    with TestClient(create_app(desk, settings, clock=clock)) as client:
        yield Seat(client, town.cases, clock).take("analyst")


def test_the_bell_counts_what_is_unread_and_no_further_than_it_can_show(
    seat: Seat, desk: Desk, town: Town
):
    seat.take("analyst")
    shown = []
    for count in (0, 3, 120):
        leave(desk, town, count)
        shown.append(seat.client.get("/inbox").text)

    assert "belum dibaca" not in shown[0]
    assert "3 belum dibaca" in shown[1]
    assert "99+ belum dibaca" in shown[2]


def test_a_notice_leads_to_the_task_and_is_read_then(seat: Seat, desk: Desk, town: Town):
    tell_new_work(desk, town.office.agency_id, now=STARTED)
    page = seat.take("analyst").client.get("/notices")
    link = page.text.split('href="/notices/')[1].split('"')[0]

    opened = seat.client.get(f"/notices/{link}")

    assert "Ada tugas baru untuk Anda" in page.text
    assert opened.url.path.startswith("/work-items/")
    assert "Semua sudah Anda baca" in seat.client.get("/notices").text


def test_a_notice_of_a_task_that_is_closed_says_so(seat: Seat, desk: Desk, town: Town):
    tell_new_work(desk, town.office.agency_id, now=STARTED)
    with desk.store.transaction(town.office.agency_id) as tx:
        tx.connection.execute(tables.work_item.update().values(state="completed"))

    page = seat.take("analyst").client.get("/notices").text

    assert "sudah selesai" in page


def test_a_task_that_went_to_somebody_else_leads_nowhere(seat: Seat, desk: Desk, town: Town):
    tell_new_work(desk, town.office.agency_id, now=STARTED)
    with desk.store.transaction(town.office.agency_id) as tx:
        tx.connection.execute(tables.work_item.update().values(assignee_id="sekda"))
        tx.connection.execute(
            tables.instance.update()
            .values(subject_id="clerk")
            .where(tables.instance.c.id == town.cases["clerk"])
        )
        mine = tables.notice.c.recipient_id == "analyst"
        case = town.cases["division_head"]
        tx.connection.execute(tables.notice.update().where(mine).values(instance_id=case))

    page = seat.take("analyst").client.get("/notices").text

    assert "bukan tugas Anda lagi" in page
    assert "Nama division_head" not in page


def test_what_nobody_may_do_leads_hr_to_where_it_is_handed_on(seat: Seat, desk: Desk, town: Town):
    items = tables.work_item
    with desk.store.transaction(town.office.agency_id) as tx:
        of_clerk = items.c.instance_id == town.cases["clerk"]
        changed = items.update().where(of_clerk, items.c.state == "open")
        tx.connection.execute(changed.values(assignee_id=None, function="planning"))
    tell_new_work(desk, town.office.agency_id, now=STARTED)
    page = seat.take("hr_officer").client.get("/notices").text
    link = page.split('href="/notices/')[1].split('"')[0]

    opened = seat.client.get(f"/notices/{link}")

    assert "Tidak ada petugas yang boleh mengerjakan sebuah tugas" in page
    assert opened.status_code == 200
    assert opened.url.path.endswith("/hand-on")
    assert "Alihkan" in opened.text


def test_news_of_many_cases_of_a_day_stands_in_one_place_with_the_way_to_each(
    seat: Seat, desk: Desk, town: Town
):
    days = (STARTED, STARTED, STARTED, STARTED + timedelta(days=1))
    with desk.store.transaction(town.office.agency_id) as tx:
        for number, day in enumerate(days):
            case = town.cases[("analyst", "clerk", "division_head")[number % 3]]
            news = NewNotice(
                EmployeeId("sekda"), NoticeKind.CASE_NEWS, f"news:{number}", instance_id=case
            )
            tell(tx, [news], now=day)

    page = seat.take("sekda").client.get("/notices").text

    inside = page.split("<details>")[1].split("</details>")[0]
    assert page.count("<details>") == 1
    assert "Ada kabar baru di 3 berkas penilaian" in inside
    assert inside.count('href="/notices/') == 3
    assert page.count('href="/notices/') == 4
    assert {f"Nama {key}" for key in town.cases} <= set(re.findall(r"Nama \w+", inside))


def test_all_are_read_with_one_button(seat: Seat, desk: Desk, town: Town):
    leave(desk, town, 3)
    seat.take("analyst").post("/notices/read")

    page = seat.client.get("/notices").text

    assert "Semua sudah Anda baca" in page
    assert page.count("Sebuah berkas siap diambil") == 3


def test_a_long_list_goes_on_page_by_page_and_shows_each_once(seat: Seat, desk: Desk, town: Town):
    leave(desk, town, 2 * PAGE_SIZE + 10)
    seat.take("analyst")

    path, seen = "/notices", []
    while path:
        page = seat.client.get(path).text
        seen += [part.split('"')[0] for part in page.split('class="strong" href="/notices/')[1:]]
        more = page.partition('href="/notices?unread=')[2].partition('"')[0]
        path = f"/notices?unread={more}" if more else ""

    assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE + 10


@pytest.mark.parametrize("place", ["x", "2026-01-05~", "2026-01-05T00:00:00Z~'", "~", "9999999"])
def test_a_place_that_is_none_shows_the_beginning(seat: Seat, place: str):
    answer = seat.take("analyst").client.get("/notices", params={"unread": place, "read": place})

    assert answer.status_code == 200


def test_an_address_is_kept_as_typed_when_it_is_refused(posting: Seat):
    answer = posting.post("/account/notices/address", channel="email", address="<b>salah")

    assert answer.status_code == 422
    assert 'value="&lt;b&gt;salah"' in answer.text
    assert "Alamat surel ini tidak lengkap" in answer.text


def test_an_address_waits_for_its_code_and_a_wrong_one_is_told(posting: Seat):
    waiting = posting.post("/account/notices/address", channel="email", address="a@contoh.go.id")
    wrong = posting.post("/account/notices/code", channel="email", code="000000")

    assert "menunggu kode" in waiting.text
    assert wrong.status_code == 422
    assert "Kode ini salah" in wrong.text


def test_paces_are_chosen_from_a_closed_list(posting: Seat):
    chosen = {"channel": "email", "tasks": "weekly", "deadlines": "hourly"}

    page = posting.post("/account/notices/paces", more=chosen).text

    assert '<option value="weekly" selected>' in page
    assert page.count('<option value="usual" selected>') == 3


def test_a_channel_that_is_off_does_not_exist(posting: Seat, seat: Seat):
    off = posting.post("/account/notices/address", channel="message", address="0812345678")
    page = seat.take("analyst").client.get("/account/notices")

    assert off.status_code == 404
    assert "belum mengirim surel" in page.text


def test_letters_stop_with_one_click_and_without_a_sign_in(posting: Seat, desk: Desk, town: Town):
    posting.post("/account/notices/address", channel="email", address="a@contoh.go.id")
    with desk.store.reading(town.office.agency_id) as tx:
        contact = contacts.find(tx, EmployeeId("analyst"), "email")
        token = opt_out_token(tx, contact)
    stranger = TestClient(posting.client.app)

    asked = stranger.get("/notices/stop", params={"token": token})
    clicked = stranger.post(
        "/notices/stop", params={"token": token}, data={"List-Unsubscribe": "One-Click"}
    )
    forged = stranger.post("/notices/stop", params={"token": f"{token}0"})

    assert "Hentikan" in asked.text
    assert "Tidak ada lagi kiriman" in clicked.text
    assert forged.status_code == 403
    with desk.store.reading(town.office.agency_id) as tx:
        wanted = contacts.preferences(tx, [EmployeeId("analyst")])
    assert {row.pace for row in wanted} == {"off"}


def test_the_list_of_a_unit_names_its_own_people_and_no_task(seat: Seat):
    seat.take("hr_officer")

    page = seat.client.get("/notices/unit-list", params={"unit": "bidang"}).text
    other = seat.client.get("/notices/unit-list", params={"unit": "nowhere"})

    assert "Nama analyst" in page
    assert "Nama department_head" not in page
    assert "Isi penilaian diri" not in page
    assert other.status_code == 404
