"""What must not be stored is refused in its own words, by form and by program alike."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from engine.commands.desk import Desk
from engine.commands.evidence import MAX_BYTES
from engine.domain.citizen_survey import ELEMENTS
from engine.rules.numbers import format_number, to_jsonable
from engine.store import tables, work_items
from tests.cases import NOW
from tests.logs import NOW as LOG_NOW
from tests.logs import office_with_logs
from tests.office import ROOT
from tests.ready import Offices, offices, session_folder
from tests.surveys import links, opened
from tests.web.conftest import PDF, Clock, Seat, Town, seated
from tests.web.test_programs import Program
from tests.web.test_work_pages import filled, hidden
from tests.workflows.promises import run_until
from tests.workflows.scenario import Scenario, overlaid, read_path

__all__ = ["offices", "session_folder"]

PAPER = {"kind": "paper", "number": "DOK-1"}
PEERS = [
    {"nip": "$nip.analyst", "relation": "same_team"},
    {"nip": "$nip.official", "relation": "cross_unit"},
]
TRAINING = {
    "title": "Pelatihan layanan", "provider": "BKPSDM", "completed_on": "2024-12-30", "hours": 20,
    "evidence": [PAPER],
}  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """Answers that a system refuses at a step of its plain path, and its sentences by place.

    They stand in the place of those of the path; lists row by row over its own.
    """

    system: str
    element: str
    person: str
    answers: Mapping[str, Any]
    refused: Mapping[str, str]


def unfounded(
    system: str, rated: str, reason: str, evidence: str, element: str = "rate_indicators"
) -> Limit:
    """A rating at an end of the scale without its reason and its evidence."""
    name, _, value = rated.partition(" ")
    stem = "" if element != "rate_indicators" else f"{name.removesuffix('_rating')}_"
    refused = {f"{stem}reason": reason, f"{stem}evidence": evidence}
    given = {name: int(value), f"{stem}reason": "", f"{stem}evidence": []}
    return Limit(system, element, "rater", given, refused)


SPOKEN = ("Alasan penilaian komunikasi wajib diisi.", "Bukti penilaian komunikasi wajib diisi.")
DRAFTED = ("Alasan rating perilaku wajib diisi.", "Bukti rating perilaku wajib diisi.")
ENDS = ("Alasan nilai 1 atau 5 wajib diisi.", "Bukti dukung wajib diisi.")
LIMITS = {
    "weights of 99": Limit(
        "salatiga", "set_indicators", "rater", {"rows": [{"weight": 34}]},
        {"rows": "Jumlah bobot harus 100."},
    ),
    "training before the period": Limit(
        "salatiga", "self_assessment", "subject", {"trainings": [TRAINING]},
        {
            "trainings.0.completed_on": "Pelatihan lain yang belum dicatat, baris 1: "
            "Pelatihan ini selesai sebelum periode penilaian."
        },
    ),
    "two peers": Limit(
        "gayungan", "propose_peers", "hr", {"rows": PEERS, "few_reason": "Unit kecil, dua rekan."},
        {"rows": "Rekan yang diusulkan paling sedikit 3; sekarang 2."},
    ),
    "a 1 in Walesi": unfounded("walesi", "communication 1", *SPOKEN),
    "a 5 in Walesi": unfounded("walesi", "communication 5", *SPOKEN),
    "a 1 in Salatiga": unfounded(
        "salatiga", "quality 1", "Alasan rating kualitas wajib diisi.",
        "Bukti kualitas wajib diisi.",
    ),
    "a 5 in Salatiga": unfounded(
        "salatiga", "discipline 5", "Alasan rating disiplin wajib diisi.",
        "Bukti disiplin wajib diisi.",
    ),
    "a 1 in Jambi": unfounded(
        "jambi", "work_quality 1", "Alasan rating mutu kerja wajib diisi.",
        "Bukti mutu kerja wajib diisi.",
    ),
    "a 5 in Jambi": unfounded(
        "jambi", "team_contribution 5", "Alasan rating kontribusi dalam tim wajib diisi.",
        "Bukti kontribusi dalam tim wajib diisi.",
    ),
    "a 1 in Tanjungbalai": unfounded("tanjungbalai", "attitude_rating 1", *ENDS),
    "a 5 in Tanjungbalai": unfounded("tanjungbalai", "efficiency_rating 5", *ENDS),
    "a 1 in Gayungan": unfounded("gayungan", "behaviour_rating 1", *DRAFTED, "supervisor_draft"),
    "a 5 in Gayungan": unfounded("gayungan", "behaviour_rating 5", *DRAFTED, "supervisor_draft"),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A browser at a step that waits for somebody, with what he would answer."""

    seat: Seat
    person: str
    item: str
    answers: Mapping[str, Any]
    scenario: Scenario

    def by_form(self, answers: Mapping[str, Any]) -> Any:
        """Send the form as a browser does."""
        page = f"/work-items/{self.item}"
        shown = self.seat.take(self.person).client.get(page).text
        kept = {name: hidden(shown, name) for name in ("_version", "_revision", "_key")}
        token = hidden(shown, "csrf_token")
        fields = {**kept, **dict(flat(answers)), "_op": "send", "csrf_token": token}
        return self.seat.client.post(page, data=fields)

    def by_program(self, answers: Mapping[str, Any]) -> Any:
        """Hand in the same as a program."""
        program = Program(self.seat, self.person)
        given = {"answers": to_jsonable(answers)}
        return program.send("POST", f"/work-items/{self.item}/completion", given)

    @property
    def is_open(self) -> bool:
        """Whether the step still waits."""
        with self.scenario.office.desk.store.reading(self.scenario.office.agency_id) as tx:
            return work_items.get(tx, self.item).state == "open"


