"""The inbox in HTTP: lists, filters from closed lists, pages both ways, orders, weight."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from engine.commands.desk import Desk
from engine.domain.people import EmployeeId
from engine.store import work_items
from engine.store.ids import new_id
from engine.store.work_items import WorkItemRow
from tests.office import ROOT
from tests.web.conftest import STARTED, Seat, Town
from tests.web.test_work_pages import send

ROW = re.compile(r'<td class="full"><a class="strong" href="([^"]+)">')
MANY = 45


@pytest.fixture
def rater(desk: Desk, town: Town, seat: Seat) -> Seat:
    """The head of the division with more tasks than a page holds, some without a date."""
    add(desk, town, [{"assignee_id": EmployeeId("division_head")}] * MANY)
    return seat.take("division_head")


def add(desk: Desk, town: Town, changes: list[dict[str, object]]) -> list[str]:
    """More open work on the case of the clerk; every seventh has no due date."""
    with desk.store.transaction(town.office.agency_id) as tx:
        first = work_items.open_of_instance(tx, town.cases["clerk"])[0]
        made = [_copy(first, number, change) for number, change in enumerate(changes)]
        work_items.open_many(tx, made)
    return [item.id for item in made]


def _copy(first: WorkItemRow, number: int, change: dict[str, object]) -> WorkItemRow:
    due = None if number % 7 == 0 else STARTED + timedelta(days=number // 3, hours=number % 2)
    key = new_id()
    return replace(first, id=key, task_id=key, due_at=due, **change)


def shown(seat: Seat, address: str) -> list[str]:
    """The tasks on a page."""
    return ROW.findall(seat.client.get(address).text)


def link(seat: Seat, address: str, rel: str) -> str:
    """The way to the page behind or before."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', seat.client.get(address).text)
    return found[1].replace("&amp;", "&") if found else ""


def pages(seat: Seat, address: str) -> list[list[str]]:
    """Every page of a list, one after the other."""
    found = []
    while address:
        found.append(shown(seat, address))
        address = link(seat, address, "next")
    return found


@pytest.mark.parametrize("sort", ["due", "opened", "name"])
def test_pages_show_every_task_once(rater: Seat, sort: str) -> None:
    found = pages(rater, f"/inbox?sort={sort}")

    assert [len(page) for page in found] == [20, 20, MANY + 1 - 40]
    assert len({address for page in found for address in page}) == MANY + 1


@pytest.mark.parametrize("sort", ["due", "opened", "name"])
def test_the_way_back_leads_over_the_same_pages(rater: Seat, sort: str) -> None:
    first = f"/inbox?sort={sort}"
    second = link(rater, first, "next")
    third = link(rater, second, "next")

    assert shown(rater, link(rater, third, "prev")) == shown(rater, second)
    assert shown(rater, link(rater, second, "prev")) == shown(rater, first)


def test_a_task_that_is_done_meanwhile_moves_no_page(desk: Desk, town: Town, rater: Seat) -> None:
    second = link(rater, "/inbox", "next")
    before, last = shown(rater, second), shown(rater, "/inbox")[-1]

    with desk.store.transaction(town.office.agency_id) as tx:
        item = last.removeprefix("/work-items/")
        work_items.withdraw(tx, [item], by=EmployeeId("system"), now=STARTED)

    assert shown(rater, second) == before


WRONG = ("tab=x", "due=x&held=y&sort=z", "after=~", "after=x~y", "before=2026-01-05T01:00:00~z",
         "after=%0a~a", "q=%0a", "period=%27&unit=%22&task=%3C", "sort=name&after=x~y&before=a~b",
         "tab=done&after=~x", "tab=all", "tab=roles&sort=name", "panel=2")  # fmt: skip


@pytest.mark.parametrize("query", WRONG)
def test_what_is_in_no_list_is_left_out(rater: Seat, query: str) -> None:
    assert rater.client.get(f"/inbox?{query}").status_code == 200


