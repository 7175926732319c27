"""An agency of its own, as the README starts one: its people, their plans, and who comes in."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, Page, expect

from api.workbooks import XLSX, Cell, Column, SheetTable, workbook
from tests.journeys.site import Prepared, Site, alur, served
from tests.journeys.walker import Walker

PASSWORD = "kopi pahit di teras"
PIN = "907351"
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b")
STAFF = 10


@dataclass(frozen=True)
class Person:
    """Somebody of the agency."""

    name: str
    nip: str


def _person(name: str, number: int) -> Person:
    return Person(name, f"198503{number:02d}200901{1 + number % 2}{number:03d}")


OFFICER = _person("Ratna Wulandari", 1)
SECRETARY = _person("Bambang Hartono", 2)
HEAD = _person("Yusuf Siregar", 3)
RATER = _person("Dewi Lestari", 4)
OPERATOR = _person("Agus Salim", 5)
AUDITOR = _person("Maria Tambunan", 6)
EMPLOYEES = tuple(_person(f"Pegawai {chr(65 + place)}", 10 + place) for place in range(STAFF))
EMPLOYEE, UNLED = EMPLOYEES[0], EMPLOYEES[-1]

PEOPLE_HEADINGS = (
    "No Induk", "Nama Lengkap Gelar", "Status", "Satuan Kerja", "Satuan Kerja Atas",
    "Jabatan Terakhir", "No Induk Atasan", "Memimpin",
)  # fmt: skip
SECRETARIAT, OFFICE, DIVISION = "Sekretariat Daerah", "Dinas Penanaman Modal", "Bidang Perizinan"
PLAN_HEADINGS = ("NIP", "RHK", "Jenis", "Indikator", "Target", "Satuan", "Arah")
PLAN = (
    ("Layanan izin tepat waktu", "utama", "Izin selesai", "100", "%", "naik"),
    ("Aduan ditanggapi", "utama", "Lama menanggapi", "3", "hari", "turun"),
    ("Panitia hari jadi", "tambahan", "Laporan", "satu laporan", "laporan", "naik"),
)


def people_sheet() -> FilePayload:
    """The people under the headings of another application; two rows cannot be."""
    rows: list[tuple[Cell, ...]] = [
        _row(SECRETARY, SECRETARIAT, "", "Sekretaris Daerah", None, "ya"),
        _row(HEAD, OFFICE, SECRETARIAT, "Kepala Dinas", SECRETARY, "ya"),
        _row(RATER, DIVISION, OFFICE, "Kepala Bidang", HEAD, "ya"),
        _row(OPERATOR, DIVISION, OFFICE, "Pengelola Data", RATER, ""),
        _row(AUDITOR, SECRETARIAT, "", "Auditor", SECRETARY, ""),
        *(
            _row(who, DIVISION, OFFICE, "Analis Perizinan", None if who == UNLED else RATER, "")
            for who in EMPLOYEES
        ),
        _row(Person("Salah Lahir", "199002302015022001"), DIVISION, OFFICE, "Analis", RATER, ""),
        ("198503302009011077", "Salah Jenis", "honorer", DIVISION, OFFICE, "Analis", "", ""),
    ]
    return _sheet("pegawai.xlsx", PEOPLE_HEADINGS, rows)


def _row(
    who: Person, unit: str, above: str, post: str, over: Person | None, heads: str
) -> tuple[Cell, ...]:
    return who.nip, who.name, "PNS", unit, above, post, over.nip if over else "", heads


def plan_sheet() -> FilePayload:
    """Three result plans for each of the ten."""
    return _sheet(
        "skp.xlsx", PLAN_HEADINGS, [(who.nip, *line) for who in EMPLOYEES for line in PLAN]
    )


def _sheet(name: str, headings: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> FilePayload:
    table = SheetTable("Lembar", tuple(Column(heading) for heading in headings), rows)
    content = workbook([table], made_at=datetime.now(UTC))
    return FilePayload(name=name, mimeType=XLSX, buffer=content)


@contextmanager
def founded(data: Path) -> Iterator[tuple[Site, str]]:
    """`alur init`, `deploy` and `serve`: the site, and the code of the first sign-in."""
    init = alur(
        "init", "--name", "Pemerintah Kabupaten Contoh", "--person", OFFICER.name,
        "--nip", OFFICER.nip, "--data", str(data),
    )  # fmt: skip
    assert init.returncode == 0, init.stderr
    deployed = alur("deploy", "national", "--data", str(data))
    assert deployed.returncode == 0, deployed.stderr
    found = CODE.search(init.stdout)
    assert found, init.stdout
    with served(data) as address:
        yield Site(address, Prepared(data, {}, {})), found[0]


def window(browser: Browser, site: Site, *, phone: bool = False) -> Walker:
    """A window of somebody's own: wide with scripts, or a phone without."""
    context = browser.new_context(
        viewport={"width": 390 if phone else 1280, "height": 800},
        java_script_enabled=not phone,
        base_url=site.address,
    )
    about = re.compile(f"{EMPLOYEE.name}|Anda sendiri")
    return Walker(context.new_page(), site, scripts=not phone, about=about)


def come_in(walker: Walker, who: Person, code: str, *, pin: str = "") -> None:
    """Set a password with a one-time code, then sign in with it."""
    page = walker.page
    walker.go("/activate")
    page.get_by_label("NIP").fill(who.nip)
    page.get_by_label("Kode sekali pakai").fill(code)
    page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    page.get_by_label("Ulangi kata sandi baru").fill(PASSWORD)
    page.locator("#pin").fill(pin)
    walker.press("Simpan kata sandi")
    page.get_by_label("NIP").fill(who.nip)
    page.locator("#password").fill(PASSWORD)
    walker.press("Masuk")
    expect(page.locator("h1")).to_have_text("Tugas saya")


def codes_on_cards(page: Page) -> dict[str, str]:
    """The one-time codes of the printed cards by name."""
    cards = page.locator("article.card")
    return {
        card.locator("h2").inner_text(): card.locator(".one-time").inner_text()
        for card in cards.all()
    }