@pytest.fixture
def at(offices: Offices) -> Iterator[Any]:
    """A place at a step of the plain path of a system."""
    opened: list[TestClient] = []

    def sit(system: str, element: str, role: str) -> Place:
        office = offices.open(system)
        scenario = Scenario(office, read_path(ROOT / f"workflows/{system}/paths/plain.json"))
        run_until(scenario, element)
        clock = Clock(scenario.now)
        client = TestClient(create_app(office.desk, Settings(demo=True), clock=clock))
        opened.append(client.__enter__())
        item = scenario._item(element)
        person = scenario._person(role, item)
        told = next(s["with"] for s in scenario.path["steps"] if s.get("complete") == element)
        whole = scenario._filled(item, scenario._actor(person), scenario._told(told))
        return Place(Seat(client, {}, clock), person, item.id, whole, scenario)

    yield sit
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def log(offices: Offices) -> Iterator[Seat]:
    """A browser in front of an office whose analyst keeps a daily log."""
    with seated(office_with_logs(offices).desk, LOG_NOW) as seat:
        yield seat


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Answers as the fields of a page."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield f"{path}.{place}._row", "1"
            yield from flat(inner, f"{path}.{place}")
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    elif isinstance(value, Decimal | int):
        yield path, format_number(Decimal(value))
    elif value is not None:
        yield path, str(value)


def cut(value: Any, wrong: Any) -> Any:
    """The rows over which as many wrong ones are laid; all of them for one row with a change."""
    short = isinstance(wrong, list) and len(wrong) != 1
    return value[: len(wrong)] if short and isinstance(value, list) else value