def test_filters_by_date_part_the_list(rater: Seat) -> None:
    counted = {
        due: sum(map(len, pages(rater, f"/inbox?due={due}")))
        for due in ("overdue", "today", "week", "later", "none")
    }

    assert counted["none"] == 7
    assert counted["overdue"] + counted["week"] + counted["later"] + 7 == MANY + 1
    assert 0 < counted["today"] < counted["week"]


def test_a_list_is_searched_by_name_and_by_nip(rater: Seat) -> None:
    nip = "198001012010011006"

    assert len(shown(rater, "/inbox?q=CLERK")) == 20
    assert len(shown(rater, f"/inbox?q={nip}")) == 20
    assert len(shown(rater, "/inbox?q=division_head")) == 1
    assert "Tampilkan semua" in rater.client.get("/inbox?q=nobody").text


def test_who_serves_no_function_has_no_list_of_functions(rater: Seat) -> None:
    html = rater.client.get("/inbox?tab=roles").text

    assert "Peran saya" not in html
    assert "Milik saya" in html


def test_who_has_nothing_of_his_own_is_led_to_the_work_of_his_roles(
    desk: Desk, town: Town, seat: Seat
) -> None:
    seat.take("hr_officer")
    before = seat.client.get("/inbox").text

    add(desk, town, [{"assignee_id": None, "function": "hr"}])

    assert "Tugas peran Anda yang belum diambil" not in before
    assert "Tugas peran Anda yang belum diambil: 1" in seat.client.get("/inbox").text


def test_work_of_a_function_is_claimed_and_released(desk: Desk, town: Town, seat: Seat) -> None:
    (item,) = add(desk, town, [{"assignee_id": None, "function": "hr"}])
    seat.take("hr_officer")
    assert shown(seat, "/inbox?tab=roles") == [f"/work-items/{item}"]

    seat.post(f"/work-items/{item}/claim")

    assert (shown(seat, "/inbox?tab=roles"), len(shown(seat, "/inbox"))) == ([], 1)
    seat.take("hr_colleague")
    assert seat.post(f"/work-items/{item}/claim").status_code == 409
    assert len(shown(seat, "/inbox?tab=roles&held=taken")) == 1
    seat.take("hr_officer").post(f"/work-items/{item}/release")
    assert len(shown(seat, "/inbox?tab=roles")) == 1


def test_an_order_for_many_tasks_tells_the_result_of_each(
    desk: Desk, town: Town, seat: Seat
) -> None:
    items = add(desk, town, [{"assignee_id": EmployeeId("division_head")}] * 2)
    seat.take("hr_officer")

    asked = seat.post("/inbox/bulk", op="choose", item=items)
    unknown = seat.post("/inbox/bulk", op="reassign", item=items, who="Tidak", reason="Pindah.")
    named = seat.post("/inbox/bulk", op="reassign", item=items, who="Nama", reason="Pindah.")
    done = seat.post(
        "/inbox/bulk", op="reassign", item=items, who="Nama department_head", reason="Pindah."
    )
    again = seat.post("/inbox/bulk", op="remind", item=items)

    assert (asked.status_code, unknown.status_code, named.status_code) == (200, 422, 422)
    assert "Tidak ada pegawai aktif" in unknown.text
    assert named.text.count('type="radio"') == 8
    assert done.text.count('<span class="tag ok">selesai</span>') == 2
    assert again.text.count('<span class="tag ok">selesai</span>') == 2


def test_the_appraised_person_is_refused_in_the_result(desk: Desk, town: Town, seat: Seat) -> None:
    items = add(desk, town, [{"assignee_id": EmployeeId("division_head")}])
    seat.take("hr_officer")

    done = seat.post("/inbox/bulk", op="reassign", item=items, who="Nama clerk", reason="Pindah.")

    assert '<span class="tag bad">ditolak</span>' in done.text


def test_a_filter_is_kept_shown_and_forgotten(rater: Seat) -> None:
    rater.post("/inbox/filters", name="Terlambat <b>", query="due=overdue")

    html = rater.client.get("/inbox?panel=1").text
    assert '<a class="chip saved-filter" href="/inbox?due=overdue">Terlambat &lt;b&gt;' in html
    forget = re.search(r'action="(/inbox/filters/[^"]+/forget)"', html)[1]
    rater.post(forget)
    assert "saved-filter" not in rater.client.get("/inbox").text


