"""Figures of other books by the page of sheets and for programs: the same rules, the same words."""

from lxml import html

from tests.web.conftest import Seat
from tests.web.test_programs import Program

HEADER = "Tanggal Diterima;Unit;Kategori;Tanggal Selesai;Selesai Sekali Tangani;NIP"
GOOD = "2025-12-01;Bidang Perizinan;lambat;2025-12-03;ya;198001012010011006"
BAD = "2025-12-02;Bidang Lain;lambat;;;"
ROW = {"received": "2025-12-01", "unit": "Bidang Perizinan", "category": "lambat"}
DAYS = {"nip": "198001012010011006", "month": "2025-12", "duty": 20, "present": 18}
COURSE = {
    "nip": "198001012010011006", "course": "Komunikasi", "provider": "BKPSDM", "hours": 7.5,
    "on": "2025-06-30", "certificate": "S-1",
}  # fmt: skip


def sent(seat: Seat, *rows: str) -> str:
    """The address of a sheet of complaints that was sent."""
    content = "\n".join((HEADER, *rows)).encode()
    form = {"csrf_token": seat.token(), "kind": "complaints"}
    file = {"sheet": ("pengaduan.csv", content, "text/csv")}
    answer = seat.client.post("/imports", data=form, files=file, follow_redirects=False)
    return str(answer.headers["location"])


def confirm(seat: Seat, path: str) -> str:
    page = html.fromstring(seat.client.get(path).text)
    form = {
        "csrf_token": seat.token(), "op": "confirm",
        "seal": page.xpath('string(//input[@name="seal"]/@value)'),
    }  # fmt: skip
    return seat.client.post(path, data=form).text


def test_a_sheet_with_a_bad_row_offers_no_button_and_names_row_and_column(seat: Seat) -> None:
    seat.take("hr_officer")

    path = sent(seat, GOOD, BAD)
    page = html.fromstring(seat.client.get(path).text)

    assert not page.xpath('//button[@value="confirm"]')
    (row,) = page.xpath('//section[@aria-labelledby="bad"]//tbody/tr')
    assert [cell.text_content().strip() for cell in row][:2] == ["3", "Unit"]
    assert "Tidak ada isi lembar ini yang disimpan" in page.text_content()
    assert "disimpan" not in confirm(seat, path).partition('role="status"')[2][:60]


def test_a_whole_sheet_is_stored_and_the_page_says_so(seat: Seat) -> None:
    seat.take("hr_officer")

    stored = confirm(seat, sent(seat, GOOD))
    again = html.fromstring(seat.client.get(sent(seat, GOOD)).text)

    told = html.fromstring(stored).xpath('string(//p[@role="status"])')
    assert told == "Tersimpan: 1 baris."
    tiles = {tile.xpath("string(span)"): tile.xpath("string(b)")
             for tile in again.xpath('//div[@class="tiles"]/div')}  # fmt: skip
    assert [name for name, count in tiles.items() if count == "1"] == ["baris sudah tersimpan"]


def test_before_a_correction_the_page_says_how_much_it_replaces(seat: Seat) -> None:
    seat.take("hr_officer")
    confirm(seat, sent(seat, GOOD, GOOD.replace("2025-12-01", "2025-12-02")))

    page = html.fromstring(seat.client.get(sent(seat, GOOD)).text)

    assert "Catatan lama yang tidak berlaku lagi: 2." in page.text_content()


def test_a_template_fits_what_is_read(seat: Seat) -> None:
    seat.take("hr_officer")

    for kind in ("complaints", "attendance", "training"):
        page = seat.client.get(f"/imports?kind={kind}")
        file = seat.client.get(f"/imports/template?kind={kind}&form=csv")

        named = html.fromstring(page.text).xpath('//td[@class="full strong"]/span[1]/text()')
        assert file.text.lstrip("\ufeff").splitlines()[0].replace('"', "").split(";") == named


def test_programs_bring_figures_in_by_the_same_rules(seat: Seat) -> None:
    hr = Program(seat, "hr_officer")

    first = hr.send("POST", "/figures/complaints", {"rows": [ROW]})
    again = hr.send("POST", "/figures/complaints", {"rows": [ROW]})
    closed = hr.send(
        "POST", "/figures/complaints",
        {"rows": [ROW | {"closed": "2025-12-04", "right_first": True}]},
    )  # fmt: skip
    wrong = hr.send("POST", "/figures/complaints", {"rows": [ROW, ROW | {"unit": "Bidang Lain"}]})

    assert first.json() == {"stored": 1, "replaced": 0, "repairs_opened": 0}
    assert again.json() == {"stored": 0, "replaced": 0, "repairs_opened": 0}
    assert closed.json() == {"stored": 1, "replaced": 1, "repairs_opened": 0}
    assert wrong.status_code == 422
    assert wrong.json()["findings"] == [
        {"place": "2:Unit", "sentence": "Baris 2: unit ini tidak ada."}
    ]


def test_days_of_attendance_and_hours_of_training_come_in_as_numbers(seat: Seat) -> None:
    hr = Program(seat, "hr_officer")

    days = hr.send("POST", "/figures/attendance", {"rows": [DAYS | {"leave": {"sick": 2}}]})
    absent = hr.send("POST", "/figures/attendance", {"rows": [DAYS | {"leave": {"sick": 3}}]})
    hours = hr.send("POST", "/figures/training", {"rows": [COURSE]})

    assert (days.json()["stored"], hours.json()["stored"]) == (1, 1)
    assert [one["place"] for one in absent.json()["findings"]] == ["1:Hari Hadir"]


def test_only_performance_officers_bring_figures_in(seat: Seat) -> None:
    clerk = Program(seat, "clerk")

    assert clerk.send("POST", "/figures/complaints", {"rows": [ROW]}).status_code == 404