def spoken(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("name", LIMITS)
def test_an_answer_beyond_its_limit_is_refused_by_form_and_program_alike(at: Any, name: str):
    limit = LIMITS[name]
    place = at(limit.system, limit.element, limit.person)
    told = place.scenario._told(limit.answers)
    base = {name: cut(value, told.get(name)) for name, value in place.answers.items()}
    wrong = overlaid(base, told)

    by_program, by_form = place.by_program(wrong), place.by_form(wrong)

    found = {one["place"]: one["sentence"] for one in by_program.json()["findings"]}
    assert (by_program.status_code, found) == (422, limit.refused)
    assert by_form.status_code == 422
    for sentence in limit.refused.values():
        assert sentence in spoken(by_form.text)
    assert place.is_open


FILES = {
    "of a forbidden kind": (b"<script>", "Menurut isinya, berkas ini bukan PDF"),
    "too large": (PDF + b"x" * MAX_BYTES, "Berkas ini lebih dari 10 MB."),
}


@pytest.mark.parametrize("wrong", FILES)
def test_evidence_is_refused_by_content_and_size_in_form_and_program_alike(seat: Seat, wrong: str):
    content, sentence = FILES[wrong]
    program = Program(seat, "analyst")
    item = f"/work-items/{program.item()['id']}"
    sent = {"rows.0.evidence.file": ("laporan.pdf", content, "application/pdf")}

    by_program = program.file("POST", f"{item}/evidence?name=laporan.pdf", content)
    by_form = seat.client.post(item, data=filled(seat, item, "upload:rows.0.evidence"), files=sent)

    assert (by_program.status_code, by_form.status_code) == (422, 422)
    assert sentence in by_program.json()["detail"]
    assert sentence in spoken(by_form.text)
    assert "/evidence/" not in seat.client.get(item).text


ACTIVITY = {"day": "2026-03-04", "minutes": 90, "quantity": 3}
DAYS = {
    "late without a reason": ({"day": "2026-02-27"}, "late_reason", "perlu alasan, sedikitnya"),
    "outside the period": ({"day": "2025-12-31"}, "day", "di luar periode"),
    "in the future": ({"day": "2026-03-05"}, "day", "belum tiba"),
    "in a locked month": ({"day": "2026-01-30"}, "day", "terkunci"),
    "a day of too many minutes": ({"minutes": 721}, "minutes", "dari 5 sampai 720"),
}


@pytest.mark.parametrize("wrong", DAYS)
def test_a_day_of_the_log_is_refused_by_form_and_program_alike(log: Seat, wrong: str):
    changes, place, sentence = DAYS[wrong]
    given = {**ACTIVITY, **changes}
    cycle = hidden(log.take("analyst").client.get("/daily-log").text, "cycle")
    words = "Memeriksa berkas izin usaha"

    by_form = log.post("/daily-log", more={**given, "activity": words, "cycle": cycle})
    by_program = Program(log, "analyst").send(
        "POST", "/daily-log/entries", {**given, "text": words, "cycle_id": cycle}
    )

    found = {one["place"]: one["sentence"] for one in by_program.json()["findings"]}
    assert (by_program.status_code, by_form.status_code) == (422, 422)
    assert sentence in found[place]
    assert found[place] in spoken(by_form.text)
    assert log.client.get("/api/v1/daily-log").json()[0]["entries_this_month"] == 0


NIP = "198001012010011006"
SHEETS = {
    "complaints": (
        "Tanggal Diterima;Unit;Kategori;Tanggal Selesai;Selesai Sekali Tangani",
        ("2025-12-01;Bidang Perizinan;lambat;;", "2025-12-02;Bidang Lain;lambat;;"),
        [
            {"received": "2025-12-01", "unit": "Bidang Perizinan", "category": "lambat"},
            {"received": "2025-12-02", "unit": "Bidang Lain", "category": "lambat"},
        ],
    ),
    "attendance": (
        "NIP;Bulan;Hari Wajib Kerja;Hari Hadir",
        (f"{NIP};2025-12;20;18", f"{NIP};2025-11;20;21"),
        [
            {"nip": NIP, "month": "2025-12", "duty": 20, "present": 18},
            {"nip": NIP, "month": "2025-11", "duty": 20, "present": 21},
        ],
    ),
    "training": (
        "NIP;Pelatihan;Penyelenggara;JP;Tanggal Selesai;Nomor Sertifikat",
        (f"{NIP};Layanan;BKPSDM;20;2025-06-30;S-1", f"{NIP};Layanan;BKPSDM;20;2027-06-30;S-2"),
        [
            {"nip": NIP, "course": "Layanan", "provider": "BKPSDM", "hours": 20,
             "on": day, "certificate": number}
            for day, number in (("2025-06-30", "S-1"), ("2027-06-30", "S-2"))
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHEETS)
def test_figures_are_stored_whole_or_not_at_all_by_sheet_and_program_alike(
    seat: Seat, desk: Desk, town: Town, kind: str
):
    headings, lines, rows = SHEETS[kind]
    program = Program(seat, "hr_officer")
    content = "\n".join((headings, *lines)).encode()

    by_program = program.send("POST", f"/figures/{kind}", {"rows": rows})
    sheet = seat.post("/imports", more={"kind": kind}, files={"sheet": ("a.csv", content)})
    seal = hidden(sheet.text, "seal") if 'name="seal"' in sheet.text else ""
    refused = seat.post(sheet.url.path, op="confirm", seal=seal)

    (found,) = by_program.json()["findings"]
    assert by_program.status_code == 422
    assert found["sentence"].startswith("Baris 2: ")
    assert found["sentence"].removeprefix("Baris 2: ").lower() in spoken(sheet.text).lower()
    assert "Tersimpan" not in spoken(refused.text)
    with desk.store.reading(town.office.agency_id) as tx:
        assert tx.connection.execute(select(tables.measured_fact)).all() == []


def test_a_sheet_that_cannot_be_read_is_refused_in_words_about_sheets(seat: Seat) -> None:
    seat.take("hr_officer")
    latin = "NIP;Nama\n1;Ren\xe9".encode("latin-1")

    page = seat.post("/imports", more={"kind": "people"}, files={"sheet": ("pegawai.csv", latin)})

    assert page.status_code == 422
    assert "Simpan ulang sebagai CSV UTF-8" in spoken(page.text)


def test_a_link_of_the_survey_is_good_once(offices: Offices) -> None:
    office = offices.open("window")
    link = f"/survey/{links(office, opened(office))[0]}"
    given = {**dict.fromkeys(map(str, ELEMENTS), "3"), "service": "2", "visited_on": "2026-01-05"}

    with seated(office.desk, NOW) as seat:
        first, second = (seat.client.post(link, data=given) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 404)
    assert "jawaban Anda sudah kami terima" in spoken(second.text)