def test_hr_shares_a_filter_with_a_function(seat: Seat) -> None:
    fields = {"name": "Semua terlambat", "query": "tab=all&due=overdue"}
    seat.take("hr_officer").post("/inbox/filters", more={"for": "hr"}, **fields)

    assert "Semua terlambat" in seat.take("hr_colleague").client.get("/inbox").text
    assert "Semua terlambat" not in seat.take("clerk").client.get("/inbox").text
    assert seat.post("/inbox/filters", more={"for": "hr"}, **fields).status_code == 404


def test_the_receipt_offers_the_next_task_and_to_take_the_answers_back(rater: Seat) -> None:
    rater.take("analyst")
    item = rater.item()
    send(rater, item)

    receipt = rater.client.get(f"{item}/receipt").text
    assert "Tarik kembali" in receipt
    again = rater.post(f"{item}/recall")

    assert again.status_code == 200
    assert 'value="98,5"' in again.text
    assert "Tarik kembali" not in rater.client.get(f"{item}/receipt").text


def test_the_next_task_of_the_list_follows_the_receipt(desk: Desk, town: Town, seat: Seat) -> None:
    add(desk, town, [{"assignee_id": EmployeeId("analyst")}] * 2)
    seat.take("analyst")
    item = next(a for a in shown(seat, "/inbox?q=analyst"))
    send(seat, item)

    seat.client.get("/inbox?due=none")
    html = seat.client.get(f"{item}/receipt").text

    assert "Tugas berikutnya" in html


def test_a_delegate_is_asked_for_by_name(desk: Desk, town: Town, seat: Seat) -> None:
    (item,) = add(desk, town, [{"assignee_id": EmployeeId("division_head")}])
    seat.take("division_head")
    assert "Minta disiapkan" in seat.client.get(f"/work-items/{item}/hand-on").text

    seat.post(f"/work-items/{item}/hand-on", op="delegate", who="Nama auditor", reason="Cuti.")

    assert f"/work-items/{item}" not in shown(seat, "/inbox")
    assert len(shown(seat.take("auditor"), "/inbox")) == 1
    seat.post(f"/work-items/{item}/return")
    assert shown(seat, "/inbox") == []


def test_who_prepares_a_rating_is_said_before_and_when_refused(
    desk: Desk, town: Town, seat: Seat
) -> None:
    rating = {"element_id": "supervisor_review", "role": "rater"}
    (item,) = add(desk, town, [{"assignee_id": EmployeeId("division_head"), **rating}])
    seat.take("division_head")
    rule = "Langkah yang memuat rating hanya disiapkan oleh pejabat di atas pegawai"

    page = seat.client.get(f"/work-items/{item}/hand-on").text
    refused = seat.post(
        f"/work-items/{item}/hand-on", op="delegate", who="Nama auditor", reason="Cuti."
    )

    assert rule in page
    assert (refused.status_code, rule in refused.text) == (403, True)


def test_the_page_is_light(rater: Seat) -> None:
    page = gzip.compress(rater.client.get("/inbox").content, 6)
    style = gzip.compress((ROOT / "api/static/app.css").read_bytes(), 6)

    assert len(page) <= 4 * 1024
    assert len(page) + len(style) <= 25 * 1024


def test_a_longer_list_asks_no_more_of_the_database(desk: Desk, town: Town, seat: Seat) -> None:
    seat.take("division_head")
    with statements() as few:
        seat.client.get("/inbox")
    add(desk, town, [{"assignee_id": EmployeeId("division_head")}] * MANY)
    with statements() as many:
        seat.client.get("/inbox")

    # The names of those who hold the tasks are one question more.
    assert len(many) <= len(few) + 1


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def test_hr_may_keep_a_filter_for_the_holders_of_a_function(town: Town, seat: Seat) -> None:
    officer = seat.take("hr_officer")

    answer = officer.client.get("/inbox?tab=all&panel=1")

    assert answer.status_code == 200
    assert '<option value="operator">' in answer.text
